package io.plimsoll.loadtest.virtual;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.loadtest.jobs.Tenant;
import io.plimsoll.loadtest.virtual.UsageCurve.Line;
import io.plimsoll.loadtest.whatif.WaitFigures;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run comes to. Sessions count that arrived after the warm-up and were not refused; one that has not started by
 * the end has waited until then. Usage is that between the warm-up and the last arrival: what comes after is a cluster
 * that empties.
 *
 * @param sessions        that count.
 * @param refused         that would count if they had not been refused.
 * @param unstarted       that had not started when the run was over.
 * @param failed          that ended in error.
 * @param attempts        to run those that started.
 * @param waits           of all.
 * @param waitsByGroup    by the group that the workload tells of.
 * @param waitsByUser     by user.
 * @param boundedSlowdown mean of (wait + run) / run, no run counted as shorter than 10 s and no quotient as below 1.
 * @param cpuUse          part of the millicores that were there, 0 to 1.
 * @param memoryUse       part of the memory that was there; 0 if machines do not say.
 * @param deviceUse       part of the devices that were there; 0 without any.
 * @param waitingMean     sessions that waited, on the average.
 * @param pressure        what they waited for, and when.
 * @param warmupNs        what was cut.
 * @param endNs           when the run was over.
 */
public record RunFigures(
    long sessions,
    long refused,
    long unstarted,
    long failed,
    double attempts,
    WaitFigures waits,
    Map<String, WaitFigures> waitsByGroup,
    Map<String, WaitFigures> waitsByUser,
    double boundedSlowdown,
    double cpuUse,
    double memoryUse,
    double deviceUse,
    double waitingMean,
    Pressure pressure,
    long warmupNs,
    long endNs)
{
    private static final double SHORTEST_RUN_NS = 10e9;

    /** A fleet without machines: one session has not started, and has waited as long as there is time. */
    public static final RunFigures NOTHING_RAN = nothing();

    private static RunFigures nothing()
    {
        final WaitFigures endless = new WaitFigures();
        endless.add(Long.MAX_VALUE, true);
        return new RunFigures(
            1, 0, 1, 0, 0, endless, Map.of("", endless), Map.of("", endless), Double.POSITIVE_INFINITY, 0, 0, 0, 1,
            Pressure.none(), 0, 0);
    }

    /**
     * Of a run that is over.
     *
     * @param run      of it.
     * @param warmupNs time before which nothing counts, or {@link Warmup#BY_RULE}.
     */
    public static RunFigures of(final ClusterRun run, final long warmupNs)
    {
        return of(run, warmupNs, false);
    }

    /**
     * Of a run that went on until nothing more could happen, so that who has not started by then never will: whoever
     * that is waits for ever. A session that no machine can hold, and that comes last, would else have waited for
     * nothing.
     *
     * @param run      of it.
     * @param warmupNs time before which nothing counts, or {@link Warmup#BY_RULE}.
     */
    public static RunFigures ofWhole(final ClusterRun run, final long warmupNs)
    {
        return of(run, warmupNs, true);
    }

    private static RunFigures of(final ClusterRun run, final long warmupNs, final boolean isWhole)
    {
        final long cutNs = Warmup.cutNs(run, warmupNs);
        final Count count = new Count(run, isWhole);
        for (int session = 0; session < run.sessions().size(); session++)
        {
            if (run.sessions().arrivalNs(session) >= cutNs)
            {
                count.add(session);
            }
        }
        final UsageCurve curve = run.curve();
        // A cluster to which all comes at once has no other time than that in which it empties.
        final long lastNs = run.workload().lastArrivalNs();
        final long toNs = lastNs - cutNs >= curve.intervalNs() ? lastNs : curve.endNs();
        return new RunFigures(
            count.waits.count(),
            count.refused,
            count.waits.stillWaiting(),
            count.failed,
            count.started == 0 ? 0 : (double)count.attempts / count.started,
            count.waits,
            count.byGroup,
            count.byUser,
            count.ran == 0 ? 0 : count.slowdown / count.ran,
            use(curve, Line.CPU_USED, Line.CPU_THERE, cutNs, toNs),
            use(curve, Line.MEMORY_USED, Line.MEMORY_THERE, cutNs, toNs),
            use(curve, Line.DEVICES_USED, Line.DEVICES_THERE, cutNs, toNs),
            toNs > cutNs ? curve.area(Line.WAITING, cutNs, toNs) / (toNs - cutNs) : 0,
            Pressure.of(run, cutNs),
            cutNs,
            run.endNs());
    }

    private static double use(
        final UsageCurve curve, final Line used, final Line there, final long fromNs, final long toNs)
    {
        final double all = curve.area(there, fromNs, toNs);
        return 0 == all ? 0 : curve.area(used, fromNs, toNs) / all;
    }

    private static final class Count
    {
        private final ClusterRun run;
        private final boolean isWhole;
        private final SessionLog log;
        private final WaitFigures waits = new WaitFigures();
        private final Map<String, WaitFigures> byGroup = new TreeMap<>();
        private final Map<String, WaitFigures> byUser = new TreeMap<>();
        private long refused;
        private long failed;
        private long started;
        private long attempts;
        private long ran;
        private double slowdown;

        private Count(final ClusterRun run, final boolean isWhole)
        {
            this.run = run;
            this.isWhole = isWhole;
            log = run.sessions();
        }

        private void add(final int session)
        {
            final LifeState state = log.state(session);
            if (null == state)
            {
                refused++;
                return;
            }
            final long startNs = log.startNs(session);
            final boolean waits = SessionLog.NOT_YET == startNs;
            final boolean isOver = SessionLog.NOT_YET != log.endNs(session);
            final long untilNs = !waits ? startNs : isOver ? log.endNs(session) : run.endNs();
            final long waitNs =
                isWhole && waits && !isOver ? Long.MAX_VALUE : untilNs - log.arrivalNs(session);
            final Tenant tenant = run.workload().tenant(log.job(session));
            this.waits.add(waitNs, waits);
            byGroup.computeIfAbsent(tenant.group(), group -> new WaitFigures()).add(waitNs, waits);
            byUser.computeIfAbsent(tenant.user(), user -> new WaitFigures()).add(waitNs, waits);
            failed += LifeState.ERROR == state ? 1 : 0;
            started += waits ? 0 : 1;
            attempts += waits ? 0 : log.attempts(session);
            if (!waits && isOver)
            {
                final double runNs = log.endNs(session) - startNs;
                ran++;
                slowdown += Math.max(1, (waitNs + runNs) / Math.max(runNs, SHORTEST_RUN_NS));
            }
        }
    }
}
