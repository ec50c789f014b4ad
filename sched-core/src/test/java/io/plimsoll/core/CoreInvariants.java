package io.plimsoll.core;

import io.plimsoll.core.policy.DeviceClass;
import io.plimsoll.core.sbe.Backfill;
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
        checkOwners();
        checkReservations();
        checkEnds();
    }

    /** What is kept of the ends of kernels, in order, is what their rows say; asked for here, so that it is kept. */
    private void checkEnds()
    {
        final KernelEnds ends = state.schedule.kernelEnds;
        final int[] known = new int[agents.highWater()];
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            if (kernels.isLive(kernel) && KernelEnds.NEVER != ends.endNs(kernel))
            {
                known[kernels.agent.get(kernel)]++;
            }
        }
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            final int count = ends.count(agent);
            long lastNs = Long.MIN_VALUE;
            require(known[agent] == count, "ends kept of agent=" + agent);
            for (int position = 0; position < count; position++)
            {
                final int kernel = ends.rows(agent)[position];
                final long endNs = ends.endsNs(agent)[position];
                require(kernels.isLive(kernel) && agent == kernels.agent.get(kernel), "kernel=" + kernel + " kept");
                require(endNs == ends.endNs(kernel), "end of kernel=" + kernel);
                require(endNs >= lastNs, "order of the ends of agent=" + agent);
                lastNs = endNs;
            }
        }
    }

    /** Who has a reservation waits for it, in a group that makes them, and it is for all kernels. */
    private void checkReservations()
    {
        final ReservationTable reservations = state.reservations;
        int places = 0;
        for (int session = 0; session < sessions.highWater(); session++)
        {
            long count = 0;
            long startNs = Long.MIN_VALUE;
            for (int row = reservations.first(session); Table.NONE != row; row = reservations.next(row))
            {
                final int shape = sessions.shape.get(session);
                int kernelCount = 0;
                for (int part = row; Table.NONE != part; part = reservations.more(part))
                {
                    kernelCount += reservations.kernels.get(part);
                    places++;
                    require(session == reservations.session.get(part), "session of reservation=" + part);
                }
                require(kernelCount == state.shapes.kernels.get(shape), "kernels of reservation=" + row);
                require(startNs <= reservations.startNs.get(row), "order of reservation=" + row);
                require(LifeState.PENDING.value() == sessions.state.get(session), "state for reservation=" + row);
                require(
                    Backfill.CONSERVATIVE.value() == state.groups.backfill.get(state.shapes.group.get(shape)),
                    "group of reservation=" + row);
                startNs = reservations.startNs.get(row);
                count++;
            }
            require(count == 0 || count <= sessions.waiting(session), "reservations of session=" + session);
        }
        require(places == reservations.count(), "reservations of nobody");
    }

    /** What accounts are said to use and have waiting is the sum over all kernels and sessions under them. */
    private void checkOwners()
    {
        final AccountTable accounts = state.accounts;
        final int slotCount = state.slots.count();
        final long[][] used = new long[accounts.highWater()][slotCount];
        final long[][] waiting = new long[accounts.highWater()][slotCount + 1];
        final int[][] count = new int[accounts.highWater()][2];
        final long[] systemWaiting = new long[accounts.highWater()];
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            if (kernels.isLive(kernel))
            {
                final int shape = kernels.shape.get(kernel);
                addUp(shape, 1, used);
            }
        }
        for (int session = 0; session < sessions.highWater(); session++)
        {
            if (sessions.isLive(session))
            {
                final int shape = sessions.shape.get(session);
                final int system = state.shapes.system.get(shape);
                final boolean placed = sessions.live.get(session) + sessions.held.get(session) > 0;
                final boolean waits = LifeState.PENDING.value() == sessions.state.get(session);
                final long all = waits ? sessions.waiting(session) : 0;
                final long elements = 0 == system ? all : 0;
                for (int part = shape; Table.NONE != part; part = state.shapes.nextPart(part))
                {
                    addUp(part, elements * state.shapes.kernels.get(part), waiting);
                }
                for (final int row : OwnerChain.of(accounts, state.shapes.owner.get(shape)))
                {
                    count[row][system] += placed ? 1 : 0;
                    waiting[row][slotCount] += elements;
                    systemWaiting[row] += all - elements;
                }
            }
        }
        for (int row = 0; row < accounts.highWater(); row++)
        {
            require(count[row][0] == accounts.sessions.get(row), "sessions of account row=" + row);
            require(count[row][1] == accounts.systemSessions.get(row), "system sessions of account row=" + row);
            require(systemWaiting[row] == accounts.systemPending.get(row), "pending system of account row=" + row);
            require(waiting[row][slotCount] == accounts.pending.get(row), "pending of account row=" + row);
            for (int slot = 0; slot < slotCount; slot++)
            {
                require(used[row][slot] == accounts.used(row, slot), "use by account row=" + row);
                require(waiting[row][slot] == accounts.pendingAmount(row, slot), "demand of account row=" + row);
            }
        }
    }

    private void addUp(final int shape, final long kernelCount, final long[][] sums)
    {
        final AccountTable accounts = state.accounts;
        if (0 != state.shapes.system.get(shape))
        {
            return;
        }
        for (final int row : OwnerChain.of(accounts, state.shapes.owner.get(shape)))
        {
            for (int slot = 0; slot < state.slots.count(); slot++)
            {
                sums[row][slot] += state.shapes.amount(shape, slot) * kernelCount;
            }
        }
    }

    private static void require(final boolean holds, final String what)
    {
        if (!holds)
        {
            throw new AssertionError(what);
        }
    }

    /** The sum of what kernels were given is what agents have given, and no device gave more than there is of it. */
    private void checkAccounts()
    {
        final int slotCount = state.slots.count();
        final long[][] used = new long[agents.highWater()][slotCount];
        final int[][][] devices = new int[agents.highWater()][slotCount][SlotTable.DEVICES_MAX];
        final int[][] running = new int[agents.highWater()][DeviceClass.COUNT];
        final int[] count = new int[agents.highWater()];
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            if (kernels.isLive(kernel))
            {
                final int agent = kernels.agent.get(kernel);
                count[agent]++;
                running[agent][state.shapes.deviceClass.get(kernels.shape.get(kernel))]++;
                for (int slot = 0; slot < slotCount; slot++)
                {
                    addUse(kernel, slot, used[agent], devices[agent]);
                }
            }
        }
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            require(count[agent] == agents.kernels.get(agent), "kernels of agentId=" + agent);
            for (int deviceClass = 0; deviceClass < DeviceClass.COUNT; deviceClass++)
            {
                final int known = agents.running(agent, deviceClass);
                require(running[agent][deviceClass] == known, "class=" + deviceClass + " on agentId=" + agent);
            }
            for (int slot = 0; slot < slotCount; slot++)
            {
                checkAccount(agent, slot, used[agent][slot], devices[agent][slot]);
            }
        }
    }

    private void addUse(final int kernel, final int slot, final long[] used, final int[][] devices)
    {
        final int shape = kernels.shape.get(kernel);
        final long amount = state.shapes.amount(shape, slot);
        final long mask = kernels.devices(kernel, slot);
        used[slot] += amount;
        final boolean share = state.slots.isShare(slot);
        final long expected = share ? Shares.devices(amount) : state.slots.isDevice(slot) ? amount : 0;
        require(Long.bitCount(mask) == expected, "devices of kernelId=" + kernels.kernelId.get(kernel));
        for (long rest = mask; 0 != rest; rest &= rest - 1)
        {
            final int deviceSlot = share ? state.slots.partner(slot) : slot;
            devices[deviceSlot][Long.numberOfTrailingZeros(rest)] += share ? (int)Shares.ofEach(amount) : 1000;
        }
    }

    private void checkAccount(final int agent, final int slot, final long used, final int[] devices)
    {
        if (state.slots.isDevice(slot))
        {
            int idle = 0;
            int largest = 0;
            for (int device = 0; device < devices.length; device++)
            {
                require(devices[device] <= 1000, "device=" + device + " of agentId=" + agent + " is over-committed");
                final boolean known = 0 != (agents.devicesUsed(agent, slot) & 1L << device);
                require(known == devices[device] > 0, "device=" + device + " of agentId=" + agent);
                if (device < agents.capacity(agent, slot))
                {
                    final int free = agents.deviceFree(agent, slot, device);
                    require(1000 - devices[device] == free, "free of device=" + device + " of agentId=" + agent);
                    idle += 0 == devices[device] ? 1 : 0;
                    largest = Math.max(largest, free);
                }
            }
            require(idle == agents.free(agent, slot), "idle devices of agentId=" + agent);
            require(largest == agents.free(agent, state.slots.partner(slot)), "largest share of agentId=" + agent);
        }
        else if (!state.slots.isShare(slot))
        {
            final long free = agents.capacity(agent, slot) - used;
            require(free == agents.free(agent, slot), "account of agentId=" + agent + " slot=" + slot);
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
            final int part = state.shapes.partOf(
                sessions.shape.get(session), KernelTable.index(kernels.kernelId.get(kernel)));
            // Priority and limit may have been changed since; what it takes, and from whom, was not.
            final int own = kernels.shape.get(kernel);
            require(state.shapes.isSameNeed(part, own), "part of a kernel of sessionId=" + id);
            require(state.shapes.owner.get(part) == state.shapes.owner.get(own), "owner of sessionId=" + id);
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
        final ShadowTable shadows = state.shadows.rows;
        for (int row = 0; row < shadows.highWater(); row++)
        {
            if (shadows.isLive(row))
            {
                shapeRefs[shadows.shape.get(row)]++;
            }
        }
        for (int shape = 0; shape < shapeRefs.length; shape++)
        {
            if (state.shapes.isLive(shape) && state.shapes.isParted(shape))
            {
                shapeRefs[state.shapes.nextPart(shape)]++;
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
                final boolean hasEnded = Table.NONE != target && sessions.isTerminal(target);
                final boolean isMet = hasEnded &&
                    (0 != edges.anyEnd.get(edge) || Result.SUCCESS.value() == sessions.result.get(target));
                unmet += isMet ? 0 : 1;
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
