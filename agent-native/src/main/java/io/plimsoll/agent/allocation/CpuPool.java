package io.plimsoll.agent.allocation;

import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The logical processors. From one core on a kernel gets whole ones that nobody else has; below, a share of one, on the
 * fullest that has room. Threads of one physical core go together: a kernel takes cores of which all threads are idle
 * first, then what is left over of others.
 */
final class CpuPool
{
    private final HostTopology host;
    private final List<List<BitSet>> coresByNode = new ArrayList<>();
    private final BitSet offered = new BitSet();
    private final long[] used;
    private int here = -1;

    CpuPool(final HostTopology host)
    {
        this.host = host;
        host.numa().forEach(node -> offered.or(node.cpus()));
        offered.andNot(host.reserved().cpus());
        used = new long[offered.length()];
        for (int node = 0; node < host.numa().size(); node++)
        {
            coresByNode.add(cores(node));
        }
    }

    private List<BitSet> cores(final int node)
    {
        final BitSet open = (BitSet)host.numa().get(node).cpus().clone();
        open.and(offered);
        final List<BitSet> cores = new ArrayList<>();
        for (int cpu = open.nextSetBit(0); cpu >= 0; cpu = open.nextSetBit(cpu + 1))
        {
            final BitSet core = new BitSet();
            core.set(cpu);
            for (final BitSet threads : host.cores())
            {
                if (threads.get(cpu))
                {
                    core.or(threads);
                    core.and(open);
                }
            }
            open.andNot(core);
            open.clear(0, cpu + 1);
            cores.add(core);
        }
        return cores;
    }

    /** Processors of each node that have so many thousandths left. */
    long[] free(final long millis)
    {
        final long[] free = new long[coresByNode.size()];
        for (int node = 0; node < free.length; node++)
        {
            for (final BitSet core : coresByNode.get(node))
            {
                free[node] += idle(core, millis).cardinality();
            }
        }
        return free;
    }

    /**
     * What speaks against breaking into a node for a share of a processor: how much is left of the fullest that has
     * room, then how many have some.
     */
    long[] room(final long millis)
    {
        final long[] room = free(millis);
        for (int node = 0; node < room.length; node++)
        {
            if (room[node] > 0)
            {
                final int fullest = pickShare(node, millis).nextSetBit(0);
                room[node] += (HostDevice.MILLIS - used[fullest]) * offered.length();
            }
        }
        return room;
    }

    private BitSet idle(final BitSet core, final long millis)
    {
        final BitSet idle = new BitSet();
        core.stream().filter(cpu -> used[cpu] + millis <= HostDevice.MILLIS).forEach(idle::set);
        return idle;
    }

    /** Whole processors of a node. */
    BitSet pick(final int node, final long count)
    {
        final BitSet picked = new BitSet();
        long left = count;
        while (left > 0)
        {
            final BitSet core = next(coresByNode.get(node), picked, left);
            for (int cpu = core.nextSetBit(0); cpu >= 0 && left > 0; cpu = core.nextSetBit(cpu + 1))
            {
                picked.set(cpu);
                left--;
            }
        }
        return picked;
    }

    /** The largest idle core that is needed whole; else the one of which least is left idle. */
    private BitSet next(final List<BitSet> cores, final BitSet picked, final long wanted)
    {
        BitSet best = null;
        boolean bestWhole = false;
        int bestRest = Integer.MAX_VALUE;
        for (final BitSet core : cores)
        {
            final BitSet idle = idle(core, HostDevice.MILLIS);
            idle.andNot(picked);
            if (!idle.isEmpty())
            {
                final boolean whole = idle.equals(core) && core.cardinality() <= wanted;
                final int rest = whole ? -core.cardinality() : idle.cardinality();
                final boolean better = whole && !bestWhole ||
                    whole == bestWhole && (rest < bestRest || rest == bestRest && here >= 0 && idle.get(here));
                if (null == best || better)
                {
                    best = idle;
                    bestWhole = whole;
                    bestRest = rest;
                }
            }
        }
        return best;
    }

    /** A processor of a node with room for a share, the fullest; of idle ones that with the fewest idle beside it. */
    BitSet pickShare(final int node, final long millis)
    {
        int best = -1;
        int bestIdle = 0;
        for (final BitSet core : coresByNode.get(node))
        {
            final BitSet open = idle(core, millis);
            final int idle = idle(core, HostDevice.MILLIS).cardinality();
            for (int cpu = open.nextSetBit(0); cpu >= 0; cpu = open.nextSetBit(cpu + 1))
            {
                if (best < 0 || used[cpu] > used[best] || used[cpu] == used[best] && idle < bestIdle)
                {
                    best = cpu;
                    bestIdle = idle;
                }
            }
        }
        final BitSet picked = new BitSet();
        picked.set(best);
        return picked;
    }

    /** Takes (or gives back, if negative) thousandths, as {@link Grant#cpuMillis} counts them. */
    void use(final BitSet cpus, final long millis)
    {
        if (!cpus.isEmpty())
        {
            final long each = Math.abs(millis) >= HostDevice.MILLIS ?
                Long.signum(millis) * HostDevice.MILLIS : millis;
            cpus.stream().filter(offered::get).forEach(cpu -> used[cpu] = Math.max(0, used[cpu] + each));
        }
    }

    /** Ties go to this processor; negative: to the lowest number. */
    void startFrom(final int cpu)
    {
        here = cpu;
    }

    /** Those that are used least. */
    BitSet leastUsed(final int count)
    {
        final BitSet chosen = new BitSet();
        while (chosen.cardinality() < Math.min(count, offered.cardinality()))
        {
            int best = -1;
            for (int cpu = offered.nextSetBit(0); cpu >= 0; cpu = offered.nextSetBit(cpu + 1))
            {
                if (!chosen.get(cpu) && (best < 0 || used[cpu] < used[best] || cpu == here && used[cpu] == used[best]))
                {
                    best = cpu;
                }
            }
            chosen.set(best);
        }
        return chosen;
    }

    /** Index of the node of a processor; -1: none. */
    int nodeOf(final int cpu)
    {
        for (int node = 0; node < host.numa().size(); node++)
        {
            if (host.numa().get(node).cpus().get(cpu))
            {
                return node;
            }
        }
        return -1;
    }
}
