package io.plimsoll.core;

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

    Placement(final CoreState state, final AgentIndex index)
    {
        this.index = index;
        sessions = state.sessions;
        wanted = new Wanted(state.shapes, state.slots);
        trial = new Trial(state.agents, state.slots, wanted);
        filter = new AgentFilter(state.agents, wanted, trial);
        ordered = new OrderedSelection(state, wanted, trial, filter, chosen);
    }

    int chosen(final int kernelIndex)
    {
        return chosen.agent(kernelIndex);
    }

    /** Kernels for which there was room in the last try; all that there is when the try failed. */
    int chosenCount()
    {
        return chosen.count();
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
        wanted.load(sessions.shape.get(session));
        trial.begin(null, null);
        trial.guard(guard);
        filter.begin(sessions.nextId.get(session), null != guard);
        chosen.clear();
        return ordered.place(pool, sessions.failedAgent.get(session));
    }

    /** Picks the devices for a kernel of a shape on an agent that has room for it. */
    void pickDevices(final int agent, final int shape)
    {
        wanted.load(shape);
        trial.begin(null, null);
        trial.pickDevices(agent);
    }

    /** Devices that were picked for a slot, as a mask; 0 if it is no slot of devices. */
    long pickedDevices(final int slot)
    {
        return trial.picked(slot);
    }
}
