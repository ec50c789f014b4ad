package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.sbe.SessionType;
import java.util.Arrays;

/** Says, by looking at everything, which session is next and where it goes: what the indexes must agree with. */
final class ExhaustiveScan
{
    private final CoreState state;
    private final AgentTable agents;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private long[][] taken;
    /** Free thousandths by agent, slot of devices and device. */
    private int[][][] devices;
    private int[] given;
    private int shape;
    final int[] chosen = new int[KernelTable.KERNELS_MAX];

    ExhaustiveScan(final CoreState state)
    {
        this.state = state;
        agents = state.agents;
        sessions = state.sessions;
        shapes = state.shapes;
    }

    /** The session that is to be placed next in a group, NONE if there is none. */
    int next(final int group)
    {
        if (state.lostTail)
        {
            return Table.NONE;
        }
        int after = Table.NONE;
        while (true)
        {
            final int session = first(group, after);
            if (Table.NONE == session || (isWithinLimits(session) && place(group, session)))
            {
                return session;
            }
            after = session;
        }
    }

    /** The session that is first in a group of those within their limits, NONE if none is ready. */
    int first(final int group)
    {
        int session = first(group, Table.NONE);
        while (Table.NONE != session && !isWithinLimits(session))
        {
            session = first(group, session);
        }
        return session;
    }

    private int first(final int group, final int after)
    {
        int best = Table.NONE;
        for (int session = 0; session < sessions.highWater(); session++)
        {
            if (sessions.isLive(session) && isReady(session, group) &&
                (Table.NONE == after || isBefore(group, after, session)) &&
                (Table.NONE == best || isBefore(group, session, best)))
            {
                best = session;
            }
        }
        return best;
    }

    private boolean isBefore(final int group, final int left, final int right)
    {
        final long leftId = sessions.nextId.get(left);
        final long rightId = sessions.nextId.get(right);
        final int leftPriority = shapes.priority.get(sessions.shape.get(left));
        final int rightPriority = shapes.priority.get(sessions.shape.get(right));
        final long ageingNs = state.groups.ageingNs.get(group);
        if (ageingNs > 0)
        {
            final long leftNs = sessions.submittedNs.get(left) - leftPriority * ageingNs;
            final long rightNs = sessions.submittedNs.get(right) - rightPriority * ageingNs;
            return leftNs < rightNs || (leftNs == rightNs && leftId < rightId);
        }
        if (leftPriority != rightPriority)
        {
            return leftPriority > rightPriority;
        }
        return OrderPolicy.LIFO.value() == state.groups.order.get(group) ? leftId > rightId : leftId < rightId;
    }

    private boolean isWithinLimits(final int session)
    {
        final AccountTable accounts = state.accounts;
        final int own = sessions.shape.get(session);
        boolean within = true;
        for (int row = accounts.find(sessions.owner.get(session));
            Table.NONE != row;
            row = accounts.find(accounts.parentId.get(row)))
        {
            if (SessionType.SYSTEM.value() == sessions.type.get(session))
            {
                within &= accounts.systemSessionsMax.get(row) < 0 ||
                    accounts.systemSessions.get(row) + 1 <= accounts.systemSessionsMax.get(row);
                continue;
            }
            within &= accounts.sessionsMax.get(row) < 0 ||
                accounts.sessions.get(row) + 1 <= accounts.sessionsMax.get(row);
            for (int slot = 0; slot < state.slots.count(); slot++)
            {
                final long asked = shapes.amount(own, slot) * shapes.kernels.get(own);
                within &= 0 == asked || accounts.used(row, slot) + asked <= accounts.limit(row, slot) ||
                    AccountTable.UNLIMITED == accounts.limit(row, slot);
            }
        }
        return within;
    }

    private boolean isReady(final int session, final int group)
    {
        return LifeState.PENDING.value() == sessions.state.get(session) &&
            group == shapes.group.get(sessions.shape.get(session)) &&
            0 == sessions.unmet.get(session) &&
            sessions.notBeforeNs.get(session) <= state.timestampNs &&
            sessions.startsAtNs.get(session) <= state.timestampNs;
    }

