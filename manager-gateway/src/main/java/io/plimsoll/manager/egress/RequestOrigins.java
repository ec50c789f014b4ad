package io.plimsoll.manager.egress;

import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import io.plimsoll.manager.control.RequestOrigin;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which request sessions came from: of the {@value #SUBMISSIONS_MAX} submissions accepted last since the start. Kept in
 * memory only; a session that is older, or came before the start, has none. Expected by any thread before the command
 * is offered, written by the thread of the records, read by any.
 */
public final class RequestOrigins implements RecordListener
{
    /** Submissions, of one session or of many, that are remembered; a power of two. */
    public static final int SUBMISSIONS_MAX = 1 << 16;

    private static final int MASK = SUBMISSIONS_MAX - 1;

    private final Map<Long, RequestOrigin> expected = new ConcurrentHashMap<>();
    /** Ids rise, so that the last ones are in order. */
    private final AtomicReferenceArray<Sessions> ring = new AtomicReferenceArray<>(SUBMISSIONS_MAX);
    private volatile long written;

    /** A command is about to be offered. */
    public void expect(final long correlationId, final RequestOrigin origin)
    {
        if (null != origin)
        {
            expected.put(correlationId, origin);
        }
    }

    /** The command was not taken, or nobody waits for it any more. */
    public void forget(final long correlationId)
    {
        expected.remove(correlationId);
    }

    /** Where a session came from; null: nobody knows. */
    public RequestOrigin find(final long sessionId)
    {
        final Sessions sessions = sessions(sessionId);
        return null == sessions ? null : sessions.origin();
    }

    /** The lowest id of those that were submitted together with a session; 0: nobody knows. */
    public long firstOf(final long sessionId)
    {
        final Sessions sessions = sessions(sessionId);
        return null == sessions ? 0 : sessions.firstId();
    }

    private Sessions sessions(final long sessionId)
    {
        final long end = written;
        long low = Math.max(0, end - SUBMISSIONS_MAX);
        long high = end - 1;
        while (low <= high)
        {
            final long middle = (low + high) >>> 1;
            final Sessions sessions = ring.get((int)(middle & MASK));
            if (sessions.number() != middle)
            {
                // Written over meanwhile, as are all before it.
                low = middle + 1;
            }
            else if (sessionId < sessions.firstId())
            {
                high = middle - 1;
            }
            else if (sessionId >= sessions.firstId() + sessions.count())
            {
                low = middle + 1;
            }
            else
            {
                return sessions;
            }
        }
        return null;
    }

    @Override
    public void onSubmissionAccepted(final SubmissionAcceptedDecoder event, final ReleasedRecord record)
    {
        final RequestOrigin origin = expected.isEmpty() ? null : expected.remove(event.correlationId());
        // What is repeated has the request that brought it first.
        if (null != origin && BooleanType.T != event.repeated())
        {
            final long number = written;
            ring.set((int)(number & MASK), new Sessions(number, event.firstId(), event.count(), origin));
            written = number + 1;
        }
    }

    @Override
    public void onCommandRejected(final CommandRejectedDecoder event, final ReleasedRecord record)
    {
        if (!expected.isEmpty())
        {
            expected.remove(event.correlationId());
        }
    }

    private record Sessions(long number, long firstId, long count, RequestOrigin origin)
    {
    }
}
