package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.jobs.SummaryPage;
import io.plimsoll.loadtest.jobs.SummaryText;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadSummary;
import io.plimsoll.loadtest.jobs.WorkloadSurvey;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what is in a workload. */
@Command(
    name = "describe",
    sortOptions = false,
    description = {
        "Says what is in a workload.",
        "That is when jobs arrive, what they ask for, how long they run, who asks, and what would be in use at once if",
        "nothing had to wait. docs/WORKLOADS.md says what the figures mean."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll workload describe openb_pod_list_default.csv.gz",
        "  plimsoll workload describe CEA-Curie.swf.gz --html curie.html",
        "  plimsoll workload describe workload.yaml --seed 3 -o json"})
final class WorkloadDescribeCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "Of the workload, or the data directory of a manager.")
    private String file;

    @Mixin
    private WorkloadSource source;

    @Option(names = {"-o", "--output"}, paramLabel = "text|json", description = "Form of the answer.")
    private Form output = Form.text;

    @Option(
        names = "--html", paramLabel = "OUT", description = "Writes a page with plots too, which needs nothing else.")
    private String html;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    WorkloadDescribeCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        try (OutputFile page = OutputFile.open("--html", html, terminal, List.of(terminal.path(file))))
        {
            final Workload workload = source.read(terminal, file);
            final WorkloadSummary summary =
                WorkloadSource.computed(terminal, "summing up", () -> WorkloadSurvey.of(workload));
            if (null != page)
            {
                page.write(stream -> SummaryPage.html(summary, stream));
                page.keep();
            }
            if (Form.json == output)
            {
                terminal.out().println(SummaryPage.json(summary));
            }
            else
            {
                SummaryText.lines(summary).forEach(terminal.out()::println);
            }
        }
        return ExitCode.OK;
    }

    /** How it is shown. */
    enum Form
    {
        /** For people. */
        text,
        /** For programs. */
        json
    }
}
