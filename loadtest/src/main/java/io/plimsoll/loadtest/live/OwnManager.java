package io.plimsoll.loadtest.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.loadtest.live.LoadException.Kind;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.http.ApiTarget;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A manager in a process of its own, so that what it uses is told apart from what the agents use, in a directory that
 * goes away with it. It is started through the launcher as a user would, and listens on the same ports in each life. It
 * ends with its standard input, which the system closes if this process ends by SIGKILL.
 */
public final class OwnManager implements LiveManager
{
    private static final long START_TIMEOUT_S = 300;
    /** It is given 20 s: what it would still write goes away with its directory. */
    private static final ProcessEnd END = new ProcessEnd(TimeUnit.SECONDS.toMillis(20), TimeUnit.SECONDS.toMillis(10));
    private static final String LOOPBACK = "127.0.0.1";
    private static final String SESSION_LEADER = "/usr/bin/setsid";

    private final Path directory;
    private final List<String> command;
    private Process process;
    private int apiPort;
    private int agentPort;
    /** -1: no binary ingress is asked for. */
    private int ingressPort;
    private ApiTarget api;
    private String token;
    private JoinToken joinToken;
    /** Whether it is not expected to run just now. */
    private boolean isRestarting = true;
    private boolean isClosed;
    private double cpuSecondsBefore;
    private double cpuSeconds;
    private long peakMemoryBytes;

    /**
     * Starts one, and returns once it listens.
     *
     * @param launcher   words before {@code manager}, such as the path of the launcher.
     * @param parent     in which its directory is made.
     * @param durability sync or async.
     * @param isBinary   whether it has a binary ingress as well.
     */
    public OwnManager(
        final List<String> launcher, final Path parent, final String durability, final boolean isBinary)
    {
        ingressPort = isBinary ? 0 : -1;
        try
        {
            directory = Files.createTempDirectory(parent, "plimsoll-loadtest");
        }
        catch (final IOException ex)
        {
            throw new LoadException(
                Kind.USAGE, "--work-dir: no directory for the manager can be made in " + parent + ": " +
                (Files.isDirectory(parent) ? ex.getMessage() : "it is no directory"));
        }
        command = new ArrayList<>();
        if (Files.isExecutable(Path.of(SESSION_LEADER)))
        {
            // Ctrl-C at the terminal is for the load test, which ends its manager when it is done with it.
            command.add(SESSION_LEADER);
        }
        command.addAll(launcher);
        command.addAll(List.of(
            "manager", "--data", data().toString(), "--durability", durability, "-o", "json", "--ends-with-input"));
        try
        {
            start();
        }
        catch (final LoadException ex)
        {
            close();
            throw ex;
        }
    }

    @Override
    public ApiTarget api()
    {
        return api;
    }

    @Override
    public Ingress ingress()
    {
        return ingressPort < 0 ? LiveManager.super.ingress() : Ingress.plain(LOOPBACK, ingressPort, token);
    }

    @Override
    public String agentHost()
    {
        return LOOPBACK;
    }

    @Override
    public int agentPort()
    {
        return agentPort;
    }

    @Override
    public JoinToken joinToken()
    {
        return joinToken;
    }

    @Override
    public synchronized ProcessFigures figures()
    {
        final ProcessFigures now = null == process ? null : ProcessFigures.of(process.pid());
        if (null == now)
        {
            // What it had used when it was last seen.
            return new ProcessFigures(cpuSecondsBefore + cpuSeconds, 0, peakMemoryBytes);
        }
        cpuSeconds = now.cpuSeconds();
        peakMemoryBytes = Math.max(peakMemoryBytes, now.peakMemoryBytes());
        return new ProcessFigures(cpuSecondsBefore + cpuSeconds, now.memoryBytes(), peakMemoryBytes);
    }

    @Override
    public synchronized Map<String, Double> threads()
    {
        return null == process ? Map.of() : ProcessFigures.threads(process.pid());
    }

    @Override
    public boolean mayBeKilled()
    {
        return true;
    }

