package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Result;

/** What must hold after every command, whatever came before. */
final class CoreInvariants
{
    private final CoreState state;
    private final SessionTable sessions;
    private final KernelTable kernels;
    private final AgentTable agents;

    CoreInvariants(final SchedulerCore core)
    {
        state = core.state();
        sessions = state.sessions;
        kernels = state.kernels;
        agents = state.agents;
    }

    void check()
    {
        checkAccounts();
        checkSessions();
        checkReferences();
        checkDependencies();
    }

    private static void require(final boolean holds, final String what)
    {
        if (!holds)
        {
            throw new AssertionError(what);
        }
    }

    /** The sum of what kernels were given is what agents have given, and no device has two users. */
    private void checkAccounts()
    {
        final int slotCount = state.slots.count();
        final long[][] used = new long[agents.highWater()][slotCount];
        final long[][] devices = new long[agents.highWater()][slotCount];
        final int[] count = new int[agents.highWater()];
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            if (kernels.isLive(kernel))
            {
                final int agent = kernels.agent.get(kernel);
                count[agent]++;
                for (int slot = 0; slot < slotCount; slot++)
                {
                    used[agent][slot] += state.shapes.amount(kernels.shape.get(kernel), slot);
                    final long mask = kernels.devices(kernel, slot);
                    require(0 == (mask & devices[agent][slot]), "device used twice agentId=" + agent);
                    devices[agent][slot] |= mask;
                }
            }
        }
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            require(count[agent] == agents.kernels.get(agent), "kernels of agentId=" + agent);
            for (int slot = 0; slot < slotCount; slot++)
            {
                final long free = agents.capacity(agent, slot) - used[agent][slot];
                require(free == agents.free(agent, slot), "account of agentId=" + agent + " slot=" + slot);
                require(devices[agent][slot] == agents.devicesUsed(agent, slot), "devices of agentId=" + agent);
                if (state.slots.isDevice(slot))
                {
                    require(Long.bitCount(devices[agent][slot]) == used[agent][slot], "device count " + agent);
                }
            }
        }
    }

    private void checkSessions()
    {
        int ended = 0;
        final long[] pending = new long[state.groups.count()];
        for (int session = 0; session < sessions.highWater(); session++)
        {
            if (sessions.isLive(session))
            {
                final int group = state.shapes.group.get(sessions.shape.get(session));
                ended += sessions.isTerminal(session) ? 1 : 0;
                if (LifeState.PENDING.value() == sessions.state.get(session))
                {
                    pending[group] += sessions.waiting(session);
                }
                checkSession(session);
            }
        }
        require(ended == state.ended.count() + state.awaited.count(), "ended sessions");
        for (int group = 0; group < pending.length; group++)
        {
            require(pending[group] == state.groups.pending.get(group), "pending of groupId=" + group);
        }
    }

    /** All or nothing: a session has kernels exactly while it is neither waiting nor ended. */
    private void checkSession(final int session)
    {
        final long id = sessions.nextId.get(session);
        final byte at = sessions.state.get(session);
        int live = 0;
        int held = 0;
        int least = LifeState.TERMINATED.value();
        int previous = Table.NONE;
        for (int kernel = sessions.kernelHead.get(session);
            Table.NONE != kernel;
            kernel = kernels.siblingNext.get(kernel))
        {
            require(session == kernels.session.get(kernel), "kernel of sessionId=" + id);
            require(previous == kernels.siblingPrevious.get(kernel), "siblings of sessionId=" + id);
            require(KernelTable.sessionId(kernels.kernelId.get(kernel)) == id, "kernelId of sessionId=" + id);
            if (0 == kernels.held.get(kernel))
            {
                live++;
                least = Math.min(least, kernels.state.get(kernel));
                require(kernels.attempt.get(kernel) == sessions.attempt.get(session), "attempt of " + id);
            }
            else
            {
                held++;
            }
            previous = kernel;
        }
        require(live == sessions.live.get(session), "live kernels of sessionId=" + id);
        require(held == sessions.held.get(session), "held kernels of sessionId=" + id);
        final boolean placed = at > LifeState.PENDING.value() && at < LifeState.TERMINATED.value();
        require(placed == live > 0, "kernels of sessionId=" + id + " state=" + at + " live=" + live);
        require(
            !placed || at == least || LifeState.TERMINATING.value() == at,
            "state of sessionId=" + id + " state=" + at + " least=" + least);
        checkDeadline(session);
    }

    /** Nothing is stuck: whoever must act has a deadline, or an agent that is away is named. */
    private void checkDeadline(final int session)
    {
        for (int kernel = sessions.kernelHead.get(session);
            Table.NONE != kernel;
            kernel = kernels.siblingNext.get(kernel))
        {
            final byte at = kernels.state.get(kernel);
            final boolean acting = 0 == kernels.held.get(kernel) && at != LifeState.RUNNING.value();
            require(!acting || kernels.deadlineNs.get(kernel) > 0, "deadline of a kernel in state=" + at);
        }
    }

    private void checkReferences()
    {
        final int[] shapeRefs = new int[state.shapes.highWater()];
        final int[] specRefs = new int[state.specs.highWater()];
        for (int session = 0; session < sessions.highWater(); session++)
        {
            if (sessions.isLive(session))
            {
                shapeRefs[sessions.shape.get(session)]++;
                specRefs[sessions.spec.get(session)]++;
            }
        }
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            if (kernels.isLive(kernel))
            {
                shapeRefs[kernels.shape.get(kernel)]++;
            }
        }
        for (int shape = 0; shape < shapeRefs.length; shape++)
        {
            require(shapeRefs[shape] == state.shapes.refs.get(shape), "references to shape=" + shape);
        }
        for (int spec = 0; spec < specRefs.length; spec++)
        {
            require(specRefs[spec] == state.specs.refs.get(spec), "references to spec=" + spec);
            require(!state.specs.isLive(spec) || specRefs[spec] > 0, "spec without sessions");
        }
    }

    /** Only who waits has dependencies, those are known, and exactly what nobody waits for is to be forgotten. */
    private void checkDependencies()
    {
        final EdgeTable.Edges edges = state.edges.edges;
        int count = 0;
        for (int session = 0; session < sessions.highWater(); session++)
        {
            final int first = sessions.isLive(session) ? sessions.dependencyHead.get(session) : Table.NONE;
            int unmet = 0;
            for (int edge = first; Table.NONE != edge; edge = edges.nextOfDependent.get(edge))
            {
                final long targetId = state.edges.targets.sessionId.get(edges.target.get(edge));
                final int target = sessions.findOwn(targetId);
                require(LifeState.PENDING.value() == sessions.state.get(session), "edge of one that does not wait");
                require(session == edges.dependent.get(edge), "edge of another");
                require(Table.NONE != sessions.find(targetId), "forgotten dependency sessionId=" + targetId);
                unmet += Table.NONE != target && Result.SUCCESS.value() == sessions.result.get(target) &&
                    sessions.isTerminal(target) ? 0 : 1;
                count++;
            }
            require(!sessions.isLive(session) || unmet == sessions.unmet.get(session), "unmet of row " + session);
        }
        require(count == edges.count(), "edges without a dependent");
        long beforeNs = Long.MIN_VALUE;
        for (int session = state.ended.head(); Table.NONE != session; session = state.ended.next(session))
        {
            require(Table.NONE == state.edges.target(sessions.nextId.get(session)), "awaited, but to be forgotten");
            require(beforeNs <= sessions.unawaitedNs.get(session), "order of forgetting");
            beforeNs = sessions.unawaitedNs.get(session);
        }
        for (int session = state.awaited.head(); Table.NONE != session; session = state.awaited.next(session))
        {
            require(Table.NONE != state.edges.target(sessions.nextId.get(session)), "kept, but not awaited");
        }
    }
}
