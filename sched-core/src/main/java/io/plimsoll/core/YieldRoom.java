package io.plimsoll.core;

/**
 * What agents have for the session that others are to yield to, once those have left who are on their way, or who yield
 * in what is just being tried: scratch space for {@link YieldPlan} and those who look for it.
 */
final class YieldRoom
{
    final SessionTable sessions;
    final KernelTable kernels;
    final ShapeTable shapes;
    final AgentTable agents;
    /** On one agent, or in the whole group. */
    final YieldCandidates candidates;
    final YieldChoice choice;
    final YieldRelations relations;
    final Wanted wanted;
    private final CoreState state;
    private final VictimSearch search;
    private final AgentForecast base;
    private final AgentForecast scratch;
    private final AgentForecast copy;
    private int shape;
    private int group;

    YieldRoom(final CoreState state, final VictimSearch search)
    {
        this.state = state;
        this.search = search;
        sessions = state.sessions;
        kernels = state.kernels;
        shapes = state.shapes;
        agents = state.agents;
        candidates = new YieldCandidates(sessions);
        choice = new YieldChoice(candidates);
        relations = new YieldRelations(state, search, candidates);
        wanted = new Wanted(state);
        base = new AgentForecast(state);
        scratch = new AgentForecast(state);
        copy = new AgentForecast(state);
    }

    /** Takes note of who wants room. */
    void load(final int groupId, final int wantedShape)
    {
        group = groupId;
        shape = wantedShape;
        wanted.load(shape);
        search.of(shape);
        relations.load(shape);
        choice.clear();
    }

    int group()
    {
        return group;
    }

    int shape()
    {
        return shape;
    }

    boolean isUsable(final int agent)
    {
        return group == agents.get(agents.group, agent) &&
            agents.mayGetWork(agent) &&
            0 == agents.get(agents.claimedBy, agent) &&
            state.schedule.placement.matches(agent, shapes.get(shapes.constraint, shape));
    }

    /** Loads an agent as it will be when those have left who are on their way. */
    void loadBase(final int agent)
    {
        base.load(agent);
        releaseLeaving(agents.get(agents.waitHead, agent));
        releaseLeaving(agents.get(agents.restartHead, agent));
    }

    private void releaseLeaving(final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            if (search.isLeaving(kernel))
            {
                base.release(kernel);
            }
        }
    }

    /** Loads that agent once those have left as well who have to yield. */
    void loadAfter(final int agent)
    {
        scratch.copy(base);
        releaseYielding(agents.get(agents.waitHead, agent));
        releaseYielding(agents.get(agents.restartHead, agent));
    }

    private void releaseYielding(final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            if (relations.yields(kernel))
            {
                scratch.release(kernel);
            }
        }
    }

    /** Whether the agent that is loaded has room for a kernel. */
    boolean fits()
    {
        return scratch.fits(wanted);
    }

    /** Whether the agent that is loaded has room for all kernels, which are alike. */
    boolean fitsAll()
    {
        if (1 == wanted.kernels)
        {
            return fits();
        }
        copy.copy(scratch);
        return !relations.spreads() && wanted.kernels == copy.takeAll(wanted, wanted.kernels);
    }

    /** For how many kernels the agent that is loaded has room, which are alike. */
    int places()
    {
        return scratch.takeAll(wanted, relations.spreads() ? 1 : wanted.kernels);
    }

    /** Loads an agent, both steps; false if it may not be used, whoever is there. */
    boolean load(final int agent, final AgentForecast target)
    {
        if (!isUsable(agent))
        {
            return false;
        }
        loadBase(agent);
        loadAfter(agent);
        target.copy(scratch);
        return true;
    }

    /** The same; false also if those who stay are in the way. */
    boolean loadAllowed(final int agent, final AgentForecast target)
    {
        return load(agent, target) && relations.allows(agent);
    }

    /** Adds those on an agent who may have to yield, and are not among the candidates. */
    void addCandidates(final int agent)
    {
        addCandidates(agent, true);
    }

    /** The same, with or without those with whom the session has to be. */
    void addCandidates(final int agent, final boolean packedToo)
    {
        addCandidatesFrom(agents.get(agents.waitHead, agent), packedToo);
        addCandidatesFrom(agents.get(agents.restartHead, agent), packedToo);
    }

    private void addCandidatesFrom(final int first, final boolean packedToo)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            final int session = kernels.get(kernels.session, kernel);
            if (0 == kernels.get(kernels.held, kernel) && Table.NONE != session && !candidates.contains(session) &&
                search.isVictim(session) && (packedToo || !relations.isPackedWith(session)))
            {
                candidates.add(session, search.cost(session));
            }
        }
    }

    boolean hasYielding(final int agent)
    {
        return hasYieldingFrom(agents.get(agents.waitHead, agent)) ||
            hasYieldingFrom(agents.get(agents.restartHead, agent));
    }

    private boolean hasYieldingFrom(final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            if (relations.yields(kernel))
            {
                return true;
            }
        }
        return false;
    }
}
