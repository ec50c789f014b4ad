package io.plimsoll.ops.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command has around it; handed in so that tests can look at it.
 *
 * @param out         standard output, UTF-8 whatever the locale says.
 * @param err         standard error.
 * @param environment variables.
 * @param directory   current directory, absolute.
 * @param home        the user's home directory.
 * @param isWatched   whether standard error is a screen, and so may be written over.
 */
public record Terminal(
    PrintStream out, PrintStream err, Map<String, String> environment, Path directory, Path home, boolean isWatched)
{
    /** One that nobody watches. */
    public Terminal(
        final PrintStream out,
        final PrintStream err,
        final Map<String, String> environment,
        final Path directory,
        final Path home)
    {
        this(out, err, environment, directory, home, false);
    }

    /** The process's own. */
    public static Terminal ofProcess()
    {
        return new Terminal(
            new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
            System.getenv(),
            Path.of(System.getProperty("user.dir")),
            Path.of(System.getProperty("user.home")),
            isScreen(2));
    }

    /**
     * Whether a descriptor of this process is a terminal.
     *
     * @param descriptor 0 is standard input, 2 standard error.
     */
    static boolean isScreen(final int descriptor)
    {
        try
        {
            return Path.of("/proc/self/fd/" + descriptor).toRealPath().toString()
                .matches("/dev/(pts/.*|tty.*|console)");
        }
        catch (final IOException ex)
        {
            return null != System.console();
        }
    }

    /** A path as a shell would take it, a leading {@code ~} included. */
    public Path path(final String text)
    {
        if ("~".equals(text))
        {
            return home;
        }
        return text.startsWith("~/") ? home.resolve(text.substring(2)) : directory.resolve(text).normalize();
    }
}
