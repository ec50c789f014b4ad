package io.plimsoll.core;

import io.plimsoll.core.sbe.SelectPolicy;
import java.util.Arrays;

/**
 * Chooses agents by what they have free. Kernels of a session ask for the same, which is why the sorted order is walked
 * once:
 * <ul>
 * <li>{@code concentrated} takes the least free agent that fits; after a kernel it is even less free, so it goes on
 * taking kernels until it is full.</li>
 * <li>{@code dispersed} takes the most free agent; after a kernel it competes, with what is left, against the
 * next.</li>
 * </ul>
 * Before that come agents on which the request leaves fewer kinds of resources unused, as one without devices does
 * where there are none; slots are compared in the order of {@link SlotPriority}. Agents on which attempts failed come
 * last of all.
 */
final class OrderedSelection
{
    private final AgentTable agents;
    private final Wanted wanted;
    private final Trial trial;
    private final AgentFilter filter;
    private final Chosen chosen;
    private FailedAgents failed;
    /** Those of them that have enough free, by their turns as bits. */
    private int failedFitting;
    private final SlotPriority priority;
    private boolean most;
    private AgentBuckets buckets;
    private boolean isInBuckets;
    /** Where agents are looked for now; null: there are no more. */
    private AgentOrder order;

    /* Agents that the session takes from already, under dispersed: a heap, the most free first. */
    private int[] takenAgent = new int[64];
    private int[] takenTimes = new int[64];
    private int[] heap = new int[64];
    private int heapSize;
    private int takenCount;

    OrderedSelection(
        final CoreState state, final Wanted wanted, final Trial trial, final AgentFilter filter, final Chosen chosen)
    {
        agents = state.agents;
        this.wanted = wanted;
        this.trial = trial;
        this.filter = filter;
        this.chosen = chosen;
        priority = new SlotPriority(state);
    }

    /** Tries to place all kernels that are wanted; those that failed are taken last. */
    boolean place(final AgentPool pool, final AgentBuckets furthers, final FailedAgents failedAgents)
    {
        failed = failedAgents;
        failedFitting = 0;
        most = SelectPolicy.DISPERSED.value() == pool.select();
        buckets = furthers;
        isInBuckets = 0 != wanted.furtherMask || 0 == pool.plain.count();
        if (isInBuckets)
        {
            buckets.seek(wanted.need, most);
        }
        look(isInBuckets ? buckets.next() : pool.plain);
        return (most ? takeMost() : takeLeast()) || placeOnFailed();
    }

    private void look(final AgentOrder in)
    {
        order = in;
        if (null == order)
        {
            return;
        }
        if (most)
        {
            order.seekMost(wanted.need, wanted.furtherMask);
        }
        else
        {
            order.seekLeast(wanted.need, wanted.furtherMask);
        }
    }

    /** The next agent with enough free; NONE after the last. */
    private int next()
    {
        while (null != order)
        {
            final int agent = most ? order.nextMost() : order.nextLeast();
            if (Table.NONE != agent)
            {
                return agent;
            }
            if (!isInBuckets)
            {
                isInBuckets = true;
                buckets.seek(wanted.need, most);
            }
            look(buckets.next());
        }
        return Table.NONE;
    }

    private boolean takeLeast()
    {
        int agent = next();
        while (Table.NONE != agent)
        {
            final int turn = failed.turn(agent);
            if (0 != turn)
            {
                failedFitting |= 1 << turn;
            }
            else if (filter.accepts(agent) && takeAll(agent))
            {
                return true;
            }
            agent = next();
        }
        return false;
    }

    private boolean takeAll(final int agent)
    {
        if (1 == wanted.kernels)
        {
            chosen.add(agent);
            return true;
        }
        if (wanted.needsDevicesTried)
        {
            while (chosen.count() < wanted.kernels && trial.fits(agent))
            {
                trial.take(agent);
                chosen.add(agent);
            }
        }
        else
        {
            for (long places = trial.places(agent); places > 0 && chosen.count() < wanted.kernels; places--)
            {
                chosen.add(agent);
            }
        }
        return chosen.count() == wanted.kernels;
    }

    private boolean hasRoom(final int agent, final int times)
    {
        return wanted.sharesDevices ? trial.fits(agent) : trial.places(agent) > times;
    }

    private boolean placeOnFailed()
    {
        for (int i = 0; i < failed.count(); i++)
        {
            final int agent = failed.agent(i);
            if (0 != (failedFitting & 1 << failed.turn(agent)) && filter.accepts(agent) && takeAll(agent))
            {
                return true;
            }
        }
        return false;
    }

