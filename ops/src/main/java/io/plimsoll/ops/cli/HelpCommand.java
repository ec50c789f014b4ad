package io.plimsoll.ops.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what a command itself says with {@code --help}; picocli's own takes one word only. */
@Command(
    name = "help",
    description = "Prints the help of a command, or the list of all.",
    footerHeading = "%nExamples:%n",
    footer = {"  plimsoll help", "  plimsoll help simulate", "  plimsoll help agent topology"})
final class HelpCommand implements Callable<Integer>
{
    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "A command, and maybe one of its own commands.")
    private List<String> words = List.of();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final Terminal terminal;

    HelpCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        CommandLine line = spec.root().commandLine();
        for (final String word : words)
        {
            final CommandLine named = line.getSubcommands().get(word);
            if (null == named && line.getSubcommands().isEmpty())
            {
                throw new ParameterException(
                    line, "there is no command '" + word + "' of " + line.getCommandSpec().qualifiedName(" "));
            }
            if (null == named)
            {
                throw new UnmatchedArgumentException(line, List.of(word));
            }
            line = named;
        }
        line.usage(terminal.out());
        return ExitCode.OK;
    }
}
