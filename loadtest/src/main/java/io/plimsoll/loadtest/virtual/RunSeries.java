package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.virtual.UsageCurve.Line;
import io.plimsoll.loadtest.whatif.WaitFigures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run looked like over time: one value a bucket, from the origin of the workload on. Of {@code null} nothing is
 * known. What plots and tables are made of.
 *
 * @param origin         time of the first bucket; null if it is not known when that was.
 * @param bucketSeconds  length of a bucket.
 * @param waits          by arrival.
 * @param waitHistogram  of all sessions that count.
 * @param slots          that the fleet has.
 * @param waiting        sessions, mean.
 * @param running        sessions, mean.
 * @param machines       that are up, mean.
 * @param waitingByCause sessions at the end of each bucket, by what they wait for first.
 * @param machineRows    names of rows of machines, as {@link Slot#machinesPercent} has them.
 */
public record RunSeries(
    String origin,
    double bucketSeconds,
    Waits waits,
    List<Bin> waitHistogram,
    List<Slot> slots,
    double[] waiting,
    double[] running,
    double[] machines,
    Map<String, double[]> waitingByCause,
    List<String> machineRows)
{
    private static final double SECOND_NS = 1e9;
    private static final double PERCENT = 100;
    private static final double[] BINS =
        {0, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18_000, 36_000, 86_400, 172_800, 432_000,
            864_000, 1_728_000, 4_320_000};
    private static final Line[][] SLOT_LINES = {
        {Line.CPU_USED, Line.CPU_THERE},
        {Line.MEMORY_USED, Line.MEMORY_THERE},
        {Line.DEVICES_USED, Line.DEVICES_THERE}};
    private static final List<String> SLOT_NAMES = List.of("cpu", "mem", "gpu");

    /**
     * Waits of the sessions that arrived in each bucket.
     *
     * @param arrived    sessions.
     * @param p50Seconds not more than this for half of them.
     * @param p95Seconds for 95 of 100.
     * @param p99Seconds for 99 of 100.
     * @param maxSeconds the longest.
     */
    public record Waits(
        long[] arrived, Double[] p50Seconds, Double[] p95Seconds, Double[] p99Seconds, Double[] maxSeconds)
    {
    }

    /**
     * Sessions whose waits are above those of the bin before.
     *
     * @param toSeconds and at most this; null: whatever.
     * @param sessions  of them.
     */
    public record Bin(Double toSeconds, long sessions)
    {
    }

    /**
     * One kind of resource.
     *
     * @param slot                 cpu, mem or gpu.
     * @param usedPercent          of what is there, mean.
     * @param fragmentationPercent of what is free that is of no use to those who ask, at the end of each bucket.
     * @param machinesPercent      used of each row of machines; null for rows that have none.
     */
    public record Slot(String slot, Double[] usedPercent, Double[] fragmentationPercent, int[][] machinesPercent)
    {
    }

    /**
     * Of a run that is over and was watched.
     *
     * @param run      of it.
     * @param warmupNs time before which waits do not count in the histogram.
     */
    public static RunSeries of(final ClusterRun run, final long warmupNs)
    {
        final RunWatch watch = run.watch();
        if (null == watch)
        {
            throw new IllegalStateException("workload=" + run.workload().name() + " was not watched");
        }
        final List<Slot> slots = new ArrayList<>();
        for (int slot = 0; slot < SLOT_LINES.length; slot++)
        {
            final double[] there = watch.means(SLOT_LINES[slot][1]);
            if (Arrays.stream(there).anyMatch(value -> value > 0))
            {
                slots.add(slot(watch, slot, there));
            }
        }
        return new RunSeries(
            run.workload().hasOrigin() ? instant(run.workload().originEpochNs()) : null,
            watch.widthNs() / SECOND_NS,
            waits(run),
            histogram(run, Warmup.cutNs(run, warmupNs)),
            slots,
            watch.means(Line.WAITING),
            watch.means(Line.RUNNING),
            watch.means(Line.MACHINES),
            causes(watch),
            watch.rows());
    }

    private static String instant(final long epochNs)
    {
        return Instant.ofEpochSecond(
            Math.floorDiv(epochNs, (long)SECOND_NS), Math.floorMod(epochNs, (long)SECOND_NS)).toString();
    }

    private static Slot slot(final RunWatch watch, final int slot, final double[] there)
    {
        final double[] used = watch.means(SLOT_LINES[slot][0]);
        final double[] useless = watch.fragmentation(slot);
        final Double[] usedPercent = new Double[used.length];
        final Double[] uselessPercent = new Double[used.length];
        for (int bucket = 0; bucket < used.length; bucket++)
        {
            usedPercent[bucket] = there[bucket] > 0 ? percent(used[bucket] / there[bucket]) : null;
            uselessPercent[bucket] = Double.isNaN(useless[bucket]) ? null : percent(useless[bucket]);
        }
        final int[][] machines = new int[watch.rows().size()][];
        for (int row = 0; row < machines.length; row++)
        {
            final double[] parts = watch.heat(row, slot);
            machines[row] = null == parts ? null :
                Arrays.stream(parts).mapToInt(part -> (int)Math.round(PERCENT * part)).toArray();
        }
        return new Slot(SLOT_NAMES.get(slot), usedPercent, uselessPercent, machines);
    }

    private static double percent(final double part)
    {
        return Math.rint(part * PERCENT * PERCENT) / PERCENT;
    }

    /** What is left of sums by rounding is no session. */
    private static Map<String, double[]> causes(final RunWatch watch)
    {
        final Map<String, double[]> rounded = new TreeMap<>();
        watch.causes().forEach((cause, values) ->
            rounded.put(cause, Arrays.stream(values).map(value -> Math.rint(value * 10) / 10).toArray()));
        return rounded;
    }

    private static long waitNs(final ClusterRun run, final int session)
    {
        final SessionLog log = run.sessions();
        final long startNs = log.startNs(session);
        return (SessionLog.NOT_YET != startNs ? startNs :
            SessionLog.NOT_YET == log.endNs(session) ? run.endNs() : log.endNs(session)) - log.arrivalNs(session);
    }

    private static Waits waits(final ClusterRun run)
    {
        final SessionLog log = run.sessions();
        final int buckets = run.watch().intervals();
        final WaitFigures[] figures = new WaitFigures[buckets];
        for (int session = 0; session < log.size(); session++)
        {
            final int bucket = (int)Math.min(buckets - 1, log.arrivalNs(session) / run.watch().widthNs());
            if (null != log.state(session) && bucket >= 0)
            {
                figures[bucket] = null == figures[bucket] ? new WaitFigures() : figures[bucket];
                figures[bucket].add(waitNs(run, session), false);
            }
        }
        final long[] arrived = new long[buckets];
        for (int bucket = 0; bucket < buckets; bucket++)
        {
            arrived[bucket] = null == figures[bucket] ? 0 : figures[bucket].count();
        }
        return new Waits(
            arrived,
            percentile(figures, 50),
            percentile(figures, 95),
            percentile(figures, 99),
            percentile(figures, 100));
    }

    private static Double[] percentile(final WaitFigures[] figures, final int percent)
    {
        final Double[] values = new Double[figures.length];
        for (int bucket = 0; bucket < values.length; bucket++)
        {
            values[bucket] = null == figures[bucket] ? null : figures[bucket].percentileSeconds(percent);
        }
        return values;
    }

    private static List<Bin> histogram(final ClusterRun run, final long cutNs)
    {
        final SessionLog log = run.sessions();
        final long[] counts = new long[BINS.length + 1];
        for (int session = 0; session < log.size(); session++)
        {
            if (null != log.state(session) && log.arrivalNs(session) >= cutNs)
            {
                final int at = Arrays.binarySearch(BINS, waitNs(run, session) / SECOND_NS);
                counts[at < 0 ? -at - 1 : at]++;
            }
        }
        int last = counts.length - 1;
        while (last > 0 && 0 == counts[last])
        {
            last--;
        }
        final List<Bin> bins = new ArrayList<>();
        for (int bin = 0; bin <= last; bin++)
        {
            bins.add(new Bin(bin < BINS.length ? BINS[bin] : null, counts[bin]));
        }
        return bins;
    }
}
