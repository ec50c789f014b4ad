package io.plimsoll.ops;

import io.plimsoll.ops.cli.CommandRunner;
import io.plimsoll.ops.cli.Terminal;

/**
 * The plimsoll command. What each subcommand does stands in a class of its own, client commands in {@code cli}, those
 * that run a part of the cluster in {@code server}.
 */
public final class Plimsoll
{
    private Plimsoll()
    {
    }

    /** Runs one command and exits with its code, also when threads of a library are left over. */
    public static void main(final String[] args)
    {
        final Terminal terminal = Terminal.ofProcess();
        final int exitCode = new CommandRunner(terminal).run(args);
        terminal.out().flush();
        System.exit(exitCode);
    }
}
