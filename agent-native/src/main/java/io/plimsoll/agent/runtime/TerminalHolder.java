package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The terminal of a kernel that is a process. It has to outlive the agent, so it is held by script(1), which every host
 * has that has setsid(1): it reads the kernel's input, writes its output, and ends with its exit code. Stateless.
 */
final class TerminalHolder
{
    private static final String SCRIPT = "/usr/bin/script";
    private static final String SHELL = "SHELL";
    private static final String GIVEN_SHELL = "PLIMSOLL_SHELL";
    private static final String SH = "/bin/sh";
    private static final String TERMINALS = "/dev/pts/";
    private static final int O_NOCTTY = 0x100;

    private TerminalHolder()
    {
    }

    /**
     * Sees to the environment of a kernel with a terminal.
     *
     * @param variables of it; changed.
     * @return null if it can have one, else why not.
     */
    static String prepare(final Map<String, String> variables)
    {
        if (!Files.isExecutable(Path.of(SCRIPT)))
        {
            return "this host has no " + SCRIPT + " (package bsdutils), which holds the terminals of sessions";
        }
        variables.putIfAbsent("TERM", "xterm");
        // The holder takes the command to this one; the command itself gets back what it was to have.
        final String shell = variables.put(SHELL, SH);
        if (null != shell)
        {
            variables.put(GIVEN_SHELL, shell);
        }
        return null;
    }

    /** Command that runs another in a terminal of 24 lines. */
    static List<String> command(final List<String> command)
    {
        final StringBuilder line = new StringBuilder(
            "stty rows 24 cols 80; if [ -n \"$" + GIVEN_SHELL + "\" ]; then SHELL=$" + GIVEN_SHELL + "; unset " +
                GIVEN_SHELL + "; else unset " + SHELL + "; fi; exec");
        for (final String word : command)
        {
            line.append(" '").append(word.replace("'", "'\\''")).append('\'');
        }
        return List.of(SCRIPT, "-q", "-e", "-f", "-E", "always", "-c", line.toString(), "/dev/null");
    }

    /**
     * Says how large the screen is; whoever runs in it gets SIGWINCH.
     *
     * @param holder process id of the holder.
     */
    static void size(final int holder, final int rows, final int columns)
    {
        final String terminal = terminal(holder);
        final int fd = null == terminal ? -1 :
            Libc.open(terminal, Libc.O_RDWR | O_NOCTTY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        if (fd >= 0)
        {
            TerminalLibc.size(fd, rows, columns);
            Libc.close(fd);
        }
    }

    /** That of the holder's child; null: there is none yet, or no more. */
    private static String terminal(final int holder)
    {
        try
        {
            final String children = Files.readString(Path.of("/proc/" + holder + "/task/" + holder + "/children"));
            final int child = Integer.parseInt(children.strip().split(" ")[0]);
            final String name = Files.readSymbolicLink(Path.of("/proc/" + child + "/fd/0")).toString();
            return name.startsWith(TERMINALS) ? name : null;
        }
        catch (final IOException | NumberFormatException e)
        {
            return null;
        }
    }
}
