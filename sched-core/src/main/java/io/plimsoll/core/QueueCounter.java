package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;

/** Counts who waits by what for. Reads tables and caches and changes neither. */
final class QueueCounter
{
    private final CoreState state;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final long[] counts;
    private final long[] oldestNs;
    /** Sessions of a shape stand near to each other. */
    private int lastShape = Table.NONE;
    private boolean isLastHeld;

    /**
     * For one part.
     *
     * @param state of the core, whose schedule is valid.
     */
    QueueCounter(final CoreState state)
    {
        this.state = state;
        sessions = state.sessions;
        shapes = state.shapes;
        counts = new long[state.groups.highWater() * QueueTally.Reason.count()];
        oldestNs = new long[state.groups.highWater()];
    }

    QueueTally count(final int firstRow, final int rows)
    {
        final int highWater = sessions.highWater();
        final int first = Math.max(0, firstRow);
        final int end = (int)Math.min(highWater, (long)first + Math.max(1, rows));
        for (int session = first; session < end; session++)
        {
            if (sessions.isLive(session) && LifeState.PENDING.value() == sessions.get(sessions.state, session))
            {
                count(session);
            }
        }
        return new QueueTally(state.sequence, state.timestampNs, end < highWater ? end : -1, counts, oldestNs);
    }

    private void count(final int session)
    {
        final int shape = sessions.get(sessions.shape, session);
        final int group = shapes.get(shapes.group, shape);
        final QueueTally.Reason reason = reason(session, shape, group);
        counts[group * QueueTally.Reason.count() + reason.ordinal()] += sessions.waiting(session);
        final long submittedNs = sessions.get(sessions.submittedNs, session);
        if (QueueTally.Reason.ROOM == reason && (0 == oldestNs[group] || submittedNs < oldestNs[group]))
        {
            oldestNs[group] = submittedNs;
        }
    }

    private QueueTally.Reason reason(final int session, final int shape, final int group)
    {
        if (sessions.get(sessions.unmet, session) > 0)
        {
            return QueueTally.Reason.DEPENDENCY;
        }
        if (state.schedule.readyNs(session) > state.timestampNs)
        {
            return QueueTally.Reason.TIME;
        }
        if (state.schedule.lacksPolicy(group))
        {
            return QueueTally.Reason.POLICY;
        }
        if (lastShape != shape)
        {
            lastShape = shape;
            isLastHeld = state.schedule.isHeldBack(shape);
        }
        return isLastHeld ? QueueTally.Reason.LIMIT : QueueTally.Reason.ROOM;
    }
}
