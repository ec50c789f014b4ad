package io.plimsoll.ops.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.util.function.IntUnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Joins a kernel's own output, and its input if it has any. */
@Command(
    name = "attach",
    description = {
        "Shows what a running session writes from now on, and exits with its exit code.",
        "Passes the standard input on, line by line, to a session that was submitted with --stdin.",
        "Ctrl-C, or the detach keys, leave it; the session goes on. In the terminal of one that was submitted with",
        "--tty Ctrl-C goes to the session, and only the detach keys leave it."},
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
        description = "Keys that leave it, besides Ctrl-C where that does; " + DetachKeys.DEFAULT + " by default.")
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
                end = hasTerminal(api) ? inTerminal(api, command, keys) : watched(api, command, keys);
            }
            else
            {
                start(api, command);
                command.started().thenAccept(bytes -> pump(command, bytes, typed -> typed));
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

    private boolean hasTerminal(final Api api)
    {
        return "true".equals(api.get("/v1/sessions/" + IdRanges.parseId(id)).text("tty"));
    }

    /** All keys but those to detach are the session's. */
    private RemoteCommand.End inTerminal(final Api api, final RemoteCommand command, final DetachKeys keys)
        throws InterruptedException
    {
        final LocalScreen[] taken = new LocalScreen[1];
        try (LocalScreen screen = LocalScreen.take(true, () -> RemoteTerminal.resized(taken[0], command)))
        {
            start(api, command);
            command.started().thenAccept(bytes ->
            {
                taken[0] = screen;
                RemoteTerminal.redraw(screen, command);
                pump(command, bytes, keys);
            });
            return command.await();
        }
    }

    private static void pump(final RemoteCommand command, final int bytes, final IntUnaryOperator checked)
    {
        if (bytes > 0)
        {
            command.pump(new FileInputStream(FileDescriptor.in), checked);
        }
    }

    /**
     * The keys are taken first: whoever sees output may press them at once. Whoever gives input types lines again; the
     * detach keys count with the end of theirs.
     */
    private RemoteCommand.End watched(final Api api, final RemoteCommand command, final DetachKeys keys)
        throws InterruptedException
    {
        final IntUnaryOperator leave = typed -> CONTROL_C == typed ? -1 : keys.applyAsInt(typed);
        final LocalScreen screen = LocalScreen.take(false, AttachCommand::nothing);
        try
        {
            start(api, command);
            command.started().thenAccept(bytes ->
            {
                if (bytes > 0)
                {
                    screen.giveLinesBack(() -> command.leave(RemoteCommand.End.DETACHED));
                    pump(command, bytes, leave);
                }
                else
                {
                    command.watch(new FileInputStream(FileDescriptor.in), leave);
                }
            });
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
