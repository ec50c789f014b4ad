package io.plimsoll.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report on one screen. Stateless. */
public final class ReportSummary
{
    private static final int WAITS_MAX = 6;
    private static final int ANOMALIES_MAX = 8;
    private static final int LONGEST_MAX = 5;
    private static final int PREEMPTED_MAX = 5;
    private static final int LOST_MAX = 5;
    private static final int AGENTS_MAX = 3;

    private ReportSummary()
    {
    }

    /** Its lines; names of users are cleaned of control characters. */
    public static List<String> lines(final Report report)
    {
        final List<String> lines = new ArrayList<>();
        final Report.Range range = report.range();
        final Report.Totals totals = report.totals();
        lines.add("from " + range.from() + " to " + range.to() + " (" + duration(range.lengthSeconds()) + ", " +
            totals.commands() + (1 == totals.commands() ? " command" : " commands") + ", against the " +
            duration(range.baselineSeconds()) + " before)");
        range.notes().forEach(note -> lines.add("note: " + note));
        if (!report.journal().fault().isEmpty())
        {
            lines.add("note: " + report.journal().fault());
        }
        if (0 == totals.commands())
        {
            lines.add("nothing happened in this time");
        }
        lines.add("sessions: " + totals.sessionsSubmitted() + " submitted, " + totals.sessionsPlaced() + " placed, " +
            totals.sessionsEnded() + " ended, " + totals.sessionsFailed() + " of them failed, " +
            totals.sessionsPreempted() + " preempted, " + totals.sessionsPendingAtEnd() + " pending at the end");
        report.waits().groups().forEach(line -> lines.add(wait("group", line)));
        report.waits().owners().stream()
            .sorted((left, right) -> Double.compare(weight(right), weight(left))).limit(WAITS_MAX)
            .forEach(line -> lines.add(wait("owner", line)));
        report.utilisation().forEach(slot -> lines.add(slot(slot)));
        agents(report, lines);
        preemptions(report, lines);
        failures(report, lines);
        report.waits().longest().stream().limit(LONGEST_MAX).forEach(wait -> lines.add(longest(wait)));
        anomalies(report, lines);
        return lines.stream().map(ReportSummary::clean).toList();
    }

    private static double weight(final Report.WaitLine line)
    {
        final Report.WaitSummary waits = line.range();
        return 0 == waits.placed() ? 0 : waits.placed() * waits.meanSeconds();
    }

    private static String wait(final String kind, final Report.WaitLine line)
    {
        final Report.WaitSummary now = line.range();
        return "wait of " + kind + " " + line.name() + ": p50 " + duration(now.p50Seconds()) + ", p99 " +
            duration(now.p99Seconds()) + ", max " + duration(now.maxSeconds()) + " of " + now.placed() + " placed" +
            (0 == line.baseline().placed() ? "" : " (before: p50 " + duration(line.baseline().p50Seconds()) +
                ", p99 " + duration(line.baseline().p99Seconds()) + ")");
    }

    private static String slot(final Report.Slot slot)
    {
        return "group " + slot.group() + ", " + slot.slot() + ": " + percent(slot.usedPercent()) + " used (before " +
            percent(slot.baselineUsedPercent()) + "), fragmentation " + percent(slot.fragmentationPercent()) +
            " (before " + percent(slot.baselineFragmentationPercent()) + ")";
    }

    private static void agents(final Report report, final List<String> lines)
    {
        for (final Report.Manager manager : report.managers())
        {
            lines.add("manager started at " + manager.at() + ", term " + manager.term());
        }
        final List<Report.Loss> losses = report.agents().losses();
        losses.stream().limit(LOST_MAX).forEach(loss -> lines.add(
            "agent " + loss.agent() + " lost at " + loss.lostAt() + " with " + loss.kernels() +
                (1 == loss.kernels() ? " kernel, " : " kernels, ") +
                (null == loss.returnedAt() ? "not back by the end" : "back at " + loss.returnedAt())));
        if (losses.size() > LOST_MAX)
        {
            lines.add("and " + (losses.size() - LOST_MAX) + " more agents lost");
        }
    }

    private static void preemptions(final Report report, final List<String> lines)
    {
        final List<Report.Preempted> sessions = report.preemptions().sessions();
        sessions.stream().limit(PREEMPTED_MAX).forEach(each -> lines.add(
            "session " + each.sessionId() + " (" + each.name() + ") of " + each.owner() + " had to yield at " +
                each.at() +
                (null == each.toSessionId() ? "" :
                    " to session " + each.toSessionId() + " (" + each.toName() + ") of " + each.toOwner())));
        final long more = report.totals().sessionsPreempted() - Math.min(PREEMPTED_MAX, sessions.size());
        if (more > 0)
        {
            lines.add("and " + more + " more had to yield");
        }
    }

    private static void failures(final Report report, final List<String> lines)
    {
        final Report.Failures failures = report.failures();
        if (!failures.sessionsByReason().isEmpty())
        {
            lines.add("failed sessions: " + counts(failures.sessionsByReason()));
        }
        if (!failures.kernelsByReason().isEmpty())
        {
            lines.add("failed kernels: " + counts(failures.kernelsByReason()));
        }
        failures.agents().stream().limit(AGENTS_MAX).forEach(work -> lines.add(
            "  on agent " + work.agent() + ": " + work.kernelsFailed() + " of " + work.kernelsPlaced() + " placed (" +
                counts(work.failedByReason()) + ")"));
        if (!report.flow().rejectedByCode().isEmpty())
        {
            lines.add("rejected: " + counts(report.flow().rejectedByCode()));
        }
    }

    private static String counts(final Map<String, Long> counts)
    {
        final List<String> words = new ArrayList<>();
        counts.forEach((name, count) -> words.add(count + " " + name));
        return String.join(", ", words);
    }

    private static String longest(final Report.LongWait wait)
    {
        final String causes = wait.causes().isEmpty() ? "" : ": " +
            String.join(", ", wait.causes().stream().map(Report.Cause::cause).toList());
        return "session " + wait.sessionId() + (wait.name().isEmpty() ? "" : " (" + wait.name() + ")") + " of " +
            wait.owner() + " in " + wait.group() + " waited " + duration(wait.waitSeconds()) + ", " + wait.end() +
            causes;
    }

    private static void anomalies(final Report report, final List<String> lines)
    {
        final Report.Anomalies anomalies = report.anomalies();
        if (0 == anomalies.seriesJudged())
        {
            return;
        }
        lines.add(anomalies.found().isEmpty() ? "nothing unusual in " + anomalies.seriesJudged() + " series" :
            "unusual, against the time before:");
        anomalies.found().stream().limit(ANOMALIES_MAX).forEach(found -> lines.add(
            "  " + found.series() + " of " + found.subject() + ": " + ReportText.figure(found.value(), found.unit()) +
                " from " + found.at() + ", usually " + ReportText.figure(found.usualLow(), found.unit()) + " to " +
                ReportText.figure(found.usualHigh(), found.unit())));
        if (anomalies.found().size() > ANOMALIES_MAX)
        {
            lines.add("  and " + (anomalies.found().size() - ANOMALIES_MAX) + " more");
        }
    }

    private static String duration(final Double seconds)
    {
        return ReportText.duration(seconds);
    }

    private static String percent(final Double percent)
    {
        return ReportText.percent(percent);
    }

    private static String clean(final String line)
    {
        final StringBuilder clean = new StringBuilder(line.length());
        line.codePoints().forEach(
            point -> clean.append(Character.isISOControl(point) ? String.format(Locale.ROOT, "\\u%04x", point) :
                Character.toString(point)));
        return clean.toString();
    }
}
