package io.plimsoll.ops.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
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
 */
public record Terminal(PrintStream out, PrintStream err, Map<String, String> environment, Path directory, Path home)
{
    /** The process's own. */
    public static Terminal ofProcess()
    {
        return new Terminal(
            new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
            System.getenv(),
            Path.of(System.getProperty("user.dir")),
            Path.of(System.getProperty("user.home")));
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
