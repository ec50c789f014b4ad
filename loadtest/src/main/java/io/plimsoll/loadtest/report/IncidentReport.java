package io.plimsoll.loadtest.report;

import io.plimsoll.journal.JournalInspector;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.manager.replay.ReplayMoment;
import io.plimsoll.manager.snapshot.RestoredManager;
import io.plimsoll.transport.Amounts;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a report of a journal: finds the range, reads the records twice ({@link Survey}, then {@link Inquiry}), and
 * puts together what was found. The journal is only read, also while a manager writes it. Memory depends on what the
 * cluster held at a time and on the number of buckets, not on the length of the journal. For one thread.
 */
public final class IncidentReport
{
    /** What a short range is compared with: at least this much before it. */
    private static final long BASELINE_MIN_NS = 3_600_000_000_000L;

    private final Path directory;
    private OutputStream trace;

    /**
     * Of a journal.
     *
     * @param directory of a manager's data, or of its journal.
     */
    public IncidentReport(final Path directory)
    {
        this.directory = JournalInspector.locate(directory);
    }

    /**
     * Has a trace for Perfetto written on the way.
     *
     * @param target of the trace; closed by {@link #of}.
     * @return this.
     */
    public IncidentReport trace(final OutputStream target)
    {
        trace = target;
        return this;
    }

    /**
     * The report.
     *
     * @param from     where the range begins.
     * @param to       where it ends: behind the record that it names, or at the time.
     * @param beforeNs how much before the range it is compared with; 0: as much as the range, but an hour at least.
     * @return the report.
     * @throws ReportException if there is no such range.
     */
    public Report of(final ReplayMoment from, final ReplayMoment to, final long beforeNs)
    {
        try (JournalReader journal = JournalReader.open(directory))
        {
            final ReportSource source = new ReportSource(journal);
            final List<String> notes = new ArrayList<>();
            final ReportRange range = range(source, from, to, beforeNs, notes);
            final RestoredManager<Survey> first =
                source.restore(range.startNs(), () -> new Survey(range, trace), Survey::onRecord);
            final Survey survey = first.view();
            source.read(first.core().sequence(), range.toNs(), survey::onRecord);
            survey.end();
            final RestoredManager<Inquiry> second =
                source.restore(range.startNs(), () -> new Inquiry(survey), Inquiry::onRecord);
            source.read(
                second.core().sequence(),
                range.toNs(),
                record ->
                {
                    second.view().beforeRecord(second.core(), record.timestampNs());
                    second.onRecord(record);
                });
            second.view().end(second.core());
            final Report.Journal about = new Report.Journal(
                directory.toString(), journal.clusterId().toString(), first.snapshotSequence(), source.fault());
            return new ReportBuilder(survey, second.view()).build(about, notes);
        }
    }

    private static ReportRange range(
        final ReportSource source,
        final ReplayMoment from,
        final ReplayMoment to,
        final long beforeNs,
        final List<String> notes)
    {
        if (to.isRecordBefore(from))
        {
            throw new ReportException("--to is an earlier record than --from; it must be the same or a later one");
        }
        final long beginNs = source.beginNs();
        final long endNs = source.endNs();
        if (0 == beginNs)
        {
            throw new ReportException("the journal has no record that can be read");
        }
        final long askedNs = from.epochNs(source::timeOf, () -> endNs, beginNs);
        final long askedToNs = to.epochNs(source::timeOf, () -> endNs, askedNs) + (to.isRecord() ? 1 : 0);
        if (askedToNs <= askedNs)
        {
            throw new ReportException("--to must be later than --from, and is " +
                (askedToNs == askedNs ? "the same" : Amounts.formatDuration(askedNs - askedToNs) + " before it"));
        }
        if (askedNs > endNs)
        {
            throw new ReportException("--from is behind the end of the journal, at " + ReportText.time(endNs));
        }
        if (askedToNs <= beginNs)
        {
            throw new ReportException("--to is before what is kept of the journal, from " + ReportText.time(beginNs));
        }
        final long fromNs = Math.max(beginNs, askedNs);
        final long toNs = Math.min(endNs + 1, askedToNs);
        if (fromNs > askedNs)
        {
            notes.add("the journal is known from " + ReportText.time(beginNs) + ", so the range begins there");
        }
        if (toNs < askedToNs)
        {
            notes.add("the journal ends at " + ReportText.time(endNs) + ", so the range ends there");
        }
        final long lengthNs = 0 == beforeNs ? Math.max(BASELINE_MIN_NS, toNs - fromNs) : beforeNs;
        return ReportRange.of(fromNs, toNs, Math.max(beginNs, fromNs - lengthNs));
    }
}
