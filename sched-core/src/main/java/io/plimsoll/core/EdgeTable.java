package io.plimsoll.core;

/**
 * Dependencies of sessions that wait: who waits for whom. An edge stays, met or not, until its dependent is placed for
 * the first time or ends, for as long as that may be asked why it waits, and no target with an edge is forgotten. A
 * target has a row of its own while it has edges; targets that ended without success stand in a list until all who
 * waited are cancelled.
 */
final class EdgeTable
{
    /** Sessions that are waited for. */
    static final class Targets extends Table
    {
        final LongColumn sessionId = longColumn(1);
        final ByteColumn failed = byteColumn(2);
        final IntColumn head = intColumn(0);
        final IntColumn tail = intColumn(0);
        final IntColumn previousFailed = intColumn(0);
        final IntColumn nextFailed = intColumn(0);
    }

    /** One edge: a waiting session's row and the target's row. */
    static final class Edges extends Table
    {
        final IntColumn target = intColumn(1);
        final IntColumn dependent = intColumn(2);
        final IntColumn previousOfTarget = intColumn(0);
        final IntColumn nextOfTarget = intColumn(0);
        final IntColumn nextOfDependent = intColumn(0);
    }

    final Targets targets = new Targets();
    final Edges edges = new Edges();
    private final IdMap targetById = new IdMap();
    private int failedHead = Table.NONE;
    private int failedTail = Table.NONE;

    /** Row of the target, or NONE when nobody waits for the session. */
    int target(final long sessionId)
    {
        return 0 == targets.count() ? Table.NONE : targetById.get(sessionId);
    }

    /** Adds an edge in front of the dependent's own list; returns the new head of that list. */
    int add(final long targetId, final boolean targetFailed, final int dependent, final int dependentHead)
    {
        int target = targetById.get(targetId);
        if (Table.NONE == target)
        {
            target = targets.allocate();
            targets.sessionId.set(target, targetId);
            targets.head.set(target, Table.NONE);
            targets.tail.set(target, Table.NONE);
            targetById.put(targetId, target);
            if (targetFailed)
            {
                fail(target);
            }
        }
        final int edge = edges.allocate();
        edges.target.set(edge, target);
        edges.dependent.set(edge, dependent);
        edges.nextOfDependent.set(edge, dependentHead);
        final int tail = targets.tail.get(target);
        edges.previousOfTarget.set(edge, tail);
        edges.nextOfTarget.set(edge, Table.NONE);
        if (Table.NONE == tail)
        {
            targets.head.set(target, edge);
        }
        else
        {
            edges.nextOfTarget.set(tail, edge);
        }
        targets.tail.set(target, edge);
        return edge;
    }

    /** Marks a target as ended without success: those who wait for it are to be cancelled. */
    void fail(final int target)
    {
        targets.failed.set(target, (byte)1);
        targets.previousFailed.set(target, failedTail);
        targets.nextFailed.set(target, Table.NONE);
        if (Table.NONE == failedTail)
        {
            failedHead = target;
        }
        else
        {
            targets.nextFailed.set(failedTail, target);
        }
        failedTail = target;
    }

    int firstFailed()
    {
        return failedHead;
    }

    int firstDependent(final int target)
    {
        return edges.dependent.get(targets.head.get(target));
    }

    /**
     * Removes an edge from its target; the target goes with its last edge. The dependent's list is its own matter.
     *
     * @return the id of the target if this was its last edge, or NONE.
     */
    long remove(final int edge)
    {
        final int target = edges.target.get(edge);
        final int previous = edges.previousOfTarget.get(edge);
        final int next = edges.nextOfTarget.get(edge);
        if (Table.NONE == previous)
        {
            targets.head.set(target, next);
        }
        else
        {
            edges.nextOfTarget.set(previous, next);
        }
        if (Table.NONE == next)
        {
            targets.tail.set(target, previous);
        }
        else
        {
            edges.previousOfTarget.set(next, previous);
        }
        edges.release(edge);
        if (Table.NONE != targets.head.get(target))
        {
            return Table.NONE;
        }
        final long sessionId = targets.sessionId.get(target);
        dropTarget(target);
        return sessionId;
    }

    private void dropTarget(final int target)
    {
        if (0 != targets.failed.get(target))
        {
            unlinkFailed(target);
        }
        targetById.remove(targets.sessionId.get(target));
        targets.release(target);
    }

    private void unlinkFailed(final int target)
    {
        final int previous = targets.previousFailed.get(target);
        final int next = targets.nextFailed.get(target);
        if (Table.NONE == previous)
        {
            failedHead = next;
        }
        else
        {
            targets.nextFailed.set(previous, next);
        }
        if (Table.NONE == next)
        {
            failedTail = previous;
        }
        else
        {
            targets.previousFailed.set(next, previous);
        }
    }

    void rebuildIndex()
    {
        targetById.clear();
        for (int row = 0; row < targets.highWater(); row++)
        {
            if (targets.isLive(row))
            {
                targetById.put(targets.sessionId.get(row), row);
            }
        }
    }

    long hash(final long seed)
    {
        return edges.hash(targets.hash(seed));
    }

    long bytes()
    {
        return targets.bytes() + edges.bytes();
    }
}
