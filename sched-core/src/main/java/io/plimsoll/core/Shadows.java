package io.plimsoll.core;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.ShadowStep;
import io.plimsoll.core.sbe.ShadowSteppedDecoder;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * The shadows of all groups that backfill with a promise, and what owners' sessions took. Told of what happens to
 * sessions while events are applied; its own steps are events too. The time of a group stands still between two things
 * that matter to it, so that what is decided does not depend on what else happened meanwhile.
 */
final class Shadows
{
    final ShadowTable rows;
    private final CoreState state;
    private final ShadowSteppedDecoder stepped = new ShadowSteppedDecoder();
    private ShadowSchedule[] schedules = new ShadowSchedule[0];
    /** What each group has, as far as it is known. */
    private SlotTotals[] capacities = new SlotTotals[0];
    private boolean[] isCapacityKnown = new boolean[0];
    private long lessons;

    Shadows(final CoreState state)
    {
        this.state = state;
        rows = new ShadowTable(state.shapes);
    }

    ShadowSchedule of(final int group)
    {
        if (group >= schedules.length)
        {
            final int known = schedules.length;
            schedules = Arrays.copyOf(schedules, group + 1);
            capacities = Arrays.copyOf(capacities, group + 1);
            isCapacityKnown = Arrays.copyOf(isCapacityKnown, group + 1);
            for (int i = known; i <= group; i++)
            {
                schedules[i] = new ShadowSchedule(state, this, i);
                capacities[i] = new SlotTotals(state);
            }
        }
        return schedules[group];
    }

    boolean isKept(final int group)
    {
        return 0 != state.groups.get(state.groups.shadowed, group);
    }

    /** What the agents of a group that are there to be used have in all. */
    SlotTotals capacity(final int group)
    {
        final SlotTotals capacity = capacities[group];
        if (!isCapacityKnown[group])
        {
            isCapacityKnown[group] = true;
            capacity.clear();
            final AgentTable agents = state.agents;
            for (int agent = 1; agent < agents.highWater(); agent++)
            {
                if (group == agents.get(agents.group, agent) && 0 == agents.get(agents.drained, agent) &&
                    0 == agents.get(agents.quarantined, agent) &&
                    Liveness.LOST.value() != agents.get(agents.liveness, agent))
                {
                    capacity.addAgent(agent);
                }
            }
        }
        return capacity;
    }

    /** Rises when more is known of what sessions take. */
    long lessons()
    {
        return lessons;
    }

    /* What happens to sessions. */

    /** Something has happened that may let a session of a group start. */
    void touch(final int group)
    {
        if (isKept(group))
        {
            state.groups.set(state.groups.passNs, group, state.timestampNs);
            of(group).onChanged();
        }
    }

    void onAgent(final int agent)
    {
        Arrays.fill(isCapacityKnown, false);
        for (final ShadowSchedule schedule : schedules)
        {
            schedule.onPoolChanged();
        }
        touch(state.agents.get(state.agents.group, agent));
    }

    private int group(final int session)
    {
        return state.shapes.get(state.shapes.group, state.sessions.get(state.sessions.shape, session));
    }

    /** A session, or each element of a job array, came to wait, or waits for its dependencies no longer. */
    void onPending(final int session)
    {
        final int group = group(session);
        touch(group);
        if (isKept(group))
        {
            final SessionTable sessions = state.sessions;
            for (long id = sessions.get(sessions.nextId, session); id < sessions.get(sessions.endId, session); id++)
            {
                onPending(session, id);
            }
        }
    }

    private void onPending(final int session, final long id)
    {
        final int known = rows.find(id);
        final int row = Table.NONE == known ? add(session, id) : known;
        if (ShadowTable.WAITS == rows.get(rows.real, row) && ShadowTable.APART == rows.get(rows.stage, row) &&
            0 == state.sessions.get(state.sessions.unmet, session))
        {
            arrive(row, Math.max(state.timestampNs, state.sessions.get(state.sessions.startsAtNs, session)));
        }
    }

    private void arrive(final int row, final long atNs)
    {
        final ShadowSchedule schedule = of(rows.group(row));
        schedule.remove(row);
        rows.set(rows.arrivedNs, row, atNs);
        rows.set(rows.stage, row, ShadowTable.ARRIVING);
        schedule.add(row);
    }

