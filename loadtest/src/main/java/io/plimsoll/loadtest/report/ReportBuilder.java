package io.plimsoll.loadtest.report;

import io.plimsoll.core.sbe.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts together what two readings found. */
final class ReportBuilder
{
    /** Agents that are told one by one, those with the most failures first. */
    private static final int AGENTS_MAX = 20;
    private static final double PERCENT = 100;
    private static final double P50 = 0.5;
    private static final double P99 = 0.99;

    private final Survey survey;
    private final Inquiry inquiry;
    private final ReportRange range;
    private final BookedNames names;

    ReportBuilder(final Survey survey, final Inquiry inquiry)
    {
        this.survey = survey;
        this.inquiry = inquiry;
        range = survey.range;
        names = survey.book.names();
    }

    Report build(final Report.Journal journal, final List<String> notes)
    {
        final Report.Waits waits = waits();
        final List<Report.Slot> slots = new SlotBuilder(survey, inquiry).build();
        final Report.Agents agents = agents();
        final FlowListener flow = survey.flow;
        final List<String> told = new ArrayList<>(notes);
        if (range.baselineBuckets() < AnomalySearch.BUCKETS_NEEDED)
        {
            told.add("there is too little before the range to say what is usual: no anomalies are looked for");
        }
        return new Report(
            Report.FORMAT,
            Report.FORMAT_VERSION,
            journal,
            range(told),
            totals(),
            new Report.Flow(
                flow.submitted, flow.placed, flow.ended, flow.failed, flow.rejected, flow.rejectedByCode),
            waits,
            slots,
            agents,
            failures(),
            preemptions(),
            flow.reigns.stream().map(reign -> new Report.Manager(ReportText.time(reign.atNs()), reign.term())).toList(),
            anomalies(waits, slots, agents));
    }

    private Report.Range range(final List<String> notes)
    {
        return new Report.Range(
            ReportText.time(range.fromNs()),
            ReportText.time(range.toNs()),
            ReportText.time(range.startNs()),
            range.fromNs(),
            range.toNs(),
            ReportText.seconds(range.toNs() - range.fromNs()),
            ReportText.seconds(range.fromNs() - range.startNs()),
            ReportText.seconds(range.widthNs()),
            range.baselineBuckets(),
            range.rangeBuckets(),
            List.copyOf(notes));
    }

    private Report.Totals totals()
    {
        final FlowListener flow = survey.flow;
        final long pending =
            survey.waits.byGroup().values().stream().mapToLong(lane -> lane.pendingAtEnd[range.buckets() - 1]).sum();
        return new Report.Totals(
            survey.commands(),
            survey.events(),
            inRange(flow.submitted),
            inRange(flow.placed),
            inRange(flow.ended),
            inRange(flow.failed),
            inRange(flow.preempted),
            pending,
            inRange(survey.agents.kernelsPlaced),
            inRange(survey.agents.kernelsFailed),
            inRange(flow.rejected),
            inRange(survey.agents.lost));
    }

    private long inRange(final long[] series)
    {
        return Arrays.stream(series, range.baselineBuckets(), range.buckets()).sum();
    }

    private Report.Waits waits()
    {
        final List<Report.WaitLine> groups = new ArrayList<>();
        survey.waits.byGroup().forEach((id, lane) -> addLine(groups, names.group(id), lane));
        final List<Report.WaitLine> owners = new ArrayList<>();
        survey.waits.byOwner().forEach(
            (id, lane) -> addLine(owners, WaitListener.OTHERS == id ? "all others" : names.owner(id), lane));
        return new Report.Waits(groups, owners, survey.longest.waits().stream().map(this::longWait).toList());
    }

