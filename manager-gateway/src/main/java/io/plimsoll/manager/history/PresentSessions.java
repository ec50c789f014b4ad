package io.plimsoll.manager.history;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.manager.egress.RecordDispatcher;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import org.agrona.collections.LongHashSet;

/** The sessions and arrays that a snapshot knows, and what it calls all else. For one thread. */
final class PresentSessions implements RecordListener
{
    private final LongHashSet ids = new LongHashSet();
    private final RecordDispatcher dispatcher;
    private long lastAtNs;

    PresentSessions(final Names names)
    {
        dispatcher = new RecordDispatcher(names, this);
    }

    void onRecord(final RecordFlyweight record)
    {
        dispatcher.dispatch(record);
        lastAtNs = record.timestampNs();
    }

    boolean contains(final long id)
    {
        return ids.contains(id);
    }

    /** Of the newest record. */
    long lastAtNs()
    {
        return lastAtNs;
    }

    @Override
    public void onSessionQueued(final SessionQueuedDecoder event, final ReleasedRecord record)
    {
        ids.add(event.sessionId());
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        ids.add(event.sessionId());
    }
}
