package io.plimsoll.agent.terminal;

import java.util.List;

/**
 * What somebody wants to run beside a kernel.
 *
 * @param command   program and arguments.
 * @param variables {@code NAME=value}, on top of the kernel's.
 * @param directory to start in; empty: where the kernel did.
 * @param user      to run as; empty: as whom the kernel runs.
 * @param tty       whether it gets a pseudo-terminal.
 * @param input     whether it gets input; else that is empty.
 * @param rows      of the screen.
 * @param columns   of the screen.
 */
public record TerminalRequest(
    List<String> command,
    List<String> variables,
    String directory,
    String user,
    boolean tty,
    boolean input,
    int rows,
    int columns)
{
}
