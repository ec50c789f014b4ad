package io.plimsoll.ops.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that asks a manager: finds it, talks to it, and shows the answer in the wanted form. */
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

    ClientCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public final Integer call() throws Exception
    {
        try (Api api = connection.connect(terminal))
        {
            return run(api);
        }
    }

    abstract int run(Api api) throws Exception;

    final Terminal terminal()
    {
        return terminal;
    }

    final boolean json()
    {
        return OutputFormat.json == output;
    }

    final void print(final String line)
    {
        terminal.out().println(line);
    }

    final void print(final JsonValue value)
    {
        terminal.out().println(value.pretty());
    }
}
