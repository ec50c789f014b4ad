package io.plimsoll.core;

import io.plimsoll.core.sbe.SelectPolicy;

/**
 * Chooses agents for all kernels of one session, or says that they do not fit, without changing anything: where an
 * agent must not be used see {@link AgentFilter}, for the order of those that may see the selections.
 */
final class Placement
{
    private final SessionTable sessions;
    private final AgentIndex index;
    private final Wanted wanted;
    private final Trial trial;
    private final AgentFilter filter;
    private final Chosen chosen = new Chosen();
    private final OrderedSelection ordered;
    private final ScoredSelection scored;
    private final RankedSelection ranked;
    private final RotatingSelection rotating;
    private final RandomSelection random;
    private final TopologySelection topology;
    private final CoreState state;
    private final ShapeTable shapes;
    /** Whether every agent was looked at in the last try. */
    private boolean rankedPlace;

    Placement(final CoreState state, final AgentIndex index)
    {
        this.state = state;
        this.index = index;
        shapes = state.shapes;
        sessions = state.sessions;
        wanted = new Wanted(state);
        trial = new Trial(state.agents, state.slots, wanted);
        filter = new AgentFilter(state, wanted, trial);
        ordered = new OrderedSelection(state, wanted, trial, filter, chosen);
        ranked = new RankedSelection(state, wanted, trial, filter, chosen);
        rotating = new RotatingSelection(state, wanted, trial, filter, chosen);
        topology = new TopologySelection(state, wanted, trial, filter, chosen);
        random = new RandomSelection(state, wanted, trial, filter, chosen);
        scored = new ScoredSelection(index, wanted, trial, filter, chosen);
    }

    int chosen(final int kernelIndex)
    {
        return chosen.agent(kernelIndex);
    }

    /**
     * Kernels for which there was room in the last try: at least as many as there is room for when the try failed, all
     * of them where it cannot be said.
     */
    int chosenCount()
    {
        return rankedPlace ? wanted.kernels : chosen.count();
    }

    /** Tries to place all kernels of a session that waits in a group, or of the first element of an array. */
    boolean tryPlace(final int group, final int session)
    {
        return tryPlace(group, session, null);
    }

    /** Whether a guard kept the last try from room that it asked for. */
    boolean isGuarded()
    {
        return trial.isGuarded();
    }

    /** The same, as far as a guard lets it; null: no guard. */
    boolean tryPlace(final int group, final int session, final PlacementGuard guard)
    {
        final AgentPool pool = index.pool(group);
        final int shape = sessions.shape.get(session);
        final int failedAgent = sessions.failedAgent.get(session);
        begin(pool, shape);
        final long id = sessions.nextId.get(session);
        filter.begin(group, id, shape, null != guard);
        chosen.clear();
        rankedPlace = filter.isRanked() || pool.isByPriority();
        if (SelectPolicy.SCORED.value() == pool.select() && !rankedPlace)
        {
            return scored.place(pool, shape, failedAgent, guard);
        }
        trial.guard(guard);
        if (rankedPlace)
        {
            return ranked.place(pool, id, failedAgent);
        }
        return switch (SelectPolicy.get((short)pool.select()))
        {
            case ROUND_ROBIN -> rotating.place(pool, failedAgent);
            case TOPOLOGY -> topology.place(pool, shape, failedAgent, guard);
            case RANDOM -> random.place(pool, id, failedAgent);
            default -> ordered.place(pool, failedAgent);
        };
    }

    private void begin(final AgentPool pool, final int shape)
    {
        wanted.load(shape);
        final ScoreIndex scores = pool.scores();
        trial.begin(null == scores ? null : scores.policy(), state.requests.of(pool.group()));
    }

    /** Whether an agent is what the constraints of a shape ask for, whatever runs there. */
    boolean matches(final int agent, final int constraint)
    {
        return filter.matches(agent, constraint);
    }

    /** Picks the devices for a kernel of a shape on an agent that has room for it. */
    void pickDevices(final int agent, final int shape)
    {
        begin(index.pool(shapes.group.get(shape)), shape);
        trial.pickDevices(agent);
    }

    /** Devices that were picked for a slot, as a mask; 0 if it is no slot of devices. */
    long pickedDevices(final int slot)
    {
        return trial.picked(slot);
    }
}