    @Override
    public void killAndRestart()
    {
        synchronized (this)
        {
            isRestarting = true;
            cpuSecondsBefore = figures().cpuSeconds();
            cpuSeconds = 0;
            process.destroyForcibly();
            if (!END.await(process))
            {
                throw new LoadException(
                    Kind.UNREACHABLE, "the manager, process " + process.pid() + ", does not end though it was killed");
            }
            process = null;
        }
        start();
    }

    @Override
    public synchronized String gone()
    {
        if (isRestarting || process.isAlive())
        {
            return null;
        }
        final String report = ManagerLogs.crashReport(process.pid());
        return "the manager ended by itself, " + ManagerLogs.ending(process.exitValue()) +
            ManagerLogs.tail(directory, data().resolve("logs")) + (null == report ? "" : "; the JVM left " + report);
    }

    /** Ends it, and keeps its logs if it had ended by itself. */
    @Override
    public void close()
    {
        final boolean isGone = null != gone();
        kill(false);
        if (isGone)
        {
            ManagerLogs.keep(directory, data());
        }
        else
        {
            ManagerLogs.delete(directory);
        }
    }

    /** Ends it at once, with whatever it is doing. Any thread. */
    public void kill()
    {
        kill(true);
    }

    private void kill(final boolean isAtOnce)
    {
        final Process last;
        synchronized (this)
        {
            last = process;
            isRestarting = true;
            isClosed = true;
        }
        if (null != last && isAtOnce)
        {
            last.destroyForcibly();
        }
        else if (null != last)
        {
            last.destroy();
            END.await(last);
        }
    }

    private Path data()
    {
        return directory.resolve("data");
    }

    private void start()
    {
        final List<String> words = new ArrayList<>(command);
        words.addAll(List.of(
            "--listen", LOOPBACK + ":" + apiPort, "--agent-listen", LOOPBACK + ":" + agentPort));
        if (ingressPort >= 0)
        {
            words.addAll(List.of("--binary-listen", LOOPBACK + ":" + ingressPort));
        }
        final ProcessBuilder builder = new ProcessBuilder(words)
            .redirectError(ProcessBuilder.Redirect.appendTo(directory.resolve("manager.err").toFile()));
        builder.environment().put("PLIMSOLL_NO_BUILD", "1");
        try
        {
            final Process started;
            synchronized (this)
            {
                if (isClosed)
                {
                    throw new LoadException(Kind.UNREACHABLE, "ended before the manager had come up");
                }
                started = builder.start();
                process = started;
            }
            final JsonNode facts = facts(started);
            apiPort = ApiTarget.parse(facts.path("url").asText(), null).port();
            agentPort = facts.path("agentPort").asInt();
            token = read("token");
            api = ApiTarget.parse(facts.path("url").asText(), token);
            ingressPort = ingressPort < 0 ? ingressPort : facts.path("binaryPort").asInt();
            joinToken = JoinToken.parse(read("join-token"));
            synchronized (this)
            {
                isRestarting = false;
            }
        }
        catch (final IOException ex)
        {
            throw new LoadException(Kind.UNREACHABLE, "the manager cannot be started: " + ex.getMessage());
        }
    }

    /** The line with which it says that it runs. */
    private JsonNode facts(final Process started)
    {
        final CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> firstLine(started));
        try
        {
            final String text = line.get(START_TIMEOUT_S, TimeUnit.SECONDS);
            if (null != text)
            {
                return new ObjectMapper().readTree(text);
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new LoadException(Kind.UNREACHABLE, "ended before the manager had come up");
        }
        catch (final ExecutionException | TimeoutException | JsonProcessingException ex)
        {
            throw new LoadException(
                Kind.UNREACHABLE, "the manager does not say that it runs: " + ex.getMessage() + "; " + complaint());
        }
        throw new LoadException(Kind.UNREACHABLE, "the manager has not come up: " + complaint());
    }

    private static String firstLine(final Process started)
    {
        try
        {
            return new BufferedReader(
                new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8)).readLine();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private String complaint()
    {
        try
        {
            final String text = Files.readString(directory.resolve("manager.err"), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "it said nothing" : "it said: " + text.substring(0, Math.min(400, text.length()));
        }
        catch (final IOException ex)
        {
            return "what it said cannot be read";
        }
    }

    private String read(final String file) throws IOException
    {
        return Files.readString(data().resolve(file), StandardCharsets.UTF_8).strip();
    }
}
