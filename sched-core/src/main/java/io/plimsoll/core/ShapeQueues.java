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
            shapes.queueHead.set(shape, Table.NONE);
            shapes.queueTail.set(shape, Table.NONE);
            shapes.queueHint.set(shape, Table.NONE);
        }
    }

    void add(final int session)
    {
        final int shape = sessions.shape.get(session);
        final int before = predecessor(shape, sessions.nextId.get(session));
        final int after = Table.NONE == before ? shapes.queueHead.get(shape) : sessions.next.get(before);
        sessions.previous.set(session, before);
        sessions.next.set(session, after);
        if (Table.NONE == before)
        {
            shapes.queueHead.set(shape, session);
        }
        else
        {
            sessions.next.set(before, session);
        }
        if (Table.NONE == after)
        {
            shapes.queueTail.set(shape, session);
        }
        else
        {
            sessions.previous.set(after, session);
        }
        shapes.queueHint.set(shape, session);
        sessions.queued.set(session, (byte)1);
    }

    void remove(final int session)
    {
        final int shape = sessions.shape.get(session);
        final int before = sessions.previous.get(session);
        final int after = sessions.next.get(session);
        if (Table.NONE == after)
        {
            shapes.queueTail.set(shape, before);
        }
        else
        {
            sessions.previous.set(after, before);
        }
        if (Table.NONE == before)
        {
            shapes.queueHead.set(shape, after);
        }
        else
        {
            sessions.next.set(before, after);
        }
        if (session == shapes.queueHint.get(shape))
        {
            shapes.queueHint.set(shape, Table.NONE == before ? after : before);
        }
        sessions.previous.set(session, Table.NONE);
        sessions.next.set(session, Table.NONE);
        sessions.queued.set(session, (byte)0);
    }

    /**
     * The waiting session after which an id belongs, NONE at the head. The queue is in order of ids; nearly always the
     * place is its end, its head, or next to where the last one went, so the search starts at all three at once.
     */
    private int predecessor(final int shape, final long id)
    {
        int fromTail = shapes.queueTail.get(shape);
        int fromHead = shapes.queueHead.get(shape);
        int fromHint = shapes.queueHint.get(shape);
        while (true)
        {
            if (Table.NONE == fromTail || sessions.nextId.get(fromTail) < id)
            {
                return fromTail;
            }
            fromTail = sessions.previous.get(fromTail);
            if (sessions.nextId.get(fromHead) > id)
            {
                return sessions.previous.get(fromHead);
            }
            fromHead = sessions.next.get(fromHead);
            if (sessions.nextId.get(fromHint) < id)
            {
                final int next = sessions.next.get(fromHint);
                if (sessions.nextId.get(next) > id)
                {
                    return fromHint;
                }
                fromHint = next;
            }
            else
            {
                fromHint = sessions.previous.get(fromHint);
                if (Table.NONE == fromHint)
                {
                    return Table.NONE;
                }
            }
        }
    }
}
