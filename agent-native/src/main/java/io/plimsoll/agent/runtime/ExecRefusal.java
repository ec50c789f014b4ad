package io.plimsoll.agent.runtime;

import io.plimsoll.agent.terminal.TerminalException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What an engine writes where the output of a command should be, if it could not start that: it has taken the request
 * before it finds out. Whether it did is for the engine to say; that a command may write the same words itself.
 */
final class ExecRefusal
{
    private static final List<String> BEGINNINGS =
        List.of("OCI runtime exec failed", "unable to find user", "unable to find group", "exec failed");
    private static final int LENGTH_MAX = 4096;
    private static final List<String> PREFIXES = List.of(
        "OCI runtime exec failed: ", "exec failed: ", "unable to start container process: ");
    private static final String SUFFIX = ": unknown";

    private ExecRefusal()
    {
    }

    /** Whether the first output may be such a message; then it is kept back until the end. */
    static boolean isLikely(final byte[] firstOutput)
    {
        if (firstOutput.length > LENGTH_MAX)
        {
            return false;
        }
        final String text = new String(firstOutput, StandardCharsets.UTF_8);
        return BEGINNINGS.stream().anyMatch(text::startsWith);
    }

    /** The message in the words that we have for processes. */
    static TerminalException of(final byte[] output, final String program, final String directory)
    {
        String text = new String(output, StandardCharsets.UTF_8).strip();
        for (final String prefix : PREFIXES)
        {
            text = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        }
        text = text.endsWith(SUFFIX) ? text.substring(0, text.length() - SUFFIX.length()) : text;
        if (text.contains("chdir to cwd"))
        {
            return TerminalException.cannotStart(
                "working directory cannot be entered: " + directory + " (for the command " + program + ")");
        }
        if (text.contains("executable file not found") || text.endsWith("no such file or directory"))
        {
            return TerminalException.cannotStart("command not found: " + program + " (in the container)");
        }
        return TerminalException.cannotStart(
            text.endsWith("permission denied") ?
                "command is not executable: " + program : "the Docker Engine cannot start " + program + ": " + text);
    }
}
