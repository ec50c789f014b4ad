package io.plimsoll.ops.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.util.function.IntUnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Joins a kernel's own output. */
@Command(
    name = "attach",
    description = {
        "Shows what a running session writes from now on, and exits with its exit code.",
        "Ctrl-C, or the detach keys, leave it; the session goes on. Kernels read no input: see plimsoll exec -it."},
    footer = {
        "  plimsoll attach 17",
        "  plimsoll attach --kernel 1 17"})
final class AttachCommand extends ClientCommand
{
    private static final int CONTROL_C = 3;

    @Option(names = "--kernel", paramLabel = "N", description = "Which kernel of the session, from 0; 0 by default.")
    private int kernel;

    @Option(
        names = "--detach-keys",
        paramLabel = "KEYS",
        description = "Keys that leave it, besides Ctrl-C; " + DetachKeys.DEFAULT + " by default.")
    private String detachKeys = DetachKeys.DEFAULT;

    @Parameters(paramLabel = "ID", description = "Id of the session.")
    private String id;

    AttachCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api) throws InterruptedException
    {
        final DetachKeys keys = DetachKeys.parse(detachKeys);
        final RemoteCommand.End end;
        try (RemoteCommand command = new RemoteCommand(terminal().out(), terminal().err()))
        {
            if (Terminal.isScreen(0))
            {
                end = watched(api, command, keys);
            }
            else
            {
                start(api, command);
                end = command.await();
            }
        }
        if (RemoteCommand.End.DETACHED == end)
        {
            terminal().err().println("plimsoll: left; session " + id + " goes on");
            return ExitCode.OK;
        }
        if (end.isExited())
        {
            return end.exitCode();
        }
        throw end.asException();
    }

    private void start(final Api api, final RemoteCommand command)
    {
        command.start(api, RemoteOptions.path(id, "attach", kernel), null);
    }

    /** The keys are taken first: whoever sees output may press them at once. */
    private RemoteCommand.End watched(final Api api, final RemoteCommand command, final DetachKeys keys)
        throws InterruptedException
    {
        final IntUnaryOperator leave = typed -> CONTROL_C == typed ? -1 : keys.applyAsInt(typed);
        final LocalScreen screen = LocalScreen.take(false, AttachCommand::nothing);
        try
        {
            start(api, command);
            command.watch(new FileInputStream(FileDescriptor.in), leave);
            return command.await();
        }
        finally
        {
            screen.close();
        }
    }

    private static void nothing()
    {
        // The kernel has no screen.
    }
}
