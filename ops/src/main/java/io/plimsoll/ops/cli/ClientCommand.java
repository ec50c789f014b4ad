package io.plimsoll.ops.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A command that asks a manager: finds it, talks to it, and shows the answer in the wanted form. Below a command that
 * is an {@link ApiSource} it asks what that names.
 */
@Command(
    sortOptions = false,
    showDefaultValues = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n")
abstract class ClientCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "table|json",
        description = "Form of the answer; json has the names of the API.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    ClientCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public final Integer call() throws Exception
    {
        final Object above = above();
        if (OutputFormat.dot == output && !isGraph())
        {
            throw new CliException(ExitCode.USAGE, "-o: dot is for graphs; right is table or json");
        }
        if (OutputFormat.csv == output && !isTabular())
        {
            throw new CliException(ExitCode.USAGE, "-o: csv is for usage; right is table or json");
        }
        check(above instanceof ApiSource);
        try (Api api = above instanceof ApiSource source ? source.connect() : connection.connect(terminal))
        {
            return run(api);
        }
    }

    private Object above()
    {
        final CommandSpec parent = spec.parent();
        return null == parent ? null : parent.userObject();
    }

    /**
     * What can be said of the arguments before anybody is asked.
     *
     * @param isReplay whether a journal answers, and not a live cluster.
     */
    void check(final boolean isReplay)
    {
        // Most have nothing to add to what the parser checks.
    }

    abstract int run(Api api) throws Exception;

    /** Whether what it shows is a graph, which has a form that others have not. */
    boolean isGraph()
    {
        return false;
    }

    /** Whether what it shows can be read by a spreadsheet. */
    boolean isTabular()
    {
        return false;
    }

    /** A command below one that says where to ask, so that it takes no options for that. */
    static CommandLine embedded(final Object command)
    {
        final CommandLine line = new CommandLine(command);
        for (final String option : ConnectionOptions.NAMES)
        {
            line.getCommandSpec().remove(line.getCommandSpec().findOption(option));
        }
        return line;
    }

    final Terminal terminal()
    {
        return terminal;
    }

    final OutputFormat output()
    {
        return output;
    }

    final boolean json()
    {
        return OutputFormat.json == output;
    }

    final void print(final String line)
    {
        terminal.out().println(PlainText.lines(line));
    }

    final void print(final JsonValue value)
    {
        terminal.out().println(value.pretty());
    }
}
