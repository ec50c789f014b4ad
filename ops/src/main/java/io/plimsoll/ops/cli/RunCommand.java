package io.plimsoll.ops.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Submits one session, shows its output as it comes, and exits as it did. */
@Command(
    name = "run",
    description = {
        "Runs a command as a session: submits it, streams its output, and exits with its exit code.",
        "Ctrl-C cancels the session."},
    footer = {
        "  plimsoll run -- echo hello",
        "  plimsoll run --cpu 2 --mem 1g --name train -- python train.py",
        "  plimsoll run --stdin -- sort <names",
        "  plimsoll run --tty -- bash",
        "  plimsoll run --kernels 2 -- sh -c 'echo $PLIMSOLL_KERNEL_INDEX of $PLIMSOLL_KERNEL_COUNT'",
        "The output of several kernels is told apart by the number of the kernel in front of each line."})
final class RunCommand extends ClientCommand
{
    private static final int EXIT_CODE_NONE = -1;
    private static final long LEFT_LOOK_NS = 500_000_000L;

    @Mixin
    private SessionOptions options;

    @Parameters(paramLabel = "CMD", arity = "0..*", description = "The command and its arguments, after --.")
    private List<String> command = new ArrayList<>();

    RunCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api) throws InterruptedException
    {
        if (command.isEmpty())
        {
            throw new CliException(
                ExitCode.USAGE, "a command is missing; it stands after --, as in: plimsoll run -- echo hello");
        }
        final long id = api.submit(session()).number("id", 0);
        final CancelOnExit cancelOnExit = CancelOnExit.install(api, terminal(), id);
        final JsonValue session;
        try (
            SessionOutput sessionOutput = new SessionOutput(api, id, options.kernels());
            SessionInput sessionInput = new SessionInput(api, id, terminal().err(), keys());
            LocalScreen screen = options.hasTerminal() ? screen(sessionInput) : null)
        {
            if (options.hasInput())
            {
                sessionInput.start(new FileInputStream(FileDescriptor.in), Terminal.isScreen(0));
            }
            // With -o json the standard output is the session object alone.
            final PrintStream out = json() ? terminal().err() : terminal().out();
            sessionOutput.start(out, terminal().err());
            session = options.hasTerminal() ? awaitEndOrLeft(api, id, sessionInput) : api.awaitEnd(id);
            if (null == session)
            {
                return left(id, screen);
            }
            final String missing = sessionOutput.awaitComplete();
            if (null != missing)
            {
                terminal().err().println("plimsoll: some output is missing: " + missing);
            }
        }
        finally
        {
            cancelOnExit.disarm();
        }
        if (json())
        {
            print(session);
        }
        return exitCode(session);
    }

    private Map<String, Object> session()
    {
        final Map<String, Object> session = options.session(terminal(), command);
        if (!options.hasTerminal())
        {
            if (options.hasInput())
            {
                session.put("stdin", "once");
            }
            return session;
        }
        if (!Terminal.isScreen(0) || options.kernels() > 1)
        {
            throw new CliException(
                ExitCode.USAGE,
                "--tty: " + (options.kernels() > 1 ? "this is one terminal, for one kernel; submit it, and attach" :
                    "the standard input is not a terminal; use --stdin for a pipe"));
        }
        final Map<String, Object> env = new LinkedHashMap<>();
        env.put("TERM", terminal().environment().getOrDefault("TERM", "xterm"));
        if (session.get("env") instanceof final Map<?, ?> given)
        {
            given.forEach((name, value) -> env.put((String)name, value));
        }
        session.put("env", env);
        return session;
    }

    private IntUnaryOperator keys()
    {
        return options.hasTerminal() ? DetachKeys.parse(DetachKeys.DEFAULT) : typed -> typed;
    }

    private static LocalScreen screen(final SessionInput input)
    {
        final LocalScreen[] taken = new LocalScreen[1];
        taken[0] = LocalScreen.take(true, () ->
        {
            if (null != input.command())
            {
                RemoteTerminal.resized(taken[0], input.command());
            }
        });
        input.onJoined(next -> next.started().thenRun(() -> RemoteTerminal.resized(taken[0], next)));
        return taken[0];
    }

    /** Null: somebody has left it. */
    private static JsonValue awaitEndOrLeft(final Api api, final long id, final SessionInput input)
    {
        JsonValue session = null;
        while (null == session && !input.isLeft())
        {
            session = api.awaitEnd(id, LEFT_LOOK_NS);
        }
        return session;
    }

    private int left(final long id, final LocalScreen screen)
    {
        screen.close();
        terminal().err().println("plimsoll: left; session " + id + " goes on: plimsoll attach " + id);
        return ExitCode.OK;
    }

    private int exitCode(final JsonValue session)
    {
        final long exitCode = session.number("exitCode", EXIT_CODE_NONE);
        final boolean hasSucceeded = "success".equals(session.text("result"));
        if (hasSucceeded || exitCode > 0 && "exit-code".equals(session.text("reason")))
        {
            return (int)Math.max(0, exitCode);
        }
        terminal().out().flush();
        terminal().err().println("plimsoll: " + Sessions.howItEnded(session));
        return exitCode > 0 ? (int)exitCode : ExitCode.FAILED;
    }
}
