package io.plimsoll.core;

/** Chooses the next agent by id that fits, after the one that got the last kernel of the group, going round. */
final class RotatingSelection
{
    private final GroupTable groups;
    private final Wanted wanted;
    private final Trial trial;
    private final AgentFilter filter;
    private final Chosen chosen;

    RotatingSelection(
        final CoreState state, final Wanted wanted, final Trial trial, final AgentFilter filter, final Chosen chosen)
    {
        this.wanted = wanted;
        this.trial = trial;
        this.filter = filter;
        this.chosen = chosen;
        groups = state.groups;
    }

    /** Tries to place all kernels that are wanted; those that failed are taken last. */
    boolean place(final AgentPool pool, final FailedAgents failed)
    {
        final FreeTree tree = pool.free();
        int cursor = groups.get(groups.cursor, pool.group());
        while (chosen.count() < wanted.kernels)
        {
            int agent = next(tree, cursor, Integer.MAX_VALUE, failed);
            if (Table.NONE == agent)
            {
                agent = next(tree, 0, cursor, failed);
            }
            for (int i = 0; Table.NONE == agent && i < failed.count(); i++)
            {
                agent = filter.isUsable(failed.agent(i)) && fits(failed.agent(i)) ? failed.agent(i) : Table.NONE;
            }
            if (Table.NONE == agent)
            {
                return false;
            }
            chosen.add(agent);
            if (wanted.kernels > 1)
            {
                trial.take(agent);
            }
            cursor = agent;
        }
        return true;
    }

    private boolean fits(final int agent)
    {
        return trial.fits(agent) && filter.accepts(agent);
    }

    private int next(final FreeTree tree, final int after, final int last, final FailedAgents failed)
    {
        int agent = tree.next(after, wanted.need, wanted.furtherMask);
        while (Table.NONE != agent && agent <= last && (failed.contains(agent) || !fits(agent)))
        {
            agent = tree.next(agent, wanted.need, wanted.furtherMask);
        }
        return Table.NONE == agent || agent > last ? Table.NONE : agent;
    }
}
