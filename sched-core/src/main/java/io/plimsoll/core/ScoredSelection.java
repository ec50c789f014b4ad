package io.plimsoll.core;

import java.util.Arrays;

/**
 * Chooses agents by the scores of a policy, kernel after kernel: what one was given counts for the next. What a trial
 * changes in the scores is put back after.
 */
final class ScoredSelection
{
    private final AgentIndex index;
    private final Wanted wanted;
    private final Trial trial;
    private final AgentFilter filter;
    private final Chosen chosen;
    private AgentPool pool;
    private ScoreTree tree;
    private int[] changedPosition = new int[64];
    private boolean[] changedFits = new boolean[64];
    private long[] changedScore = new long[64];
    private int changed;

    ScoredSelection(
        final AgentIndex index, final Wanted wanted, final Trial trial, final AgentFilter filter, final Chosen chosen)
    {
        this.index = index;
        this.wanted = wanted;
        this.trial = trial;
        this.filter = filter;
        this.chosen = chosen;
    }

    /**
     * Tries to place all kernels of a shape for a session; those that failed are taken last. Scores are kept as they
     * are without a guard, which may be null.
     */
    boolean place(
        final AgentPool agentPool, final int shape, final FailedAgents failed, final PlacementGuard guard)
    {
        pool = agentPool;
        tree = pool.scores().scores(shape, wanted, trial, filter);
        changed = 0;
        trial.guard(guard);
        askClaimed();
        int removed = 0;
        for (int i = 0; i < failed.count(); i++)
        {
            final int agent = failed.agent(i);
            if (pool.isMember(agent) && tree.fits(pool.position(agent)))
            {
                keep(pool.position(agent));
                tree.remove(pool.position(agent));
                removed |= 1 << i;
            }
        }
        takeBest();
        for (int i = 0; i < failed.count() && chosen.count() < wanted.kernels; i++)
        {
            if (0 != (removed & 1 << i))
            {
                askAgain(pool.position(failed.agent(i)));
                takeBest();
            }
        }
        while (changed > 0)
        {
            changed--;
            tree.set(
                changedPosition[changed],
                changedFits[changed],
                changedScore[changed],
                pool.freeMem(changedPosition[changed]));
        }
        return chosen.count() == wanted.kernels;
    }

    private void takeBest()
    {
        final long memNeeded = tree.anyMem ? wanted.need[SlotTable.MEM] : Long.MIN_VALUE;
        while (chosen.count() < wanted.kernels)
        {
            final int position = tree.best(memNeeded);
            if (Table.NONE == position)
            {
                return;
            }
            final int agent = pool.agentAt(position);
            if (!filter.isOpen(agent))
            {
                keep(position);
                tree.remove(position);
            }
            else
            {
                chosen.add(agent);
                if (chosen.count() < wanted.kernels)
                {
                    trial.take(agent);
                    keep(position);
                    askAgain(position);
                }
            }
        }
    }

    /** Agents on which room is kept count for whom it is kept only. */
    private void askClaimed()
    {
        int agent = index.nextClaimed(0);
        while (Table.NONE != agent)
        {
            if (filter.isClaimant(agent) && pool.isMember(agent))
            {
                keep(pool.position(agent));
                askAgain(pool.position(agent));
            }
            agent = index.nextClaimed(agent);
        }
    }

    private void askAgain(final int position)
    {
        final int agent = pool.agentAt(position);
        final boolean fits = filter.isUsable(agent) && trial.fits(agent, tree.anyMem) && filter.matches(agent);
        tree.set(
            position,
            fits,
            fits ? pool.scores().score(agent, wanted, trial) : 0,
            trial.free(agent, SlotTable.MEM));
    }

    /** Remembers what is to be put back. */
    private void keep(final int position)
    {
        if (changed == changedPosition.length)
        {
            changedPosition = Arrays.copyOf(changedPosition, changed * 2);
            changedFits = Arrays.copyOf(changedFits, changed * 2);
            changedScore = Arrays.copyOf(changedScore, changed * 2);
        }
        changedPosition[changed] = position;
        changedFits[changed] = tree.fits(position);
        changedScore[changed] = tree.score(position);
        changed++;
    }
}
