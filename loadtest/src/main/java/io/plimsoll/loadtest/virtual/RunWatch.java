package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.Machine;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.VirtualKernel;
import io.plimsoll.loadtest.virtual.UsageCurve.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * What a run looks like over time, for who wants to see it: at most {@value #INTERVALS} intervals, which become longer
 * as the run does. Means are exact; fragmentation and causes of waiting are those at the ends of intervals.
 */
final class RunWatch
{
    /** All that intervals may be merged by divides it. */
    static final int INTERVALS = 420;
    private static final int ROWS = 64;
    private static final int INTERVALS_WANTED = 280;
    private static final long SECOND_NS = 1_000_000_000L;
    /** Seconds that read well, each a multiple of the one before; beyond, twice the one before. */
    private static final long[] WIDTHS_S =
        {1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 172_800};

    private final StepMeans lines = new StepMeans(Line.values().length, INTERVALS);
    private final StepMeans heat;
    private final int[] rowOfMachine;
    private final double[][] capacityOfRow;
    private final List<String> rowNames = new ArrayList<>();
    private final FreeRoom room;
    private final QueueCauses queue = new QueueCauses();
    private final LongFunction<String> scheduler;
    private final double[][] fragmentation = new double[FreeRoom.SLOTS][INTERVALS];
    private final Map<String, double[]> causes = new TreeMap<>();
    private double[] lastParts;
    private Map<String, Double> lastCauses = Map.of();
    private boolean isDirty = true;
    private int sampled;
    private long widthNs;
    private long nowNs;

    /**
     * Of a run that has not begun.
     *
     * @param scheduler says what a session waits for, by its id.
     */
    RunWatch(
        final Fleet fleet,
        final List<AgentSpec> agents,
        final Workload workload,
        final boolean isPool,
        final LongFunction<String> scheduler)
    {
        this.scheduler = scheduler;
        room = new FreeRoom(fleet, agents, workload, isPool);
        rowOfMachine = rows(fleet);
        heat = new StepMeans(rowNames.size() * FreeRoom.SLOTS, INTERVALS);
        capacityOfRow = new double[rowNames.size()][FreeRoom.SLOTS];
        for (int machine = 0; machine < rowOfMachine.length; machine++)
        {
            final MachineKind kind = fleet.machines().get(machine).kind();
            final double[] capacity = capacityOfRow[rowOfMachine[machine]];
            capacity[0] += kind.cpuMillis();
            capacity[1] += MachineKind.UNLIMITED == kind.memoryBytes() ? 0 : kind.memoryBytes();
            capacity[2] += agents.get(machine).deviceMilli();
        }
        widthNs = WIDTHS_S[0] * SECOND_NS;
        while (workload.lastArrivalNs() / widthNs > INTERVALS_WANTED)
        {
            widthNs *= wider(widthNs);
        }
    }

    /** Machines of one kind side by side, as many in a row as it takes. */
    private int[] rows(final Fleet fleet)
    {
        final int[] rows = new int[fleet.machines().size()];
        final int each = (rows.length + ROWS - 1) / ROWS;
        final boolean isByKind = fleet.kinds().size() <= ROWS;
        final Map<Object, List<Integer>> kinds = new LinkedHashMap<>();
        for (int machine = 0; machine < rows.length; machine++)
        {
            final Object kind = isByKind ? fleet.machines().get(machine).kind() : "";
            kinds.computeIfAbsent(kind, key -> new ArrayList<>()).add(machine);
        }
        for (final List<Integer> alike : kinds.values())
        {
            for (int from = 0; from < alike.size(); from += each)
            {
                final List<Integer> some = alike.subList(from, Math.min(alike.size(), from + each));
                some.forEach(machine -> rows[machine] = rowNames.size());
                final Machine first = fleet.machines().get(some.get(0));
                rowNames.add(1 == some.size() ? first.name() :
                    first.name() + " to " + fleet.machines().get(some.get(some.size() - 1)).name());
            }
        }
        return rows;
    }

    private static int wider(final long widthNs)
    {
        final int at = Arrays.binarySearch(WIDTHS_S, widthNs / SECOND_NS);
        return at < 0 || at == WIDTHS_S.length - 1 ? 2 : (int)(WIDTHS_S[at + 1] / WIDTHS_S[at]);
    }

    /* What happens. */

    /** Time has passed with everything as it was. */
    void passTo(final long timeNs)
    {
        while ((sampled + 1) * widthNs <= timeNs)
        {
            sample();
            if (INTERVALS == sampled)
            {
                widen();
            }
        }
        nowNs = timeNs;
    }

    void change(final Line line, final double change)
    {
        lines.change(line.ordinal(), change, nowNs, widthNs);
    }

    void hold(final int machine, final VirtualKernel kernel, final int sign)
    {
        final int row = rowOfMachine[machine] * FreeRoom.SLOTS;
        double milli = 0;
        for (final VirtualKernel.DeviceShare device : kernel.devices())
        {
            milli += device.share();
        }
        heat.change(row, (double)sign * kernel.cpuMillis(), nowNs, widthNs);
        heat.change(row + 1, (double)sign * kernel.memoryBytes(), nowNs, widthNs);
        heat.change(row + 2, sign * milli, nowNs, widthNs);
        room.hold(machine, kernel, sign);
        isDirty = true;
    }

    void up(final int machine, final boolean isUp)
    {
        room.up(machine, isUp);
        isDirty = true;
    }

    void waits(final long sessionId, final boolean waits)
    {
        queue.waits(sessionId, waits);
        isDirty = true;
    }

    private void sample()
    {
        if (isDirty)
        {
            lastParts = room.parts();
            lastCauses = queue.ask(scheduler);
            isDirty = false;
        }
        for (int slot = 0; slot < FreeRoom.SLOTS; slot++)
        {
            fragmentation[slot][sampled] = lastParts[slot];
        }
        lastCauses.forEach((cause, sessions) ->
            causes.computeIfAbsent(cause, key -> new double[INTERVALS])[sampled] = sessions);
        sampled++;
    }

    private void widen()
    {
        final int factor = wider(widthNs);
        lines.merge(factor);
        heat.merge(factor);
        for (final double[] parts : fragmentation)
        {
            merge(parts, factor);
        }
        causes.values().forEach(values -> merge(values, factor));
        sampled /= factor;
        widthNs *= factor;
    }

    /** Means of those that are numbers. */
    private static void merge(final double[] values, final int factor)
    {
        for (int interval = 0; interval < values.length; interval++)
        {
            double sum = 0;
            int count = 0;
            for (int i = interval * factor; i < Math.min(values.length, (interval + 1) * factor); i++)
            {
                sum += Double.isNaN(values[i]) ? 0 : values[i];
                count += Double.isNaN(values[i]) ? 0 : 1;
            }
            values[interval] = interval * factor >= values.length ? 0 : 0 == count ? Double.NaN : sum / count;
        }
    }

    /* What it was like. */

    long widthNs()
    {
        return widthNs;
    }

    /** Up to where it is told. */
    long endNs()
    {
        return nowNs;
    }

    /** Intervals that have begun. */
    int intervals()
    {
        return (int)((nowNs + widthNs - 1) / widthNs);
    }

    double[] means(final Line line)
    {
        return lines.means(line.ordinal(), nowNs, widthNs);
    }

    /** Part of what is free that is of no use, at the end of each interval; the last one has as its own what is now. */
    double[] fragmentation(final int slot)
    {
        final double[] parts = Arrays.copyOf(fragmentation[slot], intervals());
        if (sampled < parts.length)
        {
            parts[sampled] = room.parts()[slot];
        }
        return parts;
    }

    /** Sessions that wait, by cause, at the end of each interval. */
    Map<String, double[]> causes()
    {
        final Map<String, double[]> told = new TreeMap<>();
        causes.forEach((cause, values) -> told.put(cause, Arrays.copyOf(values, intervals())));
        return told;
    }

    /** Names of the rows of the heat map. */
    List<String> rows()
    {
        return rowNames;
    }

    /** Part of a slot that the machines of a row used, 0 to 1, in each interval; null if they have none. */
    double[] heat(final int row, final int slot)
    {
        final double capacity = capacityOfRow[row][slot];
        return 0 == capacity ? null : Arrays.stream(heat.means(row * FreeRoom.SLOTS + slot, nowNs, widthNs))
            .map(used -> used / capacity).toArray();
    }
}
