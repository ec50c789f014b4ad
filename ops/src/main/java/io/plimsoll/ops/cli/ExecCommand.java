package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a command beside a kernel. */
@Command(
    name = "exec",
    description = {
        "Runs a command beside a running session, and exits with its exit code.",
        "It has the kernel's environment, working directory, cores and limits, and ends with the kernel, or when this",
        "client goes away."},
    footer = {
        "  plimsoll exec 17 -- nvidia-smi",
        "  plimsoll exec -it 17 -- top",
        "  tar -c data | plimsoll exec -i 17 -- tar -x",
        "  plimsoll exec --kernel 1 17 -- hostname"})
final class ExecCommand extends ClientCommand
{
    @Option(names = {"-i", "--stdin"}, description = "Passes the standard input on.")
    private boolean input;

    @Option(names = {"-t", "--tty"}, description = "Gives it a terminal, this one.")
    private boolean tty;

    @Mixin
    private RemoteOptions options;

    @Parameters(
        paramLabel = "ID CMD",
        arity = "0..*",
        description = "Id of the session; then --, the command and its arguments.")
    private List<String> words = new ArrayList<>();

    ExecCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    void check(final boolean isReplay)
    {
        final boolean dashes = words.size() > 1 && "--".equals(words.get(1));
        final List<String> rest = words.isEmpty() ? List.of() : words.subList(dashes ? 2 : 1, words.size());
        if (rest.isEmpty())
        {
            throw new CliException(
                ExitCode.USAGE,
                (words.isEmpty() ? "the id of a session and a command are" : "a command is") +
                    " missing; as in: plimsoll exec 17 -- ls");
        }
    }

    @Override
    int run(final Api api) throws InterruptedException
    {
        final List<String> command = words.subList("--".equals(words.get(1)) ? 2 : 1, words.size());
        return new RemoteTerminal(terminal()).run(
            api,
            options.path(words.get(0), "exec"),
            new RemoteTerminal.Request(
                command, options.env(), options.cwd(), options.user(), tty, input, options.detachKeys()));
    }
}
