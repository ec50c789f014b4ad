package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;
import java.util.Arrays;

/**
 * When kernels will have ended, as far as anybody has promised: by their limit from the time at which they came to run,
 * or were assigned if they do not run yet; by the deadline of their kill, if that is sooner, once that was requested.
 * All of it is taken from the rows of the kernel and its session, and time passing changes none of it: a kernel past
 * its limit was to end before now. Nothing but a change of the kernel changes it either, or that its session comes to
 * run, which some kernel of it may not live to see.
 *
 * <p>Those of an agent are kept in the order of their ends, from the first time that anybody asks for them: on an agent
 * with thousands of kernels each change moves one of them. Which of those that end together comes first depends on
 * history, and must not matter to who asks. A cache; {@link ExpectedEnds} reads it.
 */
final class KernelEnds
{
    static final long NEVER = Long.MAX_VALUE;
    private static final int NOT_KEPT = -1;

    private final CoreState state;
    private final KernelTable kernels;
    /** By agent: how many kernels there are whose end is known; NOT_KEPT until somebody asks. */
    private int[] counts = {};
    private long[][] endsNs = {};
    private int[][] rows = {};
    private boolean isAnyKept;

    KernelEnds(final CoreState state)
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

    void clear()
    {
        if (isAnyKept)
        {
            isAnyKept = false;
            Arrays.fill(counts, NOT_KEPT);
        }
    }

    /** Kernels of an agent whose end is known. */
    int count(final int agent)
    {
        if (agent >= counts.length)
        {
            final int known = counts.length;
            counts = Arrays.copyOf(counts, Math.max(agent + 1, Math.max(64, known * 2)));
            Arrays.fill(counts, known, counts.length, NOT_KEPT);
            endsNs = Arrays.copyOf(endsNs, counts.length);
            rows = Arrays.copyOf(rows, counts.length);
        }
        if (NOT_KEPT == counts[agent])
        {
            keep(agent);
        }
        return counts[agent];
    }

    /** Their ends, in order; of the array only so many belong to the agent. Until something changes. */
    long[] endsNs(final int agent)
    {
        return endsNs[agent];
    }

    /** Their rows, in the same order. */
    int[] rows(final int agent)
    {
        return rows[agent];
    }

    private void keep(final int agent)
    {
        isAnyKept = true;
        counts[agent] = 0;
        if (null == rows[agent])
        {
            endsNs[agent] = new long[8];
            rows[agent] = new int[8];
        }
        keepAll(agent, state.agents.get(state.agents.waitHead, agent));
        keepAll(agent, state.agents.get(state.agents.restartHead, agent));
    }

    private void keepAll(final int agent, final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            add(agent, kernel);
        }
    }

    /** A kernel is new on its agent, or anything about when it ends may have changed. */
    void onChanged(final int kernel)
    {
        if (isAnyKept)
        {
            onGone(kernel);
            final int agent = kernels.get(kernels.agent, kernel);
            if (agent < counts.length && NOT_KEPT != counts[agent])
            {
                add(agent, kernel);
            }
        }
    }

    /** A kernel is about to be no more. */
    void onGone(final int kernel)
    {
        if (!isAnyKept)
        {
            return;
        }
        final int agent = kernels.get(kernels.agent, kernel);
        final int count = agent < counts.length ? counts[agent] : NOT_KEPT;
        for (int position = 0; position < count; position++)
        {
            if (kernel == rows[agent][position])
            {
                final int behind = count - position - 1;
                System.arraycopy(rows[agent], position + 1, rows[agent], position, behind);
                System.arraycopy(endsNs[agent], position + 1, endsNs[agent], position, behind);
                counts[agent]--;
                return;
            }
        }
    }

    private void add(final int agent, final int kernel)
    {
        final long endNs = endNs(kernel);
        if (NEVER == endNs)
        {
            return;
        }
        final int count = counts[agent];
        if (count == rows[agent].length)
        {
            endsNs[agent] = Arrays.copyOf(endsNs[agent], count * 2);
            rows[agent] = Arrays.copyOf(rows[agent], count * 2);
        }
        final int place = placeOf(endsNs[agent], count, endNs);
        System.arraycopy(rows[agent], place, rows[agent], place + 1, count - place);
        System.arraycopy(endsNs[agent], place, endsNs[agent], place + 1, count - place);
        rows[agent][place] = kernel;
        endsNs[agent][place] = endNs;
        counts[agent]++;
    }

    /** Behind all that end no later. */
    private static int placeOf(final long[] ends, final int count, final long endNs)
    {
        int from = 0;
        int to = count;
        while (from < to)
        {
            final int middle = from + to >>> 1;
            if (ends[middle] <= endNs)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }
        return from;
    }
}
