package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does nothing itself: what is done stands in its subcommands. */
@Command(
    sortOptions = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n")
public abstract class CommandGroup implements Runnable
{
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public final void run()
    {
        final List<String> names = new ArrayList<>(spec.subcommands().keySet());
        final String last = names.remove(names.size() - 1);
        throw new ParameterException(
            spec.commandLine(),
            "a command is missing: " + (names.isEmpty() ? last : String.join(", ", names) + " or " + last));
    }
}
