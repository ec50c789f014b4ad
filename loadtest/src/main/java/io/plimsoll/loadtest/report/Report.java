package io.plimsoll.loadtest.report;

import java.util.List;
import java.util.Map;

/**
 * A report as programs read it: the names of its parts are those of its JSON, and docs/REPORT.md says what they mean.
 * Series have one value for each bucket of the baseline and then for each of the range; null where there is none.
 *
 * @param format        always {@code plimsoll-report}.
 * @param formatVersion rises when a field changes its meaning.
 */
public record Report(
    String format,
    int formatVersion,
    Journal journal,
    Range range,
    Totals totals,
    Flow flow,
    Waits waits,
    List<Slot> utilisation,
    Agents agents,
    Failures failures,
    Preemptions preemptions,
    List<Manager> managers,
    Anomalies anomalies)
{
    /** See {@link #format}. */
    public static final String FORMAT = "plimsoll-report";
    /** See {@link #formatVersion}. */
    public static final int FORMAT_VERSION = 1;

    /** What was read. */
    public record Journal(String directory, String clusterId, long snapshotSequence, String fault)
    {
    }

    /** Which time it is about. */
    public record Range(
        String from,
        String to,
        String baselineFrom,
        long fromEpochNanos,
        long toEpochNanos,
        double lengthSeconds,
        double baselineSeconds,
        double bucketSeconds,
        int baselineBuckets,
        int rangeBuckets,
        List<String> notes)
    {
    }

    /** Of the range. */
    public record Totals(
        long commands,
        long events,
        long sessionsSubmitted,
        long sessionsPlaced,
        long sessionsEnded,
        long sessionsFailed,
        long sessionsPreempted,
        long sessionsPendingAtEnd,
        long kernelsPlaced,
        long kernelsFailed,
        long commandsRejected,
        long agentsLost)
    {
    }

    /** Sessions that came, were placed and ended. */
    public record Flow(
        long[] sessionsSubmitted,
        long[] sessionsPlaced,
        long[] sessionsEnded,
        long[] sessionsFailed,
        long[] commandsRejected,
        Map<String, Long> rejectedByCode)
    {
    }

    /** How long sessions waited. */
    public record Waits(List<WaitLine> groups, List<WaitLine> owners, List<LongWait> longest)
    {
    }

    /** Waits of a group or an owner. */
    public record WaitLine(
        String name,
        WaitSummary range,
        WaitSummary baseline,
        long[] placed,
        Double[] p50Seconds,
        Double[] p99Seconds,
        Double[] maxSeconds,
        long[] pendingAtEnd,
        double[] oldestPendingSeconds)
    {
    }

    /** Waits that ended with a place. */
    public record WaitSummary(long placed, Double p50Seconds, Double p99Seconds, Double maxSeconds, Double meanSeconds)
    {
    }

    /** A session that waited long, and why. */
    public record LongWait(
        long sessionId,
        String name,
        String group,
        String owner,
        int kernels,
        String since,
        String until,
        double waitSeconds,
        String end,
        int momentsAsked,
        List<Cause> causes,
        String saidAt,
        String said)
    {
    }

    /** At how many of the moments this was what a session waited for. */
    public record Cause(String cause, int moments)
    {
    }

    /** What a group has of a slot, what is taken, and what of the rest is of no use. */
    public record Slot(
        String group,
        String slot,
        String unit,
        Double usedPercent,
        Double baselineUsedPercent,
        Double fragmentationPercent,
        Double baselineFragmentationPercent,
        double[] used,
        double[] capacity,
        Double[] usedPercentSeries,
        Double[] fragmentationPercentSeries)
    {
    }

    /** Agents of the cluster. */
    public record Agents(List<GroupAgents> groups, long[] lost, List<Loss> losses)
    {
    }

    /** Agents of a group: mean numbers of those that are there, and of those that may get work. */
    public record GroupAgents(String group, double[] agents, double[] usable)
    {
    }

    /** An agent that was lost. */
    public record Loss(String agent, String group, String lostAt, String returnedAt, int kernels)
    {
    }

    /** What went wrong. */
    public record Failures(
        Map<String, Long> sessionsByReason, Map<String, Long> kernelsByReason, long[] kernelsFailed, List<Work> agents)
    {
    }

    /** What went wrong on an agent. */
    public record Work(
        String agent, String group, long kernelsPlaced, long kernelsFailed, Map<String, Long> failedByReason)
    {
    }

    /** Who had to yield. */
    public record Preemptions(
        long[] sessionsPreempted, Map<String, Long> byGroup, Map<String, Long> byOwner, List<Preempted> sessions)
    {
    }

    /** A session that had to yield, and to whom; null if the journal does not say. */
    public record Preempted(
        String at,
        long sessionId,
        String name,
        String group,
        String owner,
        Long toSessionId,
        String toName,
        String toOwner)
    {
    }

    /** A manager began to reign. */
    public record Manager(String at, long term)
    {
    }

    /** What was not as before. */
    public record Anomalies(
        double threshold, int bucketsNeeded, int seriesJudged, int furtherFound, List<Anomaly> found)
    {
    }

    /** A series that left its usual range. */
    public record Anomaly(
        String series,
        String subject,
        String unit,
        String at,
        String until,
        double value,
        double median,
        double usualLow,
        double usualHigh,
        double score)
    {
    }
}