    private boolean place(final int group, final int session)
    {
        taken = new long[agents.highWater()][state.slots.count()];
        given = new int[agents.highWater()];
        devices = new int[agents.highWater()][state.slots.count()][];
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            loadDevices(agent);
        }
        shape = sessions.shape.get(session);
        final boolean most = SelectPolicy.DISPERSED.value() == state.groups.select.get(group);
        for (int index = 0; index < shapes.kernels.get(shape); index++)
        {
            int best = Table.NONE;
            for (int agent = 1; agent < agents.highWater(); agent++)
            {
                if (group == agents.group.get(agent) && agents.isEligible(agent) && fits(agent) &&
                    (Table.NONE == best || isBetter(agent, best, most, sessions.failedAgent.get(session))))
                {
                    best = agent;
                }
            }
            if (Table.NONE == best)
            {
                return false;
            }
            chosen[index] = best;
            for (int slot = 0; slot < state.slots.count(); slot++)
            {
                taken[best][slot] += shapes.amount(shape, slot);
            }
            takeDevices(best, devices[best]);
            given[best]++;
        }
        return true;
    }

    private void loadDevices(final int agent)
    {
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            if (state.slots.isDevice(slot))
            {
                devices[agent][slot] = new int[(int)agents.capacity(agent, slot)];
                for (int device = 0; device < devices[agent][slot].length; device++)
                {
                    devices[agent][slot][device] = agents.deviceFree(agent, slot, device);
                }
            }
        }
    }

    /** Whole devices are the lowest idle ones, shares come from the fullest that have room; false: they do not. */
    private boolean takeDevices(final int agent, final int[][] free)
    {
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            if (state.slots.isDevice(slot))
            {
                final boolean[] given = new boolean[free[slot].length];
                final int partner = state.slots.partner(slot);
                final long share = Table.NONE == partner ? 0 : shapes.amount(shape, partner);
                if (!takeDevices(free[slot], given, shapes.amount(shape, slot), 1000) ||
                    !takeDevices(free[slot], given, Shares.devices(share), (int)Shares.ofEach(share)))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean takeDevices(final int[] free, final boolean[] given, final long count, final int share)
    {
        for (long i = 0; i < count; i++)
        {
            int best = Table.NONE;
            for (int device = 0; device < free.length; device++)
            {
                if (!given[device] && free[device] >= share && (Table.NONE == best || free[device] < free[best]))
                {
                    best = device;
                }
            }
            if (Table.NONE == best)
            {
                return false;
            }
            given[best] = true;
            free[best] -= share;
        }
        return true;
    }

    private long left(final int agent, final int slot)
    {
        if (state.slots.isDevice(slot))
        {
            return Arrays.stream(devices[agent][slot]).filter(free -> 1000 == free).count();
        }
        if (state.slots.isShare(slot))
        {
            return Arrays.stream(devices[agent][state.slots.partner(slot)]).max().orElse(0);
        }
        return agents.free(agent, slot) - taken[agent][slot];
    }

    private boolean fits(final int agent)
    {
        if (given[agent] >= agents.kernelsLeft(agent))
        {
            return false;
        }
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final long amount = state.slots.isShare(slot) ? 0 : shapes.amount(shape, slot);
            if (amount > 0 && left(agent, slot) < amount)
            {
                return false;
            }
        }
        return (left(agent, SlotTable.MEM) >= 0 || shapes.amount(shape, SlotTable.MEM) > 0) &&
            takeDevices(agent, Arrays.stream(devices[agent])
                .map(free -> null == free ? null : free.clone())
                .toArray(int[][]::new));
    }

    private boolean isBetter(final int agent, final int best, final boolean most, final int failedAgent)
    {
        if ((agent == failedAgent) != (best == failedAgent))
        {
            return best == failedAgent;
        }
        if (0 == shapes.furtherMask.get(shape) && agents.hasFreeFurther(agent) != agents.hasFreeFurther(best))
        {
            return agents.hasFreeFurther(best);
        }
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final int byAmount = Long.compare(left(agent, slot), left(best, slot));
            if (0 != byAmount)
            {
                return most == byAmount > 0;
            }
        }
        return agent < best;
    }
}
