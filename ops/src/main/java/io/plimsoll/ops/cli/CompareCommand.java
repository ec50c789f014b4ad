package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.compare.Comparison;
import io.plimsoll.loadtest.compare.ComparisonPage;
import io.plimsoll.loadtest.compare.ResultFiles;
import io.plimsoll.loadtest.compare.Side;
import io.plimsoll.loadtest.simulate.ScenarioException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what differs between two results, or two sets of them. */
@Command(
    name = "compare",
    sortOptions = false,
    description = {
        "Says what differs between two results, and what of that is more than chance.",
        "Results are what simulate, plan, loadtest run and bench print with -o json (or --json). A side is one file,",
        "several with commas between them, or a folder. Runs with the same seeds are compared two by two, others as",
        "two samples; with one run a side there is no interval. docs/PLAN.md says how."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll compare greedy.json easy.json",
        "  plimsoll compare monday-1.json,monday-2.json,monday-3.json today/ --html change.html",
        "  plimsoll compare before.json after.json --fail-if-worse"})
final class CompareCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "A", description = "What it is compared with: files, or a folder.")
    private String first;

    @Parameters(index = "1", paramLabel = "B", description = "What is compared: files, or a folder.")
    private String second;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = "--all", description = "Shows figures too that do not differ.")
    private boolean all;

    @Option(
        names = "--fail-if-worse",
        description = "Exits with 1 if a figure of B is worse by more than chance.")
    private boolean failIfWorse;

    @Mixin
    private ShownOptions shown = new ShownOptions();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    CompareCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        try (OutputFile page = shown.page(terminal, ResultFiles.files(paths(first + "," + second))))
        {
            final boolean isNamedAlike = name(first).equals(name(second));
            final Comparison comparison = Comparison.of(
                side(first, isNamedAlike ? first : name(first)), side(second, isNamedAlike ? second : name(second)));
            if (comparison.differences().isEmpty())
            {
                throw new CliException(ExitCode.USAGE, first + " and " + second +
                    " have no figure in common; compare results of the same command");
            }
            shown.show(
                terminal,
                page,
                stream -> ComparisonPage.html(comparison, stream),
                folder -> ComparisonPage.csv(comparison, folder));
            if (OutputFormat.json == output)
            {
                terminal.out().println(ComparisonPage.json(comparison));
            }
            else
            {
                ComparisonText.print(comparison, all, terminal);
            }
            return failIfWorse && comparison.isWorse() ? ExitCode.FAILED : ExitCode.OK;
        }
        catch (final ScenarioException ex)
        {
            throw new CliException(ExitCode.USAGE, ex.getMessage());
        }
    }

    private List<Path> paths(final String text)
    {
        return Arrays.stream(text.split(",")).filter(part -> !part.isBlank()).map(terminal::path).toList();
    }

    private Side side(final String text, final String name)
    {
        final List<Path> paths = paths(text);
        if (paths.isEmpty())
        {
            throw new CliException(ExitCode.USAGE, "'" + text + "' names no file; name results, or a folder of them");
        }
        return ResultFiles.read(name, paths);
    }

    /** Of the first file, without what all have in common. */
    private static String name(final String text)
    {
        final Path file = Path.of(text.split(",")[0]).getFileName();
        return null == file ? text : file.toString().replaceFirst("\\.jsonl?$", "");
    }
}
