package io.plimsoll.ops.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        "  plimsoll run --kernels 2 -- sh -c 'echo $PLIMSOLL_KERNEL_INDEX of $PLIMSOLL_KERNEL_COUNT'",
        "The output of several kernels is told apart by the number of the kernel in front of each line."})
final class RunCommand extends ClientCommand
{
    private static final int EXIT_CODE_NONE = -1;

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
        final Map<String, Object> submitted = options.session(terminal(), command);
        if (options.hasInput())
        {
            submitted.put("stdin", "once");
        }
        final long id = api.submit(submitted).number("id", 0);
        final CancelOnExit cancelOnExit = CancelOnExit.install(api, terminal(), id);
        final JsonValue session;
        try (
            SessionOutput sessionOutput = new SessionOutput(api, id, options.kernels());
            SessionInput sessionInput = new SessionInput(api, id, terminal().err()))
        {
            if (options.hasInput())
            {
                sessionInput.start(new FileInputStream(FileDescriptor.in), Terminal.isScreen(0));
            }
            // With -o json the standard output is the session object alone.
            final PrintStream out = json() ? terminal().err() : terminal().out();
            sessionOutput.start(out, terminal().err());
            session = api.awaitEnd(id);
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
