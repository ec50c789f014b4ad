package io.plimsoll.core;

import java.util.Arrays;

/** A cancellation while it is worked on: a flyweight of the deciding thread. */
final class CancelProgress
{
    long taskId;
    long correlationId;
    int source;
    long cancelled;
    long alreadyEnded;
    long unknown;
    long[] firstIds = new long[64];
    long[] lastIds = new long[64];
    int rangeCount;
    /** The range that is worked on; its first id is where to go on. */
    int range;

    void clear()
    {
        cancelled = 0;
        alreadyEnded = 0;
        unknown = 0;
        rangeCount = 0;
        range = 0;
    }

    void addRange(final long firstId, final long lastId)
    {
        if (rangeCount == firstIds.length)
        {
            firstIds = Arrays.copyOf(firstIds, rangeCount * 2);
            lastIds = Arrays.copyOf(lastIds, rangeCount * 2);
        }
        firstIds[rangeCount] = firstId;
        lastIds[rangeCount] = lastId;
        rangeCount++;
    }

    boolean isDone()
    {
        return range == rangeCount;
    }
}
