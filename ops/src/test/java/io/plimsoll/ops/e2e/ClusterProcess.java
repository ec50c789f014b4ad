package io.plimsoll.ops.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A server command as a real process, started through the launcher as a user would. The launcher becomes the JVM, so
 * the process id is that of the JVM, and a kill is a kill.
 */
final class ClusterProcess implements AutoCloseable
{
    private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(120);

    private final String name;
    private final Process process;
    private final Path output;

    private ClusterProcess(final String name, final Process process, final Path output)
    {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /**
     * Starts one.
     *
     * @param workspace of the test.
     * @param name      for its output file and for messages.
     * @param prefix    words before the command, such as {@code ip netns exec NAME}; may be empty.
     * @param args      of plimsoll.
     */
    static ClusterProcess start(
        final Workspace workspace, final String name, final List<String> prefix, final String... args)
        throws IOException
    {
        final List<String> words = new ArrayList<>(prefix);
        words.add(Distribution.launcher().toString());
        words.addAll(List.of(args));
        final Path output = workspace.directory().resolve(name + ".out");
        final ProcessBuilder builder = new ProcessBuilder(words)
            .directory(workspace.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment(workspace));
        builder.environment().remove("PLIMSOLL_URL");
        builder.environment().remove("PLIMSOLL_TOKEN");
        return new ClusterProcess(name, builder.start(), output);
    }

    static Map<String, String> environment(final Workspace workspace)
    {
        return Map.of(
            "PLIMSOLL_NO_BUILD", "1",
            "PLIMSOLL_PLUGINS", workspace.plugins().toString(),
            "PLIMSOLL_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Duser.home=" + workspace.home());
    }

    long pid()
    {
        return process.pid();
    }

    boolean isAlive()
    {
        return process.isAlive();
    }

    /** SIGKILL, and waits until it is gone. */
    void kill() throws InterruptedException
    {
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGTERM, and waits until it is gone. */
    int terminate() throws InterruptedException
    {
        process.destroy();
        return awaitExit();
    }

    int awaitExit() throws InterruptedException
    {
        if (!process.waitFor(EXIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS))
        {
            throw new AssertionError(name + " has not exited: pid=" + process.pid() + "\n" + output());
        }
        return process.exitValue();
    }

    /** What it printed. */
    String output()
    {
        try
        {
            return Files.readString(output);
        }
        catch (final IOException ex)
        {
            return "(no output: " + ex + ")";
        }
    }

    @Override
    public void close()
    {
        process.destroy();
        try
        {
            if (!process.waitFor(EXIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS))
            {
                process.destroyForcibly().waitFor();
            }
        }
        catch (final InterruptedException ex)
        {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
