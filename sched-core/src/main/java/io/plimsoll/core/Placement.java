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
    private final PartsPlacement parts;
    private final FailedAgents failed;
    /** Whether the last try was for a session whose parts differ. */
    private boolean isParted;
    private int pickedIndex;

    Placement(final CoreState state, final AgentIndex index)
    {
        this.state = state;
        this.index = index;
        shapes = state.shapes;
        sessions = state.sessions;
        failed = new FailedAgents(state.sessions);
        wanted = new Wanted(state);
        trial = new Trial(state.agents, wanted);
        filter = new AgentFilter(state, wanted, trial);
        ordered = new OrderedSelection(state, wanted, trial, filter, chosen);
        ranked = new RankedSelection(state, wanted, trial, filter, chosen);
        rotating = new RotatingSelection(state, wanted, trial, filter, chosen);
        topology = new TopologySelection(state, wanted, trial, filter, chosen);
        random = new RandomSelection(state, wanted, trial, filter, chosen);
        scored = new ScoredSelection(index, wanted, trial, filter, chosen);
        parts = new PartsPlacement(state, index, chosen);
    }

    int chosen(final int kernelIndex)
    {
        return chosen.agent(kernelIndex);
    }

    /**
     * Kernels of the blocked part for which there was no room in the last try, which failed: at most as many as there
     * was none for, 0 where it cannot be said.
     */
    int missing()
    {
        if (isParted)
        {
            return parts.missing();
        }
        return rankedPlace ? 0 : wanted.kernels - chosen.count();
    }

    /**
     * Number of the part that had no room even by itself, 0 where all kernels ask for the same: nothing but an agent
     * that gains room for a kernel of it can help. NONE if the parts had room one by one, but not together: any change
     * of an agent may help.
     */
    int blockedPart()
    {
        return isParted ? parts.blockedPart() : 0;
    }

    /** Tries to place all kernels of a session that waits in a group, or of the first element of an array. */
    boolean tryPlace(final int group, final int session)
    {
        return tryPlace(group, session, null);
    }

    /** Whether a guard kept the last try from room that it asked for. */
    boolean isGuarded()
    {
        return isParted ? parts.isGuarded() : trial.isGuarded();
    }

    /** The same, as far as a guard lets it; null: no guard. */
    boolean tryPlace(final int group, final int session, final PlacementGuard guard)
    {
        final AgentPool pool = index.pool(group);
        final int shape = sessions.get(sessions.shape, session);
        isParted = shapes.isParted(shape);
        if (isParted)
        {
            return parts.place(group, session, guard);
        }
        failed.load(session);
        begin(pool, shape);
        final long id = sessions.get(sessions.nextId, session);
        filter.begin(group, id, shape, null != guard);
        chosen.clear();
        rankedPlace = filter.isRanked() || pool.isByPriority();
        final AgentBuckets buckets =
            pool.isByOrder() && !rankedPlace ? pool.further(wanted.furtherMask) : null;
        rankedPlace |= pool.isByOrder() && null == buckets;
        if (SelectPolicy.SCORED.value() == pool.select() && !rankedPlace)
        {
            return scored.place(pool, shape, failed, guard);
        }
        trial.guard(guard);
        if (rankedPlace)
        {
            return ranked.place(pool, id, failed);
        }
        return switch (SelectPolicy.get((short)pool.select()))
        {
            case ROUND_ROBIN -> rotating.place(pool, failed);
            case TOPOLOGY -> topology.place(pool, shape, failed, guard);
            case RANDOM -> random.place(pool, id, failed);
            default -> ordered.place(pool, buckets, failed);
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

    /** Picks the devices for the kernel of an index, of a session of a shape, on an agent that has room for it. */
    void pickDevices(final int agent, final int shape, final int kernelIndex)
    {
        pickedIndex = kernelIndex;
        if (isParted)
        {
            return;
        }
        begin(index.pool(shapes.get(shapes.group, shape)), shape);
        trial.pickDevices(agent);
    }

    /** Devices that were picked for a slot, as a mask; 0 if it is no slot of devices. */
    long pickedDevices(final int slot)
    {
        return isParted ? parts.picked(pickedIndex, slot) : trial.picked(slot);
    }
}
