package io.plimsoll.core;

/** Sessions in the order in which they were added, linked through their rows. A session is in one list at most. */
final class SessionList
{
    private final SessionTable sessions;
    private int head = Table.NONE;
    private int tail = Table.NONE;
    private int count;
    /** Of the first, see {@link #fetchHead}. */
    private long fetched;

    SessionList(final SessionTable sessions)
    {
        this.sessions = sessions;
    }

    int head()
    {
        return head;
    }

    /**
     * Has the processor fetch the first, which nobody has looked at for long, when there is other memory to wait for
     * anyway.
     */
    void fetchHead()
    {
        if (Table.NONE != head)
        {
            fetched = sessions.get(sessions.unawaitedNs, head);
        }
    }

    int next(final int session)
    {
        return sessions.get(sessions.next, session);
    }

    int count()
    {
        return count;
    }

    void add(final int session)
    {
        sessions.set(sessions.previous, session, tail);
        sessions.set(sessions.next, session, Table.NONE);
        if (Table.NONE == tail)
        {
            head = session;
        }
        else
        {
            sessions.set(sessions.next, tail, session);
        }
        tail = session;
        count++;
    }

    void remove(final int session)
    {
        final int before = sessions.get(sessions.previous, session);
        final int after = sessions.get(sessions.next, session);
        if (Table.NONE == before)
        {
            head = after;
        }
        else
        {
            sessions.set(sessions.next, before, after);
        }
        if (Table.NONE == after)
        {
            tail = before;
        }
        else
        {
            sessions.set(sessions.previous, after, before);
        }
        sessions.set(sessions.previous, session, Table.NONE);
        sessions.set(sessions.next, session, Table.NONE);
        count--;
    }

    long hash(final long seed)
    {
        long hash = seed;
        for (int session = head; Table.NONE != session; session = sessions.get(sessions.next, session))
        {
            hash = Hashing.chain(hash, sessions.get(sessions.firstId, session));
        }
        return hash;
    }

    void transfer(final StateBlocks blocks, final int part)
    {
        final long[] values = blocks.fixed(part, 0, head, tail, count);
        head = (int)values[0];
        tail = (int)values[1];
        count = (int)values[2];
    }
}