    private void addLine(final List<Report.WaitLine> lines, final String name, final WaitLane lane)
    {
        if (lane.isEmpty())
        {
            return;
        }
        final int buckets = range.buckets();
        final long[] placed = new long[buckets];
        final Double[] p50 = new Double[buckets];
        final Double[] p99 = new Double[buckets];
        final Double[] max = new Double[buckets];
        for (int bucket = 0; bucket < buckets; bucket++)
        {
            final DurationCounts counts = lane.byBucket[bucket];
            if (null != counts)
            {
                placed[bucket] = counts.count();
                p50[bucket] = ReportText.seconds(counts.quantileNs(P50));
                p99[bucket] = ReportText.seconds(counts.quantileNs(P99));
                max[bucket] = ReportText.seconds(counts.maxNs());
            }
        }
        lines.add(new Report.WaitLine(
            name,
            summary(lane.inRange),
            summary(lane.before),
            placed,
            p50,
            p99,
            max,
            lane.pendingAtEnd,
            Arrays.stream(lane.oldestNs).mapToDouble(ReportText::seconds).toArray()));
    }

    private static Report.WaitSummary summary(final DurationCounts counts)
    {
        return 0 == counts.count() ? new Report.WaitSummary(0, null, null, null, null) : new Report.WaitSummary(
            counts.count(),
            ReportText.seconds(counts.quantileNs(P50)),
            ReportText.seconds(counts.quantileNs(P99)),
            ReportText.seconds(counts.maxNs()),
            counts.sumNs() / counts.count() / 1e9);
    }

    private Report.LongWait longWait(final LongestWaits.Wait wait)
    {
        final Inquiry.Answers answers = inquiry.answers(wait);
        final List<Report.Cause> causes = new ArrayList<>();
        answers.momentsByCause.forEach((cause, moments) -> causes.add(new Report.Cause(cause, moments)));
        causes.sort(Comparator.comparingInt(Report.Cause::moments).reversed());
        return new Report.LongWait(
            wait.sessionId,
            wait.session.name,
            names.group(wait.session.groupId),
            names.owner(wait.session.ownerId),
            wait.session.kernels,
            ReportText.time(wait.sinceNs),
            ReportText.time(wait.untilNs),
            ReportText.seconds(wait.lengthNs()),
            switch (wait.end)
            {
                case PENDING -> "waiting";
                case CANCELLED -> "cancelled";
                case ERROR, TERMINATED -> "failed";
                default -> "placed";
            },
            answers.moments,
            causes,
            0 == answers.moments ? null : ReportText.time(answers.lastNs),
            answers.lastSaid);
    }

    private Report.Agents agents()
    {
        final List<Report.GroupAgents> groups = new ArrayList<>();
        survey.usage.byGroup().forEach((id, usage) -> groups.add(new Report.GroupAgents(
            names.group(id), mean(usage.agentNs, 1), mean(usage.usableNs, 1))));
        return new Report.Agents(
            groups,
            survey.agents.lost,
            survey.agents.losses.stream().map(loss -> new Report.Loss(
                loss.agent.name,
                names.group(loss.agent.groupId),
                ReportText.time(loss.atNs),
                0 == loss.returnedNs ? null : ReportText.time(loss.returnedNs),
                loss.kernels)).toList());
    }

    private double[] mean(final double[] integral, final double scale)
    {
        return SlotBuilder.mean(range, integral, scale);
    }

    private Report.Failures failures()
    {
        return new Report.Failures(
            survey.flow.failedByReason,
            byName(survey.agents.failedByReason),
            survey.agents.kernelsFailed,
            survey.agents.byAgent.values().stream()
                .filter(work -> work.failed > 0)
                .sorted(Comparator.comparingLong((AgentListener.Work work) -> -work.failed)
                    .thenComparingInt(work -> work.agent.id))
                .limit(AGENTS_MAX)
                .map(work -> new Report.Work(
                    work.agent.name,
                    names.group(work.agent.groupId),
                    work.placed,
                    work.failed,
                    byName(work.failedByReason)))
                .toList());
    }

    private static Map<String, Long> byName(final Map<Reason, Long> byReason)
    {
        final Map<String, Long> byName = new LinkedHashMap<>();
        byReason.forEach((reason, count) -> byName.put(BookedNames.kebab(reason), count));
        return byName;
    }

