package io.plimsoll.ops.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command of the system to its end. */
final class Shell
{
    private static final long TIMEOUT_SECONDS = 600;

    private Shell()
    {
    }

    /** Runs a command that has to succeed and answers what it printed. */
    static String run(final String... command)
    {
        final Outcome outcome = exec(command);
        if (0 != outcome.exitCode())
        {
            throw new AssertionError(List.of(command) + " exited with " + outcome.exitCode() + ": " + outcome.output());
        }
        return outcome.output();
    }

    /** Runs a command that may fail. */
    static Outcome exec(final String... command)
    {
        try
        {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            final String output = Cli.read(process.getInputStream());
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
                throw new AssertionError(List.of(command) + " did not end");
            }
            return new Outcome(process.exitValue(), output);
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

    static boolean isRoot()
    {
        return "0".equals(run("id", "-u").strip());
    }

    /**
     * How a command ended.
     *
     * @param exitCode of it.
     * @param output   of both streams.
     */
    record Outcome(int exitCode, String output)
    {
    }
}
