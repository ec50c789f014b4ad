package io.plimsoll.core;

import java.util.Arrays;

/**
 * When and where sessions that wait are to start, under conservative backfilling: a row for each agent of each
 * reservation, the first of which stands for it. A session has one, a job array as many as elements, in order of their
 * times. Links hold the row plus one; 0: none.
 */
final class ReservationTable extends Table
{
    /** Epoch, as promised; it may have passed. */
    final LongColumn startNs = longColumn(1);
    final IntColumn session = intColumn(2);
    final IntColumn agent = intColumn(3);
    /** How many kernels go to that agent. */
    final IntColumn kernels = intColumn(4);
    private final IntColumn more = intColumn(5);
    private final IntColumn nextOfSession = intColumn(-1);
    private final IntColumn previousOnAgent = intColumn(-2);
    private final IntColumn nextOnAgent = intColumn(-3);

    private final CoreState state;
    /** By group: how many there are. Derived. */
    private int[] countOf = new int[4];

    ReservationTable(final CoreState state)
    {
        this.state = state;
    }

    /** The reservation of a session with the earliest time; NONE if it has none. */
    int first(final int sessionRow)
    {
        return state.sessions.get(state.sessions.reserved, sessionRow) - 1;
    }

    /** The session's next one; NONE after the last. */
    int next(final int row)
    {
        return get(nextOfSession, row) - 1;
    }

    /** The next agent of the same reservation; NONE after the last. */
    int more(final int row)
    {
        return get(more, row) - 1;
    }

    /** Some row of an agent, the others follow by {@link #nextOn}; NONE if nothing is reserved on it. */
    int firstOn(final int agentId)
    {
        return state.agents.get(state.agents.reserved, agentId) - 1;
    }

    int nextOn(final int row)
    {
        return get(nextOnAgent, row) - 1;
    }

    /** Epoch; NEVER if the session has no limit. */
    long endNs(final int row)
    {
        final long walltimeNs = state.sessions.get(state.sessions.walltimeNs, get(session, row));
        return 0 == walltimeNs ? ExpectedEnds.NEVER : get(startNs, row) + walltimeNs;
    }

    int shape(final int row)
    {
        return state.sessions.get(state.sessions.shape, get(session, row));
    }

    /** Reservations of all sessions of a group. */
    int countOf(final int group)
    {
        return group < countOf.length ? countOf[group] : 0;
    }

    /** A session's reservation of a number; NONE if it has fewer. */
    int find(final int sessionRow, final int number)
    {
        int row = first(sessionRow);
        for (int i = 0; i < number && NONE != row; i++)
        {
            row = next(row);
        }
        return row;
    }

    /** Makes a reservation for one agent; returns its row. */
    int add(final int sessionRow, final long atNs, final int agentId, final int kernelCount)
    {
        final int row = place(sessionRow, atNs, agentId, kernelCount);
        int before = NONE;
        int after = first(sessionRow);
        while (NONE != after && (get(startNs, after) < atNs || get(startNs, after) == atNs && after < row))
        {
            before = after;
            after = next(after);
        }
        link(sessionRow, before, row);
        set(nextOfSession, row, after + 1);
        count(sessionRow, 1);
        return row;
    }

    /** Another agent of the same reservation; returns its row, which is to be the last from now on. */
    int addMore(final int last, final int agentId, final int kernelCount)
    {
        final int row = place(get(session, last), get(startNs, last), agentId, kernelCount);
        set(more, last, row + 1);
        return row;
    }

    private int place(final int sessionRow, final long atNs, final int agentId, final int kernelCount)
    {
        final int row = allocate();
        set(startNs, row, atNs);
        set(session, row, sessionRow);
        set(agent, row, agentId);
        set(kernels, row, kernelCount);
        final int head = state.agents.get(state.agents.reserved, agentId);
        set(nextOnAgent, row, head);
        if (0 != head)
        {
            set(previousOnAgent, head - 1, row + 1);
        }
        state.agents.set(state.agents.reserved, agentId, row + 1);
        state.schedule.onReserved(row, 1);
        return row;
    }