    private int add(final int session, final long id)
    {
        final int shape = state.sessions.get(state.sessions.shape, session);
        state.shapes.addReference(shape);
        final int row = rows.add(id, shape);
        rows.set(rows.arrivedNs, row, state.timestampNs);
        of(rows.group(row)).add(row);
        return row;
    }

    private void remove(final int row)
    {
        final int shape = rows.get(rows.shape, row);
        of(rows.group(row)).remove(row);
        rows.remove(row);
        state.dropShape(shape);
    }

    /** A session, or each element of a job array that waits, has another shape from now on. */
    void onReshaped(final int session)
    {
        final SessionTable sessions = state.sessions;
        final int group = group(session);
        touch(group);
        if (isKept(group))
        {
            final long first = sessions.get(sessions.nextId, session);
            final long end = first + sessions.waiting(session);
            for (long id = first; id < end; id++)
            {
                final int row = rows.find(id);
                if (Table.NONE != row)
                {
                    reshape(row, sessions.get(sessions.shape, session));
                }
            }
        }
    }

    private void reshape(final int row, final int shape)
    {
        final int before = rows.get(rows.shape, row);
        final ShadowSchedule schedule = of(rows.group(row));
        schedule.remove(row);
        state.shapes.addReference(shape);
        rows.set(rows.shape, row, shape);
        schedule.add(row);
        state.dropShape(before);
    }

    void onStarted(final int session)
    {
        final int row = rows.find(state.sessions.get(state.sessions.nextId, session));
        touch(group(session));
        if (Table.NONE != row && ShadowTable.WAITS == rows.get(rows.real, row))
        {
            final ShadowSchedule schedule = of(rows.group(row));
            schedule.beforeReal(row);
            rows.set(rows.real, row, ShadowTable.STARTED);
            rows.set(rows.realStartNs, row, state.timestampNs);
            schedule.afterReal(row);
        }
    }

    void onEnded(final int session)
    {
        final int row = rows.find(state.sessions.get(state.sessions.nextId, session));
        touch(group(session));
        if (Table.NONE == row || ShadowTable.ENDED == rows.get(rows.real, row))
        {
            return;
        }
        final boolean ran = ShadowTable.STARTED == rows.get(rows.real, row);
        final long fromNs = ran ? rows.get(rows.realStartNs, row) : rows.get(rows.startNs, row);
        final long runNs = Math.max(0, state.timestampNs - fromNs);
        if (ran)
        {
            learn(state.shapes.get(state.shapes.owner, rows.get(rows.shape, row)), runNs);
        }
        if (ShadowTable.APART == rows.get(rows.stage, row) || (!ran && !rows.isKnown(row)))
        {
            remove(row);
            return;
        }
        final ShadowSchedule schedule = of(rows.group(row));
        schedule.beforeReal(row);
        rows.set(rows.runNs, row, runNs);
        rows.set(rows.real, row, ShadowTable.ENDED);
        schedule.afterReal(row);
    }

    private void learn(final int accountId, final long runNs)
    {
        final AccountTable accounts = state.accounts;
        final int account = accounts.find(accountId);
        if (Table.NONE != account)
        {
            accounts.set(accounts.ranBefore, account, accounts.get(accounts.ranLast, account));
            accounts.set(accounts.ranLast, account, runNs + 1);
            lessons++;
        }
    }

    /** Twice the run time that is predicted for a session of a shape; NEVER if nobody can say. */
    long twicePredictedNs(final int shape)
    {
        final AccountTable accounts = state.accounts;
        final long walltimeNs = state.shapes.get(state.shapes.walltimeNs, shape);
        final long requestedNs = 0 == walltimeNs ? ShadowTable.NEVER : 2 * walltimeNs;
        final int account = accounts.find(state.shapes.get(state.shapes.owner, shape));
        final long last = Table.NONE == account ? 0 : accounts.get(accounts.ranLast, account);
        if (0 == last)
        {
            return requestedNs;
        }
        final long before = accounts.get(accounts.ranBefore, account);
        return Math.min(requestedNs, last - 1 + (0 == before ? last : before) - 1);
    }

    /* Steps. */

    void onStepped(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        stepped.wrapAndApplyHeader(buffer, offset, header);
        final int group = stepped.groupId();
        if (ShadowStep.PASSED == stepped.step())
        {
            touch(group);
        }
        else
        {
            step(group, rows.find(stepped.sessionId()), stepped.step());
        }
    }

