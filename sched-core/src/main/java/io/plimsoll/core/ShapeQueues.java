package io.plimsoll.core;

/** The sessions of each shape that are ready to be placed, linked through their rows in order of their ids. A cache. */
final class ShapeQueues
{
    private final SessionTable sessions;
    private final ShapeTable shapes;

    ShapeQueues(final CoreState state)
    {
        sessions = state.sessions;
        shapes = state.shapes;
    }

    void clear()
    {
        for (int shape = 0; shape < shapes.highWater(); shape++)
        {
            shapes.set(shapes.queueHead, shape, Table.NONE);
            shapes.set(shapes.queueTail, shape, Table.NONE);
            shapes.set(shapes.queueHint, shape, Table.NONE);
        }
    }

    void add(final int session)
    {
        final int shape = sessions.get(sessions.shape, session);
        final int before = predecessor(shape, sessions.get(sessions.nextId, session));
        final int after = Table.NONE == before ?
            shapes.get(shapes.queueHead, shape) :
            sessions.get(sessions.next, before);
        sessions.set(sessions.previous, session, before);
        sessions.set(sessions.next, session, after);
        if (Table.NONE == before)
        {
            shapes.set(shapes.queueHead, shape, session);
        }
        else
        {
            sessions.set(sessions.next, before, session);
        }
        if (Table.NONE == after)
        {
            shapes.set(shapes.queueTail, shape, session);
        }
        else
        {
            sessions.set(sessions.previous, after, session);
        }
        shapes.set(shapes.queueHint, shape, session);
        sessions.set(sessions.queued, session, (byte)1);
    }

    void remove(final int session)
    {
        final int shape = sessions.get(sessions.shape, session);
        final int before = sessions.get(sessions.previous, session);
        final int after = sessions.get(sessions.next, session);
        if (Table.NONE == after)
        {
            shapes.set(shapes.queueTail, shape, before);
        }
        else
        {
            sessions.set(sessions.previous, after, before);
        }
        if (Table.NONE == before)
        {
            shapes.set(shapes.queueHead, shape, after);
        }
        else
        {
            sessions.set(sessions.next, before, after);
        }
        if (session == shapes.get(shapes.queueHint, shape))
        {
            shapes.set(shapes.queueHint, shape, Table.NONE == before ? after : before);
        }
        sessions.set(sessions.previous, session, Table.NONE);
        sessions.set(sessions.next, session, Table.NONE);
        sessions.set(sessions.queued, session, (byte)0);
    }

    /**
     * The waiting session after which an id belongs, NONE at the head. The queue is in order of ids; nearly always the
     * place is its end, its head, or next to where the last one went, so the search starts at all three at once.
     */
    private int predecessor(final int shape, final long id)
    {
        int fromTail = shapes.get(shapes.queueTail, shape);
        int fromHead = shapes.get(shapes.queueHead, shape);
        int fromHint = shapes.get(shapes.queueHint, shape);
        while (true)
        {
            if (Table.NONE == fromTail || sessions.get(sessions.nextId, fromTail) < id)
            {
                return fromTail;
            }
            fromTail = sessions.get(sessions.previous, fromTail);
            if (sessions.get(sessions.nextId, fromHead) > id)
            {
                return sessions.get(sessions.previous, fromHead);
            }
            fromHead = sessions.get(sessions.next, fromHead);
            if (sessions.get(sessions.nextId, fromHint) < id)
            {
                final int next = sessions.get(sessions.next, fromHint);
                if (sessions.get(sessions.nextId, next) > id)
                {
                    return fromHint;
                }
                fromHint = next;
            }
            else
            {
                fromHint = sessions.get(sessions.previous, fromHint);
                if (Table.NONE == fromHint)
                {
                    return Table.NONE;
                }
            }
        }
    }
}
