package io.plimsoll.core;

import java.util.Arrays;

/**
 * Looks for a packing of unequal kernels where the orders of {@link PartsFit} lead nowhere: kernel after kernel, the
 * scarcest parts first, on one agent after the other, and back where it does not go on. Kernels of one part go to
 * agents in rising order, and an agent is passed over if one before it has just as much left, so nothing is tried twice
 * that differs in names only. It finds a packing if there is one, unless there are more kernels, agents or tries than
 * here.
 */
final class PartsSearch
{
    static final int KERNELS_MAX = 32;
    static final int AGENTS_MAX = 32;
    /** Kernels that are put on an agent, in all. */
    static final int TRIES_MAX = 1000;

    private final CoreState state;
    private final PartsFit fit;
    private final AgentForecast[] room = new AgentForecast[AGENTS_MAX];
    private final AgentForecast[] before = new AgentForecast[KERNELS_MAX];
    private final boolean[] isUsed = new boolean[AGENTS_MAX];
    private final int[] partOf = new int[KERNELS_MAX];
    private final int[] candidateOf = new int[KERNELS_MAX];
    private boolean spreads;
    private int kernels;
    private int tries;

    PartsSearch(final CoreState state, final PartsFit fit)
    {
        this.state = state;
        this.fit = fit;
    }

    /** Looks at the agents on which a part fits by itself, as they are loaded from a source. */
    boolean find(final PartsRoom.Source source, final boolean isSpread)
    {
        spreads = isSpread;
        if (fit.candidates() > AGENTS_MAX || !listKernels())
        {
            return false;
        }
        open(room, fit.candidates());
        open(before, kernels);
        for (int candidate = 0; candidate < fit.candidates(); candidate++)
        {
            if (!source.load(fit.candidate(candidate), room[candidate]))
            {
                throw new IllegalStateException("not to be used: agentId=" + fit.candidate(candidate));
            }
        }
        Arrays.fill(isUsed, false);
        tries = 0;
        return isEnough(SlotTable.CPU) && isEnough(SlotTable.MEM) && place(0);
    }

    private void open(final AgentForecast[] forecasts, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            forecasts[i] = null == forecasts[i] ? new AgentForecast(state) : forecasts[i];
        }
    }

    /** Kernels in the order in which they were placed. */
    int kernels()
    {
        return kernels;
    }

    int part(final int kernel)
    {
        return partOf[kernel];
    }

    int agent(final int kernel)
    {
        return fit.candidate(candidateOf[kernel]);
    }

    private boolean listKernels()
    {
        kernels = 0;
        for (int i = 0; i < fit.parts(); i++)
        {
            final int part = fit.inOrder(i);
            final int end = kernels + fit.part(part).kernels;
            if (end > KERNELS_MAX)
            {
                return false;
            }
            Arrays.fill(partOf, kernels, end, part);
            kernels = end;
        }
        return true;
    }

    /** Whether all agents together have enough; mostly that is what is lacking. */
    private boolean isEnough(final int slot)
    {
        long left = 0;
        for (int candidate = 0; candidate < fit.candidates(); candidate++)
        {
            left += room[candidate].free(slot);
        }
        for (int kernel = 0; kernel < kernels; kernel++)
        {
            left -= fit.part(partOf[kernel]).need[slot];
        }
        return left >= 0;
    }

    private boolean place(final int kernel)
    {
        if (kernel == kernels)
        {
            return true;
        }
        final Wanted wanted = fit.part(partOf[kernel]);
        final int from = kernel > 0 && partOf[kernel] == partOf[kernel - 1] ? candidateOf[kernel - 1] : 0;
        for (int candidate = from; candidate < fit.candidates() && tries < TRIES_MAX; candidate++)
        {
            if (!(spreads && isUsed[candidate]) && !isLikeOneBefore(from, candidate) && room[candidate].fits(wanted))
            {
                tries++;
                final boolean wasUsed = isUsed[candidate];
                before[kernel].copy(room[candidate]);
                room[candidate].take(wanted);
                isUsed[candidate] = true;
                candidateOf[kernel] = candidate;
                if (place(kernel + 1))
                {
                    return true;
                }
                room[candidate].copy(before[kernel]);
                isUsed[candidate] = wasUsed;
            }
        }
        return false;
    }

    private boolean isLikeOneBefore(final int from, final int candidate)
    {
        for (int other = from; other < candidate; other++)
        {
            if (isUsed[other] == isUsed[candidate] && room[other].hasAsMuchAs(room[candidate]))
            {
                return true;
            }
        }
        return false;
    }
}
