package io.plimsoll.core;

import io.plimsoll.core.sbe.SelectPolicy;
import java.util.Arrays;

/**
 * Chooses agents for all kernels of one session, or says that they do not fit, without changing anything. Kernels of a
 * session ask for the same, which is why the sorted order is walked once:
 * <ul>
 * <li>{@code concentrated} takes the least free agent that fits; after a kernel it is even less free, so it goes on
 * taking kernels until it is full.</li>
 * <li>{@code dispersed} takes the most free agent; after a kernel it competes, with what is left, against the
 * next.</li>
 * </ul>
 * For a request without further slots, agents with none of those free come first; the agent on which the attempt before
 * failed comes last of all.
 */
final class Placement
{
    private final SessionTable sessions;
    private final AgentIndex index;
    private final AgentTable agents;
    private final ShapeTable shapes;
    private final SlotTable slots;
    private final long[] need = new long[SlotTable.SLOTS_MAX];
    private final int[] chosen = new int[KernelTable.KERNELS_MAX];
    private int chosenCount;
    private int furtherMask;
    private int wanted;
    private int avoided;
    private boolean avoidedFits;
    private AgentOrder order;

    /* Agents that the session takes from already, under dispersed: a heap, the most free first. */
    private int[] takenAgent = new int[64];
    private int[] takenTimes = new int[64];
    private int[] heap = new int[64];
    private int heapSize;
    private int takenCount;

    Placement(final CoreState state, final AgentIndex index)
    {
        this.index = index;
        sessions = state.sessions;
        agents = state.agents;
        shapes = state.shapes;
        slots = state.slots;
    }

    int chosen(final int kernelIndex)
    {
        return chosen[kernelIndex];
    }

    /** Kernels for which there was room in the last try; all that there is when the try failed. */
    int chosenCount()
    {
        return chosenCount;
    }

    /** Tries to place all kernels of a session that waits in a group, or of the first element of an array. */
    boolean tryPlace(final int group, final int session)
    {
        final AgentPool pool = index.pool(group);
        final int shape = sessions.shape.get(session);
        for (int slot = 0; slot < slots.count(); slot++)
        {
            need[slot] = shapes.amount(shape, slot);
        }
        furtherMask = shapes.furtherMask.get(shape);
        wanted = shapes.kernels.get(shape);
        avoided = sessions.failedAgent.get(session);
        avoidedFits = false;
        chosenCount = 0;
        final boolean most = SelectPolicy.DISPERSED.value() == pool.select();
        if (0 == furtherMask && place(pool.plain, most))
        {
            return true;
        }
        return place(pool.further, most) || placeOnAvoided();
    }

    private boolean place(final AgentOrder agentOrder, final boolean most)
    {
        order = agentOrder;
        if (0 == order.count())
        {
            return false;
        }
        if (most)
        {
            order.seekMost(need, furtherMask);
            return 1 == wanted ? takeOneMost() : takeMost();
        }
        order.seekLeast(need, furtherMask);
        return takeLeast();
    }

    private boolean takeLeast()
    {
        int agent = order.nextLeast();
        while (Table.NONE != agent)
        {
            if (agent == avoided)
            {
                avoidedFits = true;
            }
            else if (takeAll(agent))
            {
                return true;
            }
            agent = order.nextLeast();
        }
        return false;
    }

    private boolean takeAll(final int agent)
    {
        if (1 == wanted)
        {
            chosen[chosenCount++] = agent;
            return true;
        }
        for (long places = places(agent); places > 0 && chosenCount < wanted; places--)
        {
            chosen[chosenCount++] = agent;
        }
        return chosenCount == wanted;
    }

    /** How many kernels of the shape an agent has room for. */
    private long places(final int agent)
    {
        long places = agents.free(agent, SlotTable.CPU) / need[SlotTable.CPU];
        if (need[SlotTable.MEM] > 0)
        {
            places = Math.min(places, agents.free(agent, SlotTable.MEM) / need[SlotTable.MEM]);
        }
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            places = Math.min(places, agents.free(agent, slot) / need[slot]);
        }
        return places;
    }

    private boolean placeOnAvoided()
    {
        return avoidedFits && takeAll(avoided);
    }

    private int nextMost()
    {
        final int agent = order.nextMost();
        if (Table.NONE != agent && agent == avoided)
        {
            avoidedFits = true;
            return order.nextMost();
        }
        return agent;
    }

    private boolean takeOneMost()
    {
        final int agent = nextMost();
        if (Table.NONE == agent)
        {
            return false;
        }
        chosen[chosenCount++] = agent;
        return true;
    }

    private boolean takeMost()
    {
        heapSize = 0;
        takenCount = 0;
        int fresh = nextMost();
        while (chosenCount < wanted)
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
        chosen[chosenCount++] = agent;
        if (takenCount == takenAgent.length)
        {
            takenAgent = Arrays.copyOf(takenAgent, takenCount * 2);
            takenTimes = Arrays.copyOf(takenTimes, takenCount * 2);
            heap = Arrays.copyOf(heap, takenCount * 2);
        }
        takenAgent[takenCount] = agent;
        takenTimes[takenCount] = 1;
        if (places(agent) > 1)
        {
            siftUp(takenCount);
        }
        takenCount++;
    }

    private void takeAgain()
    {
        final int entry = heap[0];
        chosen[chosenCount++] = takenAgent[entry];
        takenTimes[entry]++;
        if (places(takenAgent[entry]) > takenTimes[entry])
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

    /** More free is greater; among equals the lower id is. */
    private int compare(final int left, final int leftTimes, final int right, final int rightTimes)
    {
        for (int slot = 0; slot < slots.count(); slot++)
        {
            final int byAmount = Long.compare(
                agents.free(left, slot) - leftTimes * need[slot],
                agents.free(right, slot) - rightTimes * need[slot]);
            if (0 != byAmount)
            {
                return byAmount;
            }
        }
        return Integer.compare(right, left);
    }
}
