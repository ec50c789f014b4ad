package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;
import java.util.Arrays;

/**
 * When kernels will have ended, as far as anybody has promised: by their limit from the time at which they came to run,
 * or were assigned if they do not run yet; by the deadline of their kill, if that is sooner, once that was requested.
 * All of it is taken from the rows of the kernel and its session, and time passing changes none of it: a kernel past
 * its limit was to end before now.
 */
final class ExpectedEnds
{
    static final long NEVER = Long.MAX_VALUE;

    private final CoreState state;
    private final KernelTable kernels;
    private long[] endsNs = new long[64];
    private int[] rows = new int[64];
    private int size;

    ExpectedEnds(final CoreState state)
    {
        this.state = state;
        kernels = state.kernels;
    }

    /** Epoch; NEVER if the kernel has no limit, or is not proven gone though it should be. */
    long endNs(final int kernel)
    {
        final int session = kernels.get(kernels.session, kernel);
        if (0 != kernels.get(kernels.held, kernel) || Table.NONE == session)
        {
            return NEVER;
        }
        final int at = kernels.get(kernels.state, kernel);
        final long walltimeNs = state.sessions.get(state.sessions.walltimeNs, session);
        if (LifeState.TERMINATING.value() == at)
        {
            return Math.min(kernels.get(kernels.deadlineNs, kernel), limitNs(session, walltimeNs));
        }
        if (0 == walltimeNs)
        {
            return NEVER;
        }
        return LifeState.RUNNING.value() == at ?
            kernels.get(kernels.deadlineNs, kernel) - kernels.get(kernels.graceNs, kernel) -
                state.options.walltimeSlackNs() :
            kernels.get(kernels.assignedNs, kernel) + walltimeNs;
    }

    /** Somebody who is told to end may still end by its limit first. */
    private long limitNs(final int session, final long walltimeNs)
    {
        final long runningNs = state.sessions.get(state.sessions.runningNs, session);
        return 0 == walltimeNs || 0 == runningNs ? NEVER : runningNs + walltimeNs;
    }

    /** Takes all kernels of an agent that will have ended some time; they come out by {@link #poll()}. */
    void load(final int agent)
    {
        size = 0;
        add(state.agents.get(state.agents.waitHead, agent));
        add(state.agents.get(state.agents.restartHead, agent));
        for (int position = (size >> 1) - 1; position >= 0; position--)
        {
            siftDown(position, endsNs[position], rows[position]);
        }
    }

    /** When the first kernel of an agent will have ended; NEVER if nobody knows of any. */
    long firstNs(final int agent)
    {
        return Math.min(
            firstOf(state.agents.get(state.agents.waitHead, agent)),
            firstOf(state.agents.get(state.agents.restartHead, agent)));
    }

    private long firstOf(final int first)
    {
        long firstNs = NEVER;
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            firstNs = Math.min(firstNs, endNs(kernel));
        }
        return firstNs;
    }

    private void add(final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            final long endNs = endNs(kernel);
            if (NEVER != endNs)
            {
                if (size == endsNs.length)
                {
                    endsNs = Arrays.copyOf(endsNs, size * 2);
                    rows = Arrays.copyOf(rows, size * 2);
                }
                endsNs[size] = endNs;
                rows[size++] = kernel;
            }
        }
    }

    /** When the next one ends; NEVER if there is none. */
    long nextNs()
    {
        return 0 == size ? NEVER : endsNs[0];
    }

    /** Takes the one that ends next; which of those that end together does not matter to what is left then. */
    int poll()
    {
        final int first = rows[0];
        size--;
        siftDown(0, endsNs[size], rows[size]);
        return first;
    }

    private void siftDown(final int start, final long endNs, final int row)
    {
        int position = start;
        while (true)
        {
            int child = (position << 1) + 1;
            if (child >= size)
            {
                break;
            }
            if (child + 1 < size && endsNs[child + 1] < endsNs[child])
            {
                child++;
            }
            if (endNs <= endsNs[child])
            {
                break;
            }
            endsNs[position] = endsNs[child];
            rows[position] = rows[child];
            position = child;
        }
        endsNs[position] = endNs;
        rows[position] = row;
    }
}
