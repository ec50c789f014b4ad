package io.plimsoll.ops.cli;

import io.plimsoll.journal.JournalInspection;
import io.plimsoll.transport.Amounts;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a look at a journal found, for people and for programs. */
final class JournalSummary
{
    private JournalSummary()
    {
    }

    static void print(final JournalInspection journal, final PrintStream out)
    {
        out.println("journal " + journal.place() + " of cluster " + journal.clusterId() +
            (journal.isInUse() ? ", in use" : ""));
        out.println();
        final TextTable segments = new TextTable("SEGMENT", ">FIRST", ">LAST", "FROM", "TO", ">SIZE", "STATE");
        for (final JournalInspection.SegmentReport segment : journal.segments())
        {
            final boolean isEmpty = segment.lastSequence() < segment.firstSequence();
            segments.row(
                segment.name(),
                Long.toString(segment.firstSequence()),
                isEmpty ? "" : Long.toString(segment.lastSequence()),
                JournalAction.time(segment.firstTimestampNs()),
                JournalAction.time(segment.lastTimestampNs()),
                Amounts.humanBytes(segment.bytes()),
                state(segment));
        }
        segments.print(out);
        if (!journal.snapshots().isEmpty())
        {
            out.println();
            final TextTable snapshots = new TextTable("SNAPSHOT", ">SEQUENCE", ">SIZE", "STATE");
            journal.snapshots().forEach(snapshot -> snapshots.row(
                snapshot.name(),
                Long.toString(snapshot.sequence()),
                Amounts.humanBytes(snapshot.bytes()),
                null == snapshot.problem() ? "kept" : "unusable"));
            snapshots.print(out);
        }
        if (!journal.terms().isEmpty())
        {
            out.println();
            final TextTable terms = new TextTable(">TERM", ">SEQUENCE", "BEGAN", ">DECISIONS", "BUILD");
            journal.terms().forEach(term -> terms.row(
                Long.toString(term.term()),
                Long.toString(term.sequence()),
                JournalAction.time(term.timestampNs()),
                Integer.toString(term.decisionVersion()),
                term.build()));
            terms.print(out);
        }
    }

    private static String state(final JournalInspection.SegmentReport segment)
    {
        if (!segment.isClosed())
        {
            return "open";
        }
        return null == segment.cut() ? "closed" : "cut: " + segment.cut();
    }

    /** The same with names as in the API, to be added to. */
    static Map<String, Object> json(final JournalInspection journal)
    {
        final List<Map<String, Object>> segments = new ArrayList<>();
        for (final JournalInspection.SegmentReport segment : journal.segments())
        {
            final Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", segment.name());
            line.put("firstSequence", segment.firstSequence());
            line.put("lastSequence", segment.lastSequence());
            line.put("from", JournalAction.time(segment.firstTimestampNs()));
            line.put("to", JournalAction.time(segment.lastTimestampNs()));
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
        summary.put("terms", terms(journal));
        return summary;
    }

    private static List<Map<String, Object>> terms(final JournalInspection journal)
    {
        final List<Map<String, Object>> terms = new ArrayList<>();
        for (final JournalInspection.TermReport term : journal.terms())
        {
            final Map<String, Object> line = new LinkedHashMap<>();
            line.put("term", term.term());
            line.put("sequence", term.sequence());
            line.put("began", JournalAction.time(term.timestampNs()));
            line.put("decisionVersion", term.decisionVersion());
            line.put("build", term.build());
            terms.add(line);
        }
        return terms;
    }
}