    private void step(final int group, final int row, final ShadowStep step)
    {
        final ShadowSchedule schedule = of(group);
        switch (step)
        {
            case ENDED ->
            {
                state.groups.set(state.groups.shadowNs, group, stepped.atNs());
                remove(row);
            }
            case RETURNED -> arrive(row, stepped.atNs());
            case STARTED ->
            {
                schedule.remove(row);
                start(row, group, stepped.atNs());
                schedule.add(row);
            }
            case LEFT, GIVEN_UP ->
            {
                schedule.remove(row);
                rows.set(rows.stage, row, ShadowTable.APART);
                if (ShadowStep.LEFT == step)
                {
                    rows.set(rows.startNs, row, 0);
                    rows.set(rows.rank, row, 0);
                }
                schedule.add(row);
            }
            default ->
            {
                schedule.remove(row);
                state.groups.set(state.groups.shadowNs, group, stepped.atNs());
                rows.set(rows.stage, row, ShadowTable.QUEUED);
                schedule.add(row);
            }
        }
    }

    private void start(final int row, final int group, final long atNs)
    {
        final long rank = state.groups.get(state.groups.shadowStarts, group) + 1;
        state.groups.set(state.groups.shadowStarts, group, rank);
        rows.set(rows.stage, row, ShadowTable.RUNNING);
        rows.set(rows.startNs, row, atNs);
        rows.set(rows.rank, row, rank);
    }

    /* Groups. */

    /** A group was configured: it may keep a shadow from now on, which begins as things are, or none any more. */
    void onGroup(final int group)
    {
        final GroupTable groups = state.groups;
        final boolean kept = Backfill.PREDICTIVE.value() == groups.get(groups.backfill, group);
        if (kept != isKept(group))
        {
            groups.set(groups.shadowed, group, (byte)(kept ? 1 : 0));
            groups.set(groups.shadowNs, group, kept ? state.timestampNs : 0);
            groups.set(groups.passNs, group, kept ? state.timestampNs : 0);
            if (kept)
            {
                adopt(group);
            }
            else
            {
                drop(group);
            }
        }
        touch(group);
    }

    /** Sessions that a shadow of a group would have to know if it were kept from now on. */
    long unknown(final int group)
    {
        final SessionTable sessions = state.sessions;
        long count = 0;
        for (int session = 0; !isKept(group) && session < sessions.highWater(); session++)
        {
            count += isToBeKept(session, group) ? sessions.waiting(session) : 0;
        }
        return count;
    }

    private boolean isToBeKept(final int session, final int group)
    {
        final SessionTable sessions = state.sessions;
        return sessions.isLive(session) && !sessions.isTerminal(session) && group == group(session);
    }

    private void adopt(final int group)
    {
        final SessionTable sessions = state.sessions;
        for (int session = 0; session < sessions.highWater(); session++)
        {
            if (!isToBeKept(session, group))
            {
                continue;
            }
            if (LifeState.PENDING.value() == sessions.get(sessions.state, session))
            {
                onPending(session);
            }
            else
            {
                adoptStarted(session, group);
            }
        }
    }

    private void adoptStarted(final int session, final int group)
    {
        final SessionTable sessions = state.sessions;
        final int row = add(session, sessions.get(sessions.nextId, session));
        final long runningNs = sessions.get(sessions.runningNs, session);
        final long startNs = 0 == runningNs ? state.timestampNs : runningNs;
        of(group).remove(row);
        rows.set(rows.real, row, ShadowTable.STARTED);
        rows.set(rows.realStartNs, row, startNs);
        start(row, group, startNs);
        of(group).add(row);
    }

    private void drop(final int group)
    {
        for (int row = 0; row < rows.highWater(); row++)
        {
            if (rows.isLive(row) && group == rows.group(row))
            {
                remove(row);
            }
        }
    }

    void rebuildIndex()
    {
        rows.rebuildIndex();
        Arrays.fill(isCapacityKnown, false);
        for (final ShadowSchedule schedule : schedules)
        {
            schedule.clear();
        }
        for (int row = 0; row < rows.highWater(); row++)
        {
            if (rows.isLive(row))
            {
                of(rows.group(row)).add(row);
            }
        }
    }

    long bytes()
    {
        return rows.bytes() + rows.indexBytes();
    }
}
