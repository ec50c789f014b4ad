package io.plimsoll.loadtest.whatif;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures a cluster over a stretch of time. A machine counts with its capacity while it takes work, otherwise with
 * what is still used of it; so nothing is ever used by more than there is. Amounts times nanoseconds are kept as
 * {@code double}: they exceed 64 bits within a day.
 */
final class ClusterMeter
{
    /** How often fragmentation is looked at in a stretch. */
    static final int SAMPLES = 200;

    private final ClusterBooks books;
    private final Map<Integer, double[]> usedByOwner = new TreeMap<>();
    private final Map<Integer, double[]> usedByGroup = new TreeMap<>();
    private long[] counted = new long[2];
    private long[] used = new long[2];
    private double[] countedNs = new double[2];
    private double[] usedNs = new double[2];
    private double[] stranded = new double[2];
    private double[] idle = new double[2];
    private long fromNs = Long.MAX_VALUE;
    private long toNs = Long.MAX_VALUE;
    private long lastNs;
    private long sampleNs;
    private long nextSampleNs = Long.MAX_VALUE;
    private long preemptions;
    private TypicalMix mix;
    private boolean ended;

    ClusterMeter(final ClusterBooks books)
    {
        this.books = books;
    }

    /**
     * Begins to measure, at a time between two records.
     *
     * @param beginNs epoch nanoseconds.
     * @param endNs   of the stretch.
     * @param typical requests, by which fragmentation is measured.
     */
    void begin(final long beginNs, final long endNs, final TypicalMix typical)
    {
        fromNs = beginNs;
        toNs = endNs;
        lastNs = beginNs;
        mix = typical;
        sampleNs = Math.max(1, (endNs - beginNs) / SAMPLES);
        nextSampleNs = beginNs + sampleNs / 2;
        preemptions = 0;
    }

    /** Time passes, and nothing has changed since. */
    void advance(final long nowNs)
    {
        if (nowNs <= lastNs || Long.MAX_VALUE == fromNs || lastNs >= toNs)
        {
            return;
        }
        final long untilNs = Math.min(nowNs, toNs);
        for (int i = 0; i < counted.length; i++)
        {
            countedNs[i] += (double)counted[i] * (untilNs - lastNs);
            usedNs[i] += (double)used[i] * (untilNs - lastNs);
        }
        while (nextSampleNs <= untilNs)
        {
            sample();
            nextSampleNs += sampleNs;
        }
        lastNs = untilNs;
    }

    /** Ends the stretch: what still runs is charged until now. */
    void end()
    {
        advance(toNs);
        ended = true;
        books.agents.values().forEach(agent -> agent.kernels.values().forEach(kernel -> charge(kernel, toNs)));
    }

    private void sample()
    {
        for (int i = 0; i < counted.length; i++)
        {
            for (final AgentBook agent : books.agents.values())
            {
                if (agent.takesWork())
                {
                    final long free = agent.free(i);
                    idle[i] += free;
                    stranded[i] += free * mix.unusable(agent, i);
                }
            }
        }
    }

    private void grow()
    {
        final int count = books.resources.count();
        if (counted.length < count)
        {
            counted = Arrays.copyOf(counted, count);
            used = Arrays.copyOf(used, count);
            countedNs = Arrays.copyOf(countedNs, count);
            usedNs = Arrays.copyOf(usedNs, count);
            stranded = Arrays.copyOf(stranded, count);
            idle = Arrays.copyOf(idle, count);
        }
    }

    /* What changes. */

    void onAgent(final AgentBook agent)
    {
        grow();
        agent.grow(books.resources.count());
        final boolean takesWork = agent.takesWork();
        for (int i = 0; i < agent.counted.length; i++)
        {
            final long now = takesWork ? agent.capacity[i] : agent.used[i];
            counted[i] += now - agent.counted[i];
            agent.counted[i] = now;
        }
    }

    void onAssigned(final KernelBook kernel)
    {
        grow();
        for (int i = 0; i < kernel.amounts.length; i++)
        {
            used[i] += kernel.amounts[i];
        }
        onAgent(kernel.agent);
    }

    void onReleased(final KernelBook kernel)
    {
        for (int i = 0; i < kernel.amounts.length; i++)
        {
            used[i] -= kernel.amounts[i];
        }
        onAgent(kernel.agent);
        if (!ended && books.nowNs() > fromNs && kernel.assignedNs < toNs)
        {
            charge(kernel, Math.min(toNs, books.nowNs()));
        }
    }

    void onPreempted()
    {
        preemptions += ended ? 0 : 1;
    }

    /** What a kernel has used since it was placed, or the stretch began. */
    private void charge(final KernelBook kernel, final long untilNs)
    {
        final long ns = untilNs - Math.max(kernel.assignedNs, fromNs);
        if (ns > 0 && null != kernel.session)
        {
            final SessionBook.Request request = kernel.session.request;
            charge(usedByOwner, request.ownerId(), kernel.amounts, ns);
            charge(usedByGroup, request.groupId(), kernel.amounts, ns);
        }
    }

    private void charge(final Map<Integer, double[]> by, final int id, final long[] amounts, final long ns)
    {
        double[] sums = by.getOrDefault(id, new double[books.resources.count()]);
        if (sums.length < amounts.length)
        {
            sums = Arrays.copyOf(sums, books.resources.count());
        }
        for (int i = 0; i < amounts.length; i++)
        {
            sums[i] += (double)amounts[i] * ns;
        }
        by.put(id, sums);
    }

    /* Results. */

    long preemptions()
    {
        return preemptions;
    }

    /** Part of a resource that was in use, 0 to 1; negative if there was none of it. */
    double utilisation(final int resource)
    {
        return resource >= countedNs.length || 0 == countedNs[resource] ? -1 : usedNs[resource] / countedNs[resource];
    }

    /** Part of what was idle of a resource that typical requests could not have used; negative if nothing was idle. */
    double fragmentation(final int resource)
    {
        return resource >= idle.length || 0 == idle[resource] ? -1 : stranded[resource] / idle[resource];
    }

    /** Amount times nanoseconds by account. */
    Map<Integer, double[]> usedByOwner()
    {
        return usedByOwner;
    }

    /** Amount times nanoseconds by group. */
    Map<Integer, double[]> usedByGroup()
    {
        return usedByGroup;
    }
}
