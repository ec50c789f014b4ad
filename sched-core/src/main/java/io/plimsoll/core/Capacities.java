package io.plimsoll.core;

/**
 * Whether a request could be met by a resource group whose agents were all empty and there. A shape that once could is
 * not looked up again until an agent's capacity may have changed.
 */
final class Capacities
{
    private final CoreState state;
    private final AgentTable agents;
    private int slot;
    private long requested;
    private long limit;

    Capacities(final CoreState state)
    {
        this.state = state;
        agents = state.agents;
    }

    /** Slot that stands in the way, NONE if it is the number of kernels. */
    int slot()
    {
        return slot;
    }

    long requested()
    {
        return requested;
    }

    long limit()
    {
        return limit;
    }

    /** A group that never had an agent could still meet anything. */
    boolean couldFit(final Request request)
    {
        if (0 == state.groups.agents.get(request.group))
        {
            return true;
        }
        final int shape = state.shapes.find(request);
        final long version = state.capacityChanges + 1;
        if (Table.NONE != shape && version == state.shapes.satisfiableAt.get(shape))
        {
            return true;
        }
        final long places = places(request);
        if (places >= request.kernels)
        {
            if (Table.NONE != shape)
            {
                state.shapes.satisfiableAt.set(shape, version);
            }
            return true;
        }
        if (places > 0)
        {
            slot = Table.NONE;
            requested = request.kernels;
            limit = places;
        }
        else
        {
            blame(request);
        }
        return false;
    }

    /** Kernels for which the whole group has room, counted up to those wanted. */
    private long places(final Request request)
    {
        long places = 0;
        for (int agent = 1; agent < agents.highWater() && places < request.kernels; agent++)
        {
            if (request.group == agents.group.get(agent))
            {
                places += placesOn(agent, request);
            }
        }
        return places;
    }

    private long placesOn(final int agent, final Request request)
    {
        long places = Long.MAX_VALUE;
        for (int s = 0; s < state.slots.count() && places > 0; s++)
        {
            if (request.amounts[s] > 0)
            {
                places = Math.min(places, agents.capacity(agent, s) / request.amounts[s]);
            }
        }
        return Math.min(places, request.kernels);
    }

    /** The first slot of which no agent has enough; if each has been met by some agent, cpu beside all the others. */
    private void blame(final Request request)
    {
        for (int s = 0; s < state.slots.count(); s++)
        {
            final long most = most(request, s, false);
            if (request.amounts[s] > most)
            {
                blame(request, s, most);
                return;
            }
        }
        for (int s = 0; s < state.slots.count(); s++)
        {
            final long most = most(request, s, true);
            if (request.amounts[s] > most && most > 0)
            {
                blame(request, s, most);
                return;
            }
        }
        blame(request, SlotTable.CPU, 0);
    }

    private void blame(final Request request, final int blamed, final long most)
    {
        slot = blamed;
        requested = request.amounts[blamed];
        limit = most;
    }

    /** Most of a slot that any agent has, or that any has which has enough of all others. */
    private long most(final Request request, final int wanted, final boolean othersMet)
    {
        long most = 0;
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (request.group == agents.group.get(agent) && (!othersMet || meetsOthers(agent, request, wanted)))
            {
                most = Math.max(most, agents.capacity(agent, wanted));
            }
        }
        return most;
    }

    private boolean meetsOthers(final int agent, final Request request, final int except)
    {
        for (int s = 0; s < state.slots.count(); s++)
        {
            if (s != except && agents.capacity(agent, s) < request.amounts[s])
            {
                return false;
            }
        }
        return true;
    }
}