    private int nextMost()
    {
        int agent = next();
        while (Table.NONE != agent)
        {
            final int turn = failed.turn(agent);
            if (0 == turn && filter.accepts(agent))
            {
                return agent;
            }
            failedFitting |= 0 == turn ? 0 : 1 << turn;
            agent = next();
        }
        return Table.NONE;
    }

    private boolean takeOneMost()
    {
        final int agent = nextMost();
        if (Table.NONE == agent)
        {
            return false;
        }
        chosen.add(agent);
        return true;
    }

    private boolean takeMost()
    {
        if (1 == wanted.kernels)
        {
            return takeOneMost();
        }
        heapSize = 0;
        takenCount = 0;
        int fresh = nextMost();
        while (chosen.count() < wanted.kernels)
        {
            final boolean takenFirst = heapSize > 0 &&
                (Table.NONE == fresh || compare(takenAgent[heap[0]], takenTimes[heap[0]], fresh, 0) > 0);
            if (takenFirst)
            {
                takeAgain();
            }
            else if (Table.NONE == fresh)
            {
                return false;
            }
            else
            {
                takeFresh(fresh);
                fresh = nextMost();
            }
        }
        return true;
    }

    private void takeFresh(final int agent)
    {
        chosen.add(agent);
        if (takenCount == takenAgent.length)
        {
            takenAgent = Arrays.copyOf(takenAgent, takenCount * 2);
            takenTimes = Arrays.copyOf(takenTimes, takenCount * 2);
            heap = Arrays.copyOf(heap, takenCount * 2);
        }
        takenAgent[takenCount] = agent;
        takenTimes[takenCount] = 1;
        if (wanted.sharesDevices)
        {
            trial.take(agent);
        }
        if (hasRoom(agent, 1))
        {
            siftUp(takenCount);
        }
        takenCount++;
    }

    private void takeAgain()
    {
        final int entry = heap[0];
        final int agent = takenAgent[entry];
        chosen.add(agent);
        takenTimes[entry]++;
        if (wanted.sharesDevices)
        {
            trial.take(agent);
        }
        if (hasRoom(agent, takenTimes[entry]))
        {
            siftDown(entry);
        }
        else
        {
            heapSize--;
            if (heapSize > 0)
            {
                siftDown(heap[heapSize]);
            }
        }
    }

    private void siftUp(final int entry)
    {
        int position = heapSize++;
        while (position > 0 && isMore(entry, heap[(position - 1) >> 1]))
        {
            heap[position] = heap[(position - 1) >> 1];
            position = (position - 1) >> 1;
        }
        heap[position] = entry;
    }

    private void siftDown(final int entry)
    {
        int position = 0;
        while (true)
        {
            int child = (position << 1) + 1;
            if (child >= heapSize)
            {
                break;
            }
            if (child + 1 < heapSize && isMore(heap[child + 1], heap[child]))
            {
                child++;
            }
            if (isMore(entry, heap[child]))
            {
                break;
            }
            heap[position] = heap[child];
            position = child;
        }
        heap[position] = entry;
    }

    private boolean isMore(final int left, final int right)
    {
        return compare(takenAgent[left], takenTimes[left], takenAgent[right], takenTimes[right]) > 0;
    }

    /** Fewer kinds unused is greater, then more free is; among equals the lower id is. */
    private int compare(final int left, final int leftTimes, final int right, final int rightTimes)
    {
        final int byUnused = Integer.compare(
            agents.kindsUnused(right, wanted.furtherMask), agents.kindsUnused(left, wanted.furtherMask));
        if (0 != byUnused)
        {
            return byUnused;
        }
        final int[] order = priority.order(Table.NONE, wanted.furtherMask);
        for (int i = 0; i < order.length; i++)
        {
            final int byAmount = i < priority.led() && wanted.sharesDevices ?
                Long.compare(trial.left(left, order[i]), trial.left(right, order[i])) :
                Long.compare(left(left, leftTimes, order[i]), left(right, rightTimes, order[i]));
            if (0 != byAmount)
            {
                return byAmount;
            }
        }
        return Integer.compare(right, left);
    }

    private long left(final int agent, final int times, final int slot)
    {
        return wanted.sharesDevices ?
            trial.free(agent, slot) :
            agents.free(agent, slot) - times * wanted.need[slot];
    }
}
