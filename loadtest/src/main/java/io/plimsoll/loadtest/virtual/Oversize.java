package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.KernelSet;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadBuilder;
import java.util.HashMap;
import java.util.Map;

/**
 * Jobs of a log that ask for more cores or memory than there are: published experiments have left them out, while under
 * a scheduler everybody behind them would wait for ever. Stateless.
 */
final class Oversize
{
    /** Why they are left out, as the workload tells it. */
    static final String WHY = "larger than the machine";

    private Oversize()
    {
    }

    /**
     * The same workload without jobs of which a kernel is larger than each machine that it may run on, or that are
     * larger than all of these together. They are counted among what was skipped.
     */
    static Workload without(final Workload workload, final Fleet fleet)
    {
        final boolean isPool = fleet.machines().stream().allMatch(machine -> machine.kind().group().isEmpty());
        final Map<String, Room> rooms = new HashMap<>();
        fleet.machines().forEach(machine -> rooms.computeIfAbsent(
            isPool ? "" : machine.kind().group(), group -> new Room()).add(machine.kind()));
        WorkloadBuilder rest = null;
        for (int i = 0; i < workload.size(); i++)
        {
            final Job job = workload.job(i);
            // A group without machines is no matter of size: the scheduler says what it says.
            final Room room = rooms.get(isPool ? "" : job.tenant().group());
            final boolean isIn = null == room || room.holds(job);
            if (!isIn && null == rest)
            {
                rest = workload.like();
                for (int before = 0; before < i; before++)
                {
                    rest.add(workload.job(before));
                }
            }
            if (!isIn)
            {
                rest.skip(WHY, "job " + job.name());
            }
            else if (null != rest)
            {
                rest.add(job);
            }
        }
        return null == rest ? workload : rest.build();
    }

    /** Of the machines of a group. */
    private static final class Room
    {
        private long cpuMillisMost;
        private long memoryBytesMost;
        private long cpuMillis;

        void add(final MachineKind kind)
        {
            cpuMillisMost = Math.max(cpuMillisMost, kind.cpuMillis());
            memoryBytesMost = Math.max(memoryBytesMost, kind.memoryBytes());
            cpuMillis += kind.cpuMillis();
        }

        boolean holds(final Job job)
        {
            for (final KernelSet set : job.request().kernels())
            {
                if (set.need().cpuMillis() > cpuMillisMost || set.need().memoryBytes() > memoryBytesMost)
                {
                    return false;
                }
            }
            return job.request().cpuMillis() <= cpuMillis;
        }
    }
}
