package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.KernelSet;
import io.plimsoll.loadtest.jobs.Need;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.VirtualKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of what is free is of no use to what is asked for: the measure of docs/REPORT.md, told of cores, memory and
 * GPUs. What a group is asked for is known here from its workload, the {@value #MIX_MAX} most frequent requests.
 * Machines are looked at again only if something was taken or given back there.
 */
final class FreeRoom
{
    /** Cores, memory, GPUs. */
    static final int SLOTS = 3;
    private static final int CPU = 0;
    private static final int MEMORY = 1;
    private static final int GPU = 2;
    private static final int MIX_MAX = 64;
    private static final int WHOLE = 1000;
    private static final String GPU_KIND = "cuda";

    private final Room[] rooms;
    private final double[] free = new double[SLOTS];
    private final double[] useless = new double[SLOTS];

    FreeRoom(final Fleet fleet, final List<AgentSpec> agents, final Workload workload, final boolean isPool)
    {
        final Map<String, List<Wish>> mixes = mixes(workload, isPool);
        rooms = new Room[agents.size()];
        for (int i = 0; i < rooms.length; i++)
        {
            final MachineKind kind = fleet.machines().get(i).kind();
            final List<Wish> mix = mixes.getOrDefault(isPool ? "" : kind.group(), List.of());
            rooms[i] = new Room(kind, mix);
        }
    }

    /** What a kernel asks for, and how often. */
    private record Wish(Need need, long weight)
    {
        private long of(final int slot)
        {
            return CPU == slot ? need.cpuMillis() : MEMORY == slot ? need.memoryBytes() : need.gpuMilli();
        }

        /** Thousandths of each device that it takes. */
        private long eachMilli()
        {
            return Math.min(WHOLE, need.gpuMilli());
        }
    }

    private static Map<String, List<Wish>> mixes(final Workload workload, final boolean isPool)
    {
        final Map<String, Map<Need, Long>> counts = new HashMap<>();
        for (final Job job : workload.jobs())
        {
            final Map<Need, Long> group =
                counts.computeIfAbsent(isPool ? "" : job.tenant().group(), name -> new HashMap<>());
            for (final KernelSet set : job.request().kernels())
            {
                group.merge(set.need(), (long)set.count() * job.elements(), Long::sum);
            }
        }
        final Map<String, List<Wish>> mixes = new HashMap<>();
        counts.forEach((group, needs) ->
        {
            final List<Wish> wishes = new ArrayList<>();
            needs.forEach((need, count) -> wishes.add(new Wish(need, count)));
            wishes.sort((one, other) -> 0 != Long.compare(other.weight, one.weight) ?
                Long.compare(other.weight, one.weight) : one.need.toString().compareTo(other.need.toString()));
            mixes.put(group, List.copyOf(wishes.subList(0, Math.min(MIX_MAX, wishes.size()))));
        });
        return mixes;
    }

    void hold(final int machine, final VirtualKernel kernel, final int sign)
    {
        rooms[machine].hold(kernel, sign);
    }

    void up(final int machine, final boolean isUp)
    {
        rooms[machine].isUp = isUp;
        rooms[machine].isTouched = true;
    }

    /** Part of what is free that is of no use, 0 to 1, by slot; NaN where nothing is free, or nobody asks. */
    double[] parts()
    {
        for (final Room room : rooms)
        {
            if (room.isTouched)
            {
                for (int slot = 0; slot < SLOTS; slot++)
                {
                    free[slot] -= room.free[slot];
                    useless[slot] -= room.useless[slot];
                }
                room.measure();
                for (int slot = 0; slot < SLOTS; slot++)
                {
                    free[slot] += room.free[slot];
                    useless[slot] += room.useless[slot];
                }
            }
        }
        final double[] parts = new double[SLOTS];
        for (int slot = 0; slot < SLOTS; slot++)
        {
            // Sums of differences are off by a rounding or two.
            parts[slot] = free[slot] < 0.5 ? Double.NaN : Math.min(1, Math.max(0, useless[slot] / free[slot]));
        }
        return parts;
    }

    /** One machine. */
    private static final class Room
    {
        private final List<Wish> mix;
        private final int[] deviceFree;
        private final double[] free = new double[SLOTS];
        private final double[] useless = new double[SLOTS];
        private final boolean isMemoryKnown;
        private long cpuFree;
        private long memoryFree;
        private boolean isUp;
        private boolean isTouched = true;

        private Room(final MachineKind kind, final List<Wish> mix)
        {
            this.mix = mix;
            cpuFree = kind.cpuMillis();
            memoryFree = kind.memoryBytes();
            isMemoryKnown = MachineKind.UNLIMITED != memoryFree;
            deviceFree = new int[(int)(kind.gpuMilli() / WHOLE)];
            Arrays.fill(deviceFree, WHOLE);
        }

        private void hold(final VirtualKernel kernel, final int sign)
        {
            isTouched = true;
            cpuFree -= sign * kernel.cpuMillis();
            memoryFree -= sign * kernel.memoryBytes();
            for (final VirtualKernel.DeviceShare device : kernel.devices())
            {
                if (GPU_KIND.equals(device.kind()) && device.index() < deviceFree.length)
                {
                    deviceFree[device.index()] -= sign * (int)device.share();
                }
            }
        }

        private void measure()
        {
            isTouched = false;
            Arrays.fill(useless, 0);
            free[CPU] = isUp ? cpuFree : 0;
            free[MEMORY] = isUp && isMemoryKnown ? memoryFree : 0;
            free[GPU] = isUp ? Arrays.stream(deviceFree).sum() : 0;
            for (int slot = 0; isUp && slot < SLOTS; slot++)
            {
                long weight = 0;
                for (final Wish wish : mix)
                {
                    if (wish.of(slot) > 0)
                    {
                        weight += wish.weight;
                        useless[slot] += wish.weight *
                            (!fits(wish) ? free[slot] : GPU == slot ? tooFull(wish.eachMilli()) : 0);
                    }
                }
                useless[slot] /= Math.max(1, weight);
                free[slot] = 0 == weight ? 0 : free[slot];
            }
        }

        private boolean fits(final Wish wish)
        {
            if (wish.need.cpuMillis() > cpuFree || wish.need.memoryBytes() > memoryFree)
            {
                return false;
            }
            long left = wish.need.gpuMilli();
            final long each = wish.eachMilli();
            for (int device = 0; device < deviceFree.length && left > 0; device++)
            {
                left -= deviceFree[device] >= each ? each : 0;
            }
            return left <= 0;
        }

        /** Free thousandths of devices that cannot take what is asked of one. */
        private double tooFull(final long each)
        {
            double sum = 0;
            for (final int device : deviceFree)
            {
                sum += device < each ? device : 0;
            }
            return sum;
        }
    }
}
