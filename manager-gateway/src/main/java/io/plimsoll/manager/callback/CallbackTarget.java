package io.plimsoll.manager.callback;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/**
 * What one receiver has not taken yet. Of a session one is under way at a time, so that they come in order; what there
 * is no room for stays in the journal, and is read from there when there is. Of the stage's thread.
 */
final class CallbackTarget
{
    static final int WAITING_MAX = 1_024;
    static final int UNDER_WAY_MAX = 8;

    private static final int ROOM_TO_RESUME = WAITING_MAX / 2;

    final String name;
    final Deque<CallbackDelivery> waiting = new ArrayDeque<>();
    /** First sequence that there was no room for; 0: none. */
    long resumeSequence;
    /** Of the event within it. */
    int resumeIndex;
    int underWay;
    int failures;
    /** Whoever does not answer at all is left alone until then. */
    long quietUntilNs;

    CallbackTarget(final String name)
    {
        this.name = name;
    }

    boolean hasRoom()
    {
        return waiting.size() < WAITING_MAX;
    }

    boolean mayResume()
    {
        return 0 != resumeSequence && waiting.size() <= ROOM_TO_RESUME;
    }

    boolean isDone()
    {
        return waiting.isEmpty() && 0 == resumeSequence;
    }

    /** The next that may be sent; null if there is none now. */
    CallbackDelivery next(final long nowNs)
    {
        if (underWay >= UNDER_WAY_MAX || waiting.isEmpty() || quietUntilNs - nowNs > 0)
        {
            return null;
        }
        final Set<Long> passed = new HashSet<>();
        for (final Iterator<CallbackDelivery> all = waiting.iterator(); all.hasNext();)
        {
            final CallbackDelivery delivery = all.next();
            if (passed.add(delivery.sessionId) && !delivery.isUnderWay && delivery.nextNs - nowNs <= 0)
            {
                return delivery;
            }
        }
        return null;
    }

    /** Sequence before which all is done with. */
    long doneBefore(final long otherwise)
    {
        long least = 0 == resumeSequence ? otherwise : resumeSequence;
        for (final CallbackDelivery delivery : waiting)
        {
            least = Math.min(least, delivery.sequence);
        }
        return least;
    }
}
