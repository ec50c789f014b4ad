package io.plimsoll.ops.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs client commands as real processes. */
final class Cli
{
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long TIMEOUT_SECONDS = 600;

    private final Workspace workspace;
    private final List<String> prefix;
    private final Map<String, String> environment = new HashMap<>();
    private Path data;

    Cli(final Workspace workspace, final String... prefix)
    {
        this.workspace = workspace;
        this.prefix = List.of(prefix);
    }

    /** Commands are those of clients of the manager on a data directory. */
    Cli on(final Path directory)
    {
        data = directory;
        return this;
    }

    Cli with(final String variable, final String value)
    {
        environment.put(variable, value);
        return this;
    }

    /** Runs one command to its end. */
    Outcome run(final String... args)
    {
        try
        {
            final Path out = Files.createTempFile(workspace.directory(), "cli", ".out");
            final Path err = Files.createTempFile(workspace.directory(), "cli", ".err");
            final Process process = start(out, err, args);
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
                throw new AssertionError(Arrays.toString(args) + " did not end; " + Files.readString(err));
            }
            return new Outcome(args, process.exitValue(), Files.readString(out), Files.readString(err));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new AssertionError(ex);
        }
    }

    /** Runs one command that has to succeed and answers what it printed. */
    String ok(final String... args)
    {
        final Outcome outcome = run(args);
        if (0 != outcome.exitCode())
        {
            throw new AssertionError(outcome.toString());
        }
        return outcome.out().strip();
    }

    JsonNode json(final String... args)
    {
        try
        {
            return MAPPER.readTree(ok(args));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Starts one command and leaves it to the caller. */
    Process start(final Path out, final Path err, final String... args) throws IOException
    {
        final List<String> words = new ArrayList<>(prefix);
        words.add(Distribution.launcher().toString());
        words.addAll(List.of(args));
        if (null != data)
        {
            words.addAll(words.size() - args.length + 1, List.of("--data", data.toString()));
        }
        final ProcessBuilder builder = new ProcessBuilder(words)
            .directory(workspace.directory().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
        builder.environment().remove("PLIMSOLL_URL");
        builder.environment().remove("PLIMSOLL_TOKEN");
        builder.environment().put("PLIMSOLL_NO_BUILD", "1");
        builder.environment().put("PLIMSOLL_JAVA_OPTS", "-Duser.home=" + workspace.home());
        builder.environment().putAll(environment);
        return builder.start();
    }

    static String read(final InputStream in) throws IOException
    {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /**
     * How a command ended.
     *
     * @param args     of plimsoll.
     * @param exitCode of the process.
     * @param out      its standard output.
     * @param err      its standard error.
     */
    record Outcome(String[] args, int exitCode, String out, String err)
    {
        @Override
        public String toString()
        {
            return "plimsoll " + String.join(" ", args) + "\nexit code " + exitCode + "\nstdout: " + out +
                "\nstderr: " + err;
        }
    }
}
