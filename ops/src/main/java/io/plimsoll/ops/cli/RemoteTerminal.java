package io.plimsoll.ops.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jline.terminal.Size;

/** Runs a command beside a kernel with this process's own streams, in its terminal or without. */
final class RemoteTerminal
{
    private final Terminal terminal;

    RemoteTerminal(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    /** Runs it to its end and answers our exit code. */
    int run(final Api api, final String path, final Request request) throws InterruptedException
    {
        if (request.tty() && request.input() && !Terminal.isScreen(0))
        {
            throw new CliException(
                ExitCode.USAGE, "-t: the standard input is not a terminal; leave it out, and keep -i for a pipe");
        }
        final Map<String, Object> start = new LinkedHashMap<>();
        start.put("command", request.command());
        start.put("tty", request.tty());
        start.put("stdin", request.input());
        start.put("env", request.env());
        start.put("cwd", request.cwd());
        start.put("user", request.user());
        final DetachKeys keys = DetachKeys.parse(request.detachKeys());
        try (RemoteCommand command = new RemoteCommand(terminal.out(), terminal.err()))
        {
            return request.tty() && Terminal.isScreen(0) ?
                inScreen(api, path, start, request, command, keys) : plain(api, path, start, request, command);
        }
    }

    private int plain(
        final Api api,
        final String path,
        final Map<String, Object> start,
        final Request request,
        final RemoteCommand command) throws InterruptedException
    {
        command.start(api, path, start);
        if (request.input())
        {
            command.pump(new FileInputStream(FileDescriptor.in), typed -> typed);
        }
        return exitCode(command.await());
    }

    private int inScreen(
        final Api api,
        final String path,
        final Map<String, Object> start,
        final Request request,
        final RemoteCommand command,
        final DetachKeys keys) throws InterruptedException
    {
        if (null != terminal.environment().get("TERM"))
        {
            final Map<String, String> env = new LinkedHashMap<>();
            env.put("TERM", terminal.environment().get("TERM"));
            env.putAll(request.env());
            start.put("env", env);
        }
        final LocalScreen[] taken = new LocalScreen[1];
        final RemoteCommand.End end;
        try (LocalScreen screen = LocalScreen.take(true, () -> resized(taken[0], command)))
        {
            final Size size = screen.size();
            start.put("rows", Math.max(1, size.getRows()));
            start.put("columns", Math.max(1, size.getColumns()));
            command.start(api, path, start);
            command.started().thenRun(() ->
            {
                // Whatever has changed since the size was read, and from now on.
                taken[0] = screen;
                resized(screen, command);
            });
            if (request.input())
            {
                command.pump(new FileInputStream(FileDescriptor.in), keys);
            }
            end = command.await();
        }
        if (RemoteCommand.End.DETACHED == end)
        {
            terminal.err().println("plimsoll: left; the command is ended, the session goes on");
        }
        return exitCode(end);
    }

    /** Whoever runs there draws anew, even if the size is the one that it knows. */
    static void redraw(final LocalScreen screen, final RemoteCommand command)
    {
        final Size size = screen.size();
        command.resize(size.getRows() + 1, Math.max(1, size.getColumns()));
        resized(screen, command);
    }

    static void resized(final LocalScreen screen, final RemoteCommand command)
    {
        if (null != screen)
        {
            final Size size = screen.size();
            command.resize(Math.max(1, size.getRows()), Math.max(1, size.getColumns()));
        }
    }

    private static int exitCode(final RemoteCommand.End end)
    {
        if (end.isExited() || RemoteCommand.End.DETACHED == end)
        {
            return end.exitCode();
        }
        throw end.asException();
    }

    /**
     * What to run.
     *
     * @param command    program and arguments.
     * @param env        on top of the kernel's.
     * @param cwd        to start in; empty: where the kernel did.
     * @param user       to run as; empty: as whom the kernel runs.
     * @param tty        whether it gets a terminal.
     * @param input      whether it gets our standard input.
     * @param detachKeys that leave it.
     */
    record Request(
        List<String> command,
        Map<String, String> env,
        String cwd,
        String user,
        boolean tty,
        boolean input,
        String detachKeys)
    {
    }
}
