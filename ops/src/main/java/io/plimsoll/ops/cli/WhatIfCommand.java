package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.whatif.JournalMoment;
import io.plimsoll.loadtest.whatif.JournalSource;
import io.plimsoll.loadtest.whatif.WhatIf;
import io.plimsoll.loadtest.whatif.WhatIfException;
import io.plimsoll.loadtest.whatif.WhatIfReport;
import io.plimsoll.loadtest.whatif.WhatIfResult;
import io.plimsoll.manager.replay.ReplayMoment;
import io.plimsoll.manager.replay.ReplayedCluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Decides a journal again, with something different. */
@Command(
    name = "what-if",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
        "Decides a journal again from a place on, with other policies, limits, agents or",
        "sessions, and compares what would have happened with what did. Nothing is written.",
        "docs/WHAT_IF.md says what a change may hold."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll replay ~/.plimsoll what-if --from -2h --change easy.yaml",
        "  plimsoll replay ~/.plimsoll what-if --from 4711 --change more.yaml -o json",
        "  plimsoll replay ~/.plimsoll what-if --from start"})
final class WhatIfCommand implements Callable<Integer>
{
    private static final double SECOND_NS = 1e9;

    private final Terminal terminal;

    @ParentCommand
    private ReplaySource replay;

    @Option(
        names = "--from",
        paramLabel = "TIME|SEQ",
        description = "First record that is decided again; the first of all unless told otherwise.")
    private String from = "start";

    @Option(
        names = "--to",
        paramLabel = "TIME|SEQ",
        description = "Last record of the stretch that is compared; the last of all unless told otherwise.")
    private String to = "end";

    @Option(
        names = "--change",
        paramLabel = "FILE",
        description = "What is different: YAML or JSON, - for standard input. Without it nothing is, and the answer " +
            "says whether every event is the recorded one.")
    private String change;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    WhatIfCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        final String changes = null == change ? "" : read();
        final WhatIfReport report = ReplayCommand.told(() ->
        {
            try (ReplayedCluster cluster = replay.openAnew())
            {
                return answer(cluster, changes);
            }
        });
        if (OutputFormat.json == output)
        {
            terminal.out().println(report.json());
        }
        else
        {
            report.lines().forEach(terminal.out()::println);
            terminal.out().println(speed(report.comparison().result()));
        }
        return ExitCode.OK;
    }

    private WhatIfReport answer(final ReplayedCluster cluster, final String changes)
    {
        final JournalMoment begin = moment(cluster, "--from", from);
        final JournalMoment end = moment(cluster, "--to", to);
        try
        {
            final JournalSource source = new JournalSource(cluster.journal(), begin);
            final WhatIfReport report = new WhatIf(source, begin, end).report(changes);
            ReplayCommand.warn(terminal, source.lastSequence(), source.fault());
            return report;
        }
        catch (final ScenarioException ex)
        {
            throw new CliException(ExitCode.USAGE, change + ": " + ex.getMessage());
        }
        catch (final WhatIfException ex)
        {
            throw new CliException(ExitCode.USAGE, ex.getMessage());
        }
    }

    private static JournalMoment moment(final ReplayedCluster cluster, final String option, final String text)
    {
        final ReplayMoment moment;
        try
        {
            moment = ReplayMoment.parse(text, ZoneId.systemDefault());
        }
        catch (final RuntimeException ex)
        {
            throw new CliException(ExitCode.USAGE, option + ": " + ex.getMessage());
        }
        if (moment.isFromHere())
        {
            throw new CliException(
                ExitCode.USAGE,
                option + ": " + text +
                    " counts from where a replay stands; use a sequence, a time, -10m, start or end");
        }
        if (moment.isEnd())
        {
            return JournalMoment.END;
        }
        if (moment.isStart())
        {
            return JournalMoment.at(cluster.oldestState() + 1);
        }
        return moment.isSequence() ?
            JournalMoment.at(moment.sequence()) :
            JournalMoment.atTime(moment.epochNs(cluster.endTimestampNs()));
    }

    private String read()
    {
        try (InputStream in = "-".equals(change) ? System.in : Files.newInputStream(terminal.path(change)))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        catch (final IOException ex)
        {
            throw new CliException(
                ExitCode.USAGE, "--change: " + change + " cannot be read; is it there, and yours to read?");
        }
    }

    private static String speed(final WhatIfResult result)
    {
        final double seconds = Math.max(1, result.tookNs()) / SECOND_NS;
        return String.format(
            Locale.ROOT,
            "%n%d commands were decided in %.1f s, %.0f/s",
            result.decided(),
            seconds,
            result.decided() / seconds);
    }
}