    private void link(final int sessionRow, final int before, final int row)
    {
        if (NONE == before)
        {
            state.sessions.set(state.sessions.reserved, sessionRow, row + 1);
        }
        else
        {
            set(nextOfSession, before, row + 1);
        }
    }

    private void count(final int sessionRow, final int change)
    {
        final int group = state.shapes.get(state.shapes.group, state.sessions.get(state.sessions.shape, sessionRow));
        if (group >= countOf.length)
        {
            countOf = Arrays.copyOf(countOf, Math.max(group + 1, countOf.length * 2));
        }
        countOf[group] += change;
    }

    /** Forgets a session's reservation of a number, which it has. */
    void remove(final int sessionRow, final int number)
    {
        int before = NONE;
        int row = first(sessionRow);
        for (int i = 0; i < number; i++)
        {
            before = row;
            row = next(row);
        }
        link(sessionRow, before, next(row));
        count(sessionRow, -1);
        while (NONE != row)
        {
            final int following = more(row);
            unlinkFromAgent(row);
            release(row);
            row = following;
        }
    }

    private void unlinkFromAgent(final int row)
    {
        final int before = get(previousOnAgent, row);
        final int after = get(nextOnAgent, row);
        if (0 == before)
        {
            state.agents.set(state.agents.reserved, get(agent, row), after);
        }
        else
        {
            set(nextOnAgent, before - 1, after);
        }
        if (0 != after)
        {
            set(previousOnAgent, after - 1, before);
        }
        state.schedule.onReserved(row, -1);
    }

    /** Forgets all reservations of a session. */
    void removeAll(final int sessionRow)
    {
        while (NONE != first(sessionRow))
        {
            remove(sessionRow, 0);
        }
    }

    /** Forgets the latest ones of a session, as far as it has more than a number. */
    void trim(final int sessionRow, final long most)
    {
        int count = 0;
        for (int row = first(sessionRow); NONE != row; row = next(row))
        {
            count++;
        }
        while (count > most)
        {
            count--;
            remove(sessionRow, count);
        }
    }

    /** Elements left a session for another one of the same shape: what is beyond a number goes with them. */
    void split(final int from, final long most, final int to)
    {
        int before = NONE;
        int row = first(from);
        for (long i = 0; i < most && NONE != row; i++)
        {
            before = row;
            row = next(row);
        }
        link(from, before, NONE);
        link(to, NONE, row);
        for (int moved = row; NONE != moved; moved = next(moved))
        {
            for (int part = moved; NONE != part; part = more(part))
            {
                set(session, part, to);
                state.schedule.onAgentChanged(get(agent, part));
            }
        }
    }

    /** Forgets all reservations of a group. */
    void removeOf(final int group)
    {
        for (int row = 0; row < highWater() && countOf(group) > 0; row++)
        {
            if (isLive(row) && group == state.shapes.get(state.shapes.group, shape(row)))
            {
                removeAll(get(session, row));
            }
        }
    }

    void rebuildIndex()
    {
        Arrays.fill(countOf, 0);
        for (int sessionRow = 0; sessionRow < state.sessions.highWater(); sessionRow++)
        {
            for (int row = first(sessionRow); NONE != row; row = next(row))
            {
                count(sessionRow, 1);
            }
        }
    }

    /** Which of the reservations of its session a row is of, from 0. */
    int numberOf(final int place)
    {
        int number = 0;
        for (int row = first(get(session, place)); Table.NONE != row; row = next(row))
        {
            for (int part = row; Table.NONE != part; part = more(part))
            {
                if (part == place)
                {
                    return number;
                }
            }
            number++;
        }
        throw new IllegalStateException("reservation=" + place + " is not one of its session");
    }
}
