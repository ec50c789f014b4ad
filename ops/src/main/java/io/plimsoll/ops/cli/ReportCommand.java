package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.report.IncidentReport;
import io.plimsoll.loadtest.report.Report;
import io.plimsoll.loadtest.report.ReportException;
import io.plimsoll.loadtest.report.ReportSummary;
import io.plimsoll.loadtest.report.ReportWriter;
import io.plimsoll.manager.replay.ReplayException;
import io.plimsoll.manager.replay.ReplayMoment;
import io.plimsoll.transport.Amounts;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Reports what happened between two moments, for a review of an incident. */
@Command(
    name = "report",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
        "Reports what happened in a time, for the review of an incident.",
        "It tells waits, utilisation, fragmentation, lost agents, failures, preemptions, the longest waiters and why",
        "they waited, and what was unusual against the time before. docs/REPORT.md says what the figures mean."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll replay ~/.plimsoll report --from -2h",
        "  plimsoll replay ~/.plimsoll report --from 2026-11-22T10:00 --to +30m --html report.html",
        "  plimsoll replay /backup/journal report --from 1000 --to 2000 -o json --perfetto trace.json"})
final class ReportCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @ParentCommand
    private ReplaySource replay;

    @Option(
        names = "--from",
        paramLabel = "TIME|SEQ",
        description = "Where the time begins: " + ReplayMoment.FORMS + "; the start unless told otherwise.")
    private String from = "start";

    @Option(
        names = "--to",
        paramLabel = "TIME|SEQ",
        description = "Where it ends: at a time, counted from --from if it begins with +, or with a record; the end " +
            "unless told otherwise.")
    private String to = "end";

    @Option(
        names = "--against",
        paramLabel = "DURATION",
        converter = AmountOption.Duration.class,
        description = "How much before --from tells what is usual; as much as the time itself, but 1h at least, " +
            "unless told otherwise.")
    private String against;

    @Option(names = {"-o", "--output"}, paramLabel = "text|json", description = "Form of the answer.")
    private Form output = Form.text;

    @Option(
        names = "--html", paramLabel = "FILE", description = "Writes a page with plots too, which needs nothing else.")
    private String html;

    @Option(names = "--perfetto", paramLabel = "FILE", description = "Writes a trace for ui.perfetto.dev too.")
    private String perfetto;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    ReportCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        final List<Path> inputs = List.of(replay.directory());
        try (OutputFile page = OutputFile.open("--html", html, terminal, inputs);
            OutputFile trace = OutputFile.open("--perfetto", perfetto, terminal, inputs))
        {
            final Report[] made = new Report[1];
            if (null == trace)
            {
                made[0] = report(null);
            }
            else
            {
                trace.write(stream -> made[0] = report(stream));
                trace.keep();
            }
            final Report report = made[0];
            if (null != page)
            {
                page.write(stream -> ReportWriter.html(report, stream));
                page.keep();
            }
            if (Form.json == output)
            {
                terminal.out().println(ReportWriter.json(report));
            }
            else
            {
                ReportSummary.lines(report).forEach(terminal.out()::println);
            }
        }
        return ExitCode.OK;
    }

    private Report report(final OutputStream trace)
    {
        return ReplayCommand.told(() ->
        {
            PolicyJars.load(terminal);
            final ReplayMoment begin = ReplayMoment.parse(from, ZoneId.systemDefault());
            final ReplayMoment end = ReplayMoment.parse(to, ZoneId.systemDefault());
            final IncidentReport incident = new IncidentReport(replay.directory());
            try
            {
                return incident.trace(trace).of(begin, end, null == against ? 0 : Amounts.durationNs(against));
            }
            catch (final ReportException ex)
            {
                throw new ReplayException(ex.getMessage());
            }
        });
    }

    /** How the report is shown. */
    enum Form
    {
        /** For people: one screen. */
        text,
        /** For programs: all of it. */
        json
    }
}