    private Report.Preemptions preemptions()
    {
        final FlowListener flow = survey.flow;
        final Map<String, Long> byGroup = new LinkedHashMap<>();
        flow.preemptedByGroup.forEach((id, count) -> byGroup.merge(names.group(id), count, Long::sum));
        final Map<String, Long> byOwner = new LinkedHashMap<>();
        flow.preemptedByOwner.forEach((id, count) -> byOwner.merge(names.owner(id), count, Long::sum));
        return new Report.Preemptions(
            flow.preempted,
            byGroup,
            byOwner,
            flow.preemptions.stream().map(this::preempted).toList());
    }

    private Report.Preempted preempted(final FlowListener.Preempted preempted)
    {
        final BookedSession session = preempted.session();
        final BookedSession preemptor = preempted.preemptor();
        return new Report.Preempted(
            ReportText.time(preempted.atNs()),
            session.id,
            session.name,
            names.group(session.groupId),
            names.owner(session.ownerId),
            null == preemptor ? null : (Long)preemptor.id,
            null == preemptor ? null : preemptor.name,
            null == preemptor ? null : names.owner(preemptor.ownerId));
    }

    private Report.Anomalies anomalies(
        final Report.Waits waits, final List<Report.Slot> slots, final Report.Agents agents)
    {
        final AnomalySearch search = new AnomalySearch(range);
        search.judge(count("sessions submitted", AnomalySearch.Direction.BOTH), survey.flow.submitted);
        search.judge(count("sessions placed", AnomalySearch.Direction.BOTH), survey.flow.placed);
        search.judge(count("sessions failed", AnomalySearch.Direction.UP), survey.flow.failed);
        search.judge(count("commands rejected", AnomalySearch.Direction.UP), survey.flow.rejected);
        search.judge(count("sessions preempted", AnomalySearch.Direction.UP), survey.flow.preempted);
        search.judge(count("kernels failed", AnomalySearch.Direction.UP), survey.agents.kernelsFailed);
        search.judge(count("agents lost", AnomalySearch.Direction.UP), survey.agents.lost);
        waits.groups().forEach(line -> judge(search, "group " + line.name(), line));
        waits.owners().forEach(line -> judge(search, "owner " + line.name(), line));
        for (final Report.Slot slot : slots)
        {
            final String subject = "group " + slot.group() + ", " + slot.slot();
            search.judge(
                level("utilisation", subject, "percent", AnomalySearch.Direction.BOTH), slot.usedPercentSeries());
            search.judge(
                level("fragmentation", subject, "percent", AnomalySearch.Direction.UP),
                slot.fragmentationPercentSeries());
        }
        for (final Report.GroupAgents group : agents.groups())
        {
            search.judge(
                level("usable agents", "group " + group.group(), "agents", AnomalySearch.Direction.DOWN),
                Arrays.stream(group.usable()).boxed().toArray(Double[]::new));
        }
        return search.result();
    }

    private static void judge(final AnomalySearch search, final String subject, final Report.WaitLine line)
    {
        search.judge(level("wait p50", subject, "seconds", AnomalySearch.Direction.UP), line.p50Seconds());
        search.judge(level("wait p99", subject, "seconds", AnomalySearch.Direction.UP), line.p99Seconds());
        search.judge(level("sessions pending", subject, "sessions", AnomalySearch.Direction.UP), line.pendingAtEnd());
        search.judge(
            level("oldest pending", subject, "seconds", AnomalySearch.Direction.UP),
            Arrays.stream(line.oldestPendingSeconds()).boxed().toArray(Double[]::new));
    }

    private static AnomalySearch.Series count(final String name, final AnomalySearch.Direction direction)
    {
        return new AnomalySearch.Series(name, "cluster", "count", 1, direction, true);
    }

    private static AnomalySearch.Series level(
        final String name, final String subject, final String unit, final AnomalySearch.Direction direction)
    {
        return new AnomalySearch.Series(name, subject, unit, 1, direction, false);
    }

    static Double percent(final double part, final double whole)
    {
        return whole > 0 ? PERCENT * part / whole : null;
    }
}
