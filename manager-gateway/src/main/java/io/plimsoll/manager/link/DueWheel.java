package io.plimsoll.manager.link;

import java.util.function.Consumer;

/**
 * Agents by the time at which they are to be looked at, in buckets of one scan. What is due later than the wheel
 * reaches is looked at once a turn. One thread.
 */
final class DueWheel
{
    /** A power of two. */
    private static final int BUCKETS = 1 << 10;

    private final AgentList[] buckets = new AgentList[BUCKETS];
    private final AgentList current = new AgentList();
    private final long startNs;
    private final long tickNs;
    private long tick;

    DueWheel(final long startNs, final long tickNs)
    {
        this.startNs = startNs;
        this.tickNs = tickNs;
        for (int i = 0; i < BUCKETS; i++)
        {
            buckets[i] = new AgentList();
        }
    }

    /** Has an agent handed over once a time has come. */
    void add(final TrackedAgent agent, final long dueNs)
    {
        agent.dueNs = dueNs;
        final long due = Math.max(tick, Math.min(tick + BUCKETS - 1, tickOf(dueNs)));
        buckets[bucket(due)].add(agent);
    }

    private long tickOf(final long timeNs)
    {
        return Math.floorDiv(timeNs - startNs, tickNs);
    }

    private static int bucket(final long tick)
    {
        return (int)(tick & BUCKETS - 1);
    }

    /**
     * Hands over all that is due, taken out of the wheel.
     *
     * @param nowNs not before that of the last call.
     * @param onDue may add agents that are due later.
     */
    void advance(final long nowNs, final Consumer<TrackedAgent> onDue)
    {
        final long last = tickOf(nowNs);
        // A turn reaches every bucket.
        tick = Math.max(tick, last - BUCKETS + 1);
        while (tick < last)
        {
            handOver(nowNs, onDue);
            tick++;
        }
        handOver(nowNs, onDue);
    }

    private void handOver(final long nowNs, final Consumer<TrackedAgent> onDue)
    {
        current.addAll(buckets[bucket(tick)]);
        while (!current.isEmpty())
        {
            final TrackedAgent agent = current.first();
            if (nowNs - agent.dueNs >= 0)
            {
                AgentList.remove(agent);
                onDue.accept(agent);
            }
            else
            {
                add(agent, agent.dueNs);
            }
        }
    }
}
