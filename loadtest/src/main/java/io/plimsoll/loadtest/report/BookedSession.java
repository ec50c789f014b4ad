package io.plimsoll.loadtest.report;

import io.plimsoll.core.sbe.LifeState;
import java.util.BitSet;

/** A session that has not ended, or a job array of which some elements still wait without a row of their own. */
final class BookedSession
{
    final long id;
    final String name;
    final int groupId;
    final int ownerId;
    /** Kernels of each session. */
    final int kernels;
    /** Sessions that this row stands for: of an array the elements that nothing has happened to yet. */
    long count;
    /** Since when it waits, epoch nanoseconds; later than now if it is not to start before. */
    long waitingSinceNs;
    LifeState state = LifeState.PENDING;
    private final long firstCount;
    private final boolean isArray;
    private final BitSet taken = new BitSet(0);
    private long ended;

    BookedSession(
        final long id,
        final String name,
        final int groupId,
        final int ownerId,
        final int kernels,
        final long count,
        final boolean isArray)
    {
        this.id = id;
        this.name = name;
        this.groupId = groupId;
        this.ownerId = ownerId;
        this.kernels = kernels;
        this.count = count;
        this.isArray = isArray;
        firstCount = count;
    }

    /** An element of this array that gets a row of its own. */
    BookedSession element(final long elementId)
    {
        count--;
        taken.set((int)(elementId - id));
        final BookedSession element = new BookedSession(elementId, name, groupId, ownerId, kernels, 1, false);
        element.waitingSinceNs = waitingSinceNs;
        return element;
    }

    /** Counts the end of an element; whether it was the last of this array. */
    boolean hasEnded(final BookedSession element)
    {
        ended += element.count;
        return ended == firstCount;
    }

    boolean isArray()
    {
        return isArray;
    }

    /** First of those that it stands for. */
    long firstWaiting()
    {
        return id + taken.nextClearBit(0);
    }

    /** Whether an element had a row of its own. */
    boolean isTaken(final long elementId)
    {
        return taken.get((int)(elementId - id));
    }

    boolean contains(final long sessionId)
    {
        return sessionId >= id && sessionId < id + firstCount;
    }

    /** Whether no state follows. */
    static boolean isTerminal(final LifeState state)
    {
        return LifeState.TERMINATED == state || LifeState.CANCELLED == state || LifeState.ERROR == state;
    }
}
