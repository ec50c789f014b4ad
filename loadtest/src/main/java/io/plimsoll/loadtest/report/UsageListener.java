package io.plimsoll.loadtest.report;

import io.plimsoll.core.sbe.Liveness;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * What agents have and what of it is taken, by group: means over the time of each bucket, in unit seconds until
 * divided. Lost agents count for nothing, with what is on them.
 */
final class UsageListener implements ReportListener
{
    private final ReportRange range;
    private final Map<Integer, GroupUsage> byGroup = new TreeMap<>();
    /** What each agent counts for at the moment. */
    private final Int2ObjectHashMap<Counted> counted = new Int2ObjectHashMap<>();

    UsageListener(final ReportRange range)
    {
        this.range = range;
    }

    /** Of one group: present totals, and their integrals over the time of buckets. */
    static final class GroupUsage
    {
        final double[] agentNs;
        final double[] usableNs;
        final Map<Integer, SlotUsage> bySlot = new TreeMap<>();
        long agents;
        long usable;

        private GroupUsage(final int buckets)
        {
            agentNs = new double[buckets];
            usableNs = new double[buckets];
        }
    }

    /** Of one slot of a group. */
    static final class SlotUsage
    {
        final double[] usedNs;
        final double[] capacityNs;
        long used;
        long capacity;

        private SlotUsage(final int buckets)
        {
            usedNs = new double[buckets];
            capacityNs = new double[buckets];
        }
    }

    private static final class Counted
    {
        private int groupId;
        private boolean counts;
        private boolean isUsable;
        private long[] capacity = {};
        private long[] used = {};
    }

    Map<Integer, GroupUsage> byGroup()
    {
        return byGroup;
    }

    @Override
    public void onTime(final int bucket, final long fromNs, final long toNs)
    {
        final double ns = toNs - fromNs;
        for (final GroupUsage group : byGroup.values())
        {
            group.agentNs[bucket] += ns * group.agents;
            group.usableNs[bucket] += ns * group.usable;
            for (final SlotUsage slot : group.bySlot.values())
            {
                slot.usedNs[bucket] += ns * slot.used;
                slot.capacityNs[bucket] += ns * slot.capacity;
            }
        }
    }

    @Override
    public void onPlaced(final BookedKernel kernel, final long nowNs)
    {
        count(kernel.agent);
    }

    @Override
    public void onFreed(final BookedKernel kernel, final long nowNs)
    {
        count(kernel.agent);
    }

    @Override
    public void onAgent(final BookedAgent agent, final Liveness before, final long nowNs)
    {
        count(agent);
    }

    private void count(final BookedAgent agent)
    {
        Counted known = counted.get(agent.id);
        if (null == known)
        {
            known = new Counted();
            counted.put(agent.id, known);
        }
        add(known, -1);
        known.groupId = agent.groupId;
        known.counts = agent.counts();
        known.isUsable = agent.mayGetWork();
        if (known.capacity.length < agent.slots())
        {
            known.capacity = new long[agent.slots()];
            known.used = new long[agent.slots()];
        }
        for (int slot = 0; slot < agent.slots(); slot++)
        {
            known.capacity[slot] = agent.capacity(slot);
            known.used[slot] = agent.used(slot);
        }
        add(known, 1);
    }

    private void add(final Counted agent, final int sign)
    {
        if (!agent.counts)
        {
            return;
        }
        final GroupUsage group = byGroup.computeIfAbsent(agent.groupId, id -> new GroupUsage(range.buckets()));
        group.agents += sign;
        group.usable += agent.isUsable ? sign : 0;
        for (int slot = 0; slot < agent.capacity.length; slot++)
        {
            if (0 != agent.capacity[slot] || 0 != agent.used[slot])
            {
                final SlotUsage usage =
                    group.bySlot.computeIfAbsent(slot, id -> new SlotUsage(range.buckets()));
                usage.capacity += sign * agent.capacity[slot];
                usage.used += sign * agent.used[slot];
            }
        }
    }
}
