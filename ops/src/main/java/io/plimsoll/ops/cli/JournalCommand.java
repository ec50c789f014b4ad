package io.plimsoll.ops.cli;

import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalException;
import io.plimsoll.journal.JournalInspection;
import io.plimsoll.journal.JournalInspector;
import io.plimsoll.journal.JournalLockedException;
import io.plimsoll.journal.Retention;
import io.plimsoll.transport.Amounts;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at a journal, or makes it shorter. */
@Command(
    name = "journal",
    description = {
        "Looks at a journal. DIR is a data directory, or the journal in it.",
        "info: what its list of segments and snapshots says; verify: reads every record and every snapshot, also",
        "beside a manager that runs; prune: removes records that snapshots stand for, with the manager stopped.",
        "verify exits with 0 if all is as it was written, 1 if not, 2 if it cannot be read."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll journal info ~/.plimsoll",
        "  plimsoll journal verify /srv/plimsoll -o json",
        "  plimsoll journal prune /srv/plimsoll --keep 7d"})
final class JournalCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "info|verify|prune", description = "What to do.")
    private Action action;

    @Parameters(index = "1", paramLabel = "DIR", description = "Where the journal is.")
    private String directory;

    @Option(
        names = "--keep",
        paramLabel = "DURATION",
        converter = AmountOption.Duration.class,
        description = "With prune: how long records are kept; 30d by default.")
    private String keep;

    @Option(
        names = "--keep-size",
        paramLabel = "SIZE",
        converter = AmountOption.Size.class,
        description = "With prune: bytes of records that are kept, however old.")
    private String keepSize;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    JournalCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        if (Action.prune != action && (null != keep || null != keepSize))
        {
            throw new CliException(ExitCode.USAGE, "--keep and --keep-size go with prune");
        }
        try
        {
            final Path journal = JournalInspector.locate(terminal.path(directory));
            return switch (action)
            {
                case info -> info(JournalInspector.list(journal));
                case verify -> verify(JournalInspector.inspect(journal));
                case prune -> prune(journal);
            };
        }
        catch (final JournalLockedException ex)
        {
            throw new CliException(ExitCode.CONFLICT, ex.getMessage() + "; stop it first");
        }
        catch (final JournalException | UncheckedIOException ex)
        {
            throw new CliException(Action.verify == action ? ExitCode.USAGE : ExitCode.JOURNAL, ex.getMessage());
        }
    }

    private int info(final JournalInspection journal)
    {
        if (OutputFormat.json == output)
        {
            print(JsonValue.of(summary(journal)).pretty());
        }
        else
        {
            table(journal);
        }
        return ExitCode.OK;
    }

    private int verify(final JournalInspection journal)
    {
        if (OutputFormat.json == output)
        {
            final Map<String, Object> summary = summary(journal);
            summary.put("intact", journal.isIntact());
            summary.put("problems", journal.problems());
            print(JsonValue.of(summary).pretty());
        }
        else
        {
            table(journal);
            journal.problems().forEach(this::print);
            print(journal.isIntact() ?
                "intact: " + journal.lastSequence() + " is the last sequence" + (journal.isInUse() ? " so far" : "") :
                "damaged: " + journal.problems().size() + " problems, the first ones first");
        }
        return journal.isIntact() ? ExitCode.OK : ExitCode.FAILED;
    }

    private int prune(final Path path)
    {
        final Retention otherwise = Retention.DEFAULT;
        final Retention retention = new Retention(
            otherwise.snapshots(),
            null == keep ? otherwise.periodNs() : Amounts.durationNs(keep),
            null == keepSize ? otherwise.bytes() : Amounts.bytes(keepSize));
        final int pruned;
        try (Journal journal = Journal.open(new JournalContext().directory(path)))
        {
            pruned = journal.snapshots().prune(
                retention, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
        }
        if (OutputFormat.json == output)
        {
            print(JsonValue.of(Map.of("segmentsPruned", pruned)).pretty());
        }
        else
        {
            print(pruned + " segments pruned");
        }
        return ExitCode.OK;
    }

    private void table(final JournalInspection journal)
    {
        print("journal " + journal.place() + " of cluster " + journal.clusterId() +
            (journal.isInUse() ? ", in use" : ""));
        final TextTable table =
            new TextTable("PART", ">FIRST", ">LAST", "FROM", "TO", ">SIZE", "STATE");
        for (final JournalInspection.SegmentReport segment : journal.segments())
        {
            final boolean isOpen = !segment.isClosed();
            table.row(
                segment.name(),
                Long.toString(segment.firstSequence()),
                isOpen && segment.lastSequence() < segment.firstSequence() ? "" : Long.toString(segment.lastSequence()),
                time(segment.firstTimestampNs()),
                time(segment.lastTimestampNs()),
                Amounts.humanBytes(segment.bytes()),
                isOpen ? "open" : null == segment.cut() ? "closed" : "cut: " + segment.cut());
        }
        for (final JournalInspection.SnapshotReport snapshot : journal.snapshots())
        {
            table.row(
                snapshot.name(),
                "",
                Long.toString(snapshot.sequence()),
                "",
                "",
                Amounts.humanBytes(snapshot.bytes()),
                null == snapshot.problem() ? "" : "unusable");
        }
        table.print(terminal.out());
    }

    private static Map<String, Object> summary(final JournalInspection journal)
    {
        final List<Map<String, Object>> segments = new ArrayList<>();
        for (final JournalInspection.SegmentReport segment : journal.segments())
        {
            final Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", segment.name());
            line.put("firstSequence", segment.firstSequence());
            line.put("lastSequence", segment.lastSequence());
            line.put("from", time(segment.firstTimestampNs()));
            line.put("to", time(segment.lastTimestampNs()));
            line.put("bytes", segment.bytes());
            line.put("closed", segment.isClosed());
            line.put("cut", segment.cut());
            segments.add(line);
        }
        final List<Map<String, Object>> snapshots = new ArrayList<>();
        for (final JournalInspection.SnapshotReport snapshot : journal.snapshots())
        {
            final Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", snapshot.name());
            line.put("sequence", snapshot.sequence());
            line.put("bytes", snapshot.bytes());
            line.put("problem", snapshot.problem());
            snapshots.add(line);
        }
        final Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("place", journal.place());
        summary.put("clusterId", journal.clusterId().toString());
        summary.put("inUse", journal.isInUse());
        summary.put("lastSequence", journal.lastSequence());
        summary.put("segments", segments);
        summary.put("snapshots", snapshots);
        return summary;
    }

    private static String time(final long epochNs)
    {
        return 0 == epochNs ? null : Instant.ofEpochSecond(0, epochNs).truncatedTo(ChronoUnit.MILLIS)
            .toString();
    }

    private void print(final String line)
    {
        terminal.out().println(line);
    }

    /** What to do. */
    enum Action
    {
        info, verify, prune
    }
}
