package io.plimsoll.core;

/**
 * Dependencies of sessions that wait: who waits for whom. An edge stays, met or not, until its dependent is placed for
 * the first time or ends, for as long as that may be asked why it waits, and no target with an edge is forgotten. A
 * target has a row of its own while it has edges, those that only success will meet apart from those that any end
 * meets; targets that ended without success stand in a list until all who waited for success are cancelled.
 */
final class EdgeTable
{
    /** Sessions that are waited for. */
    static final class Targets extends Table
    {
        final LongColumn sessionId = longColumn(1);
        /** Whether it ended without success. */
        final ByteColumn failed = byteColumn(2);
        /* Who needs its success. */
        final IntColumn head = intColumn(-1);
        final IntColumn tail = intColumn(-2);
        /* Who waits for its end, whatever that is. */
        final IntColumn anyHead = intColumn(-3);
        final IntColumn anyTail = intColumn(-4);
        final IntColumn previousFailed = intColumn(-5);
        final IntColumn nextFailed = intColumn(-6);
    }

    /** One edge: a waiting session's row and the target's row. */
    static final class Edges extends Table
    {
        final IntColumn target = intColumn(1);
        final IntColumn dependent = intColumn(2);
        final ByteColumn anyEnd = byteColumn(3);
        final IntColumn previousOfTarget = intColumn(-1);
        final IntColumn nextOfTarget = intColumn(-2);
        final IntColumn nextOfDependent = intColumn(-3);
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
    int add(final long targetId, final boolean anyEnd, final int dependent, final int dependentHead)
    {
        int target = targetById.get(targetId);
        if (Table.NONE == target)
        {
            target = targets.allocate();
            targets.set(targets.sessionId, target, targetId);
            targets.set(targets.head, target, Table.NONE);
            targets.set(targets.tail, target, Table.NONE);
            targets.set(targets.anyHead, target, Table.NONE);
            targets.set(targets.anyTail, target, Table.NONE);
            targetById.put(targetId, target);
        }
        final int edge = edges.allocate();
        edges.set(edges.target, edge, target);
        edges.set(edges.dependent, edge, dependent);
        edges.set(edges.anyEnd, edge, (byte)(anyEnd ? 1 : 0));
        edges.set(edges.nextOfDependent, edge, dependentHead);
        final IntColumn heads = anyEnd ? targets.anyHead : targets.head;
        final IntColumn tails = anyEnd ? targets.anyTail : targets.tail;
        final int tail = targets.get(tails, target);
        edges.set(edges.previousOfTarget, edge, tail);
        edges.set(edges.nextOfTarget, edge, Table.NONE);
        if (Table.NONE == tail)
        {
            targets.set(heads, target, edge);
        }
        else
        {
            edges.set(edges.nextOfTarget, tail, edge);
        }
        targets.set(tails, target, edge);
        if (!anyEnd && Table.NONE == tail && 0 != targets.get(targets.failed, target))
        {
            linkFailed(target);
        }
        return edge;
    }

    /** Marks a target as ended without success: those who wait for that are to be cancelled. */
    void fail(final int target)
    {
        if (0 == targets.get(targets.failed, target))
        {
            targets.set(targets.failed, target, (byte)1);
            if (Table.NONE != targets.get(targets.head, target))
            {
                linkFailed(target);
            }
        }
    }

    private void linkFailed(final int target)
    {
        targets.set(targets.previousFailed, target, failedTail);
        targets.set(targets.nextFailed, target, Table.NONE);
        if (Table.NONE == failedTail)
        {
            failedHead = target;
        }
        else
        {
            targets.set(targets.nextFailed, failedTail, target);
        }
        failedTail = target;
    }

    /** A target that failed and that somebody waits for who needs its success; NONE when there is none. */
    int firstFailed()
    {
        return failedHead;
    }

    /** Who waits for the success of a target first. */
    int firstDependent(final int target)
    {
        return edges.get(edges.dependent, targets.get(targets.head, target));
    }

    /**
     * Removes an edge from its target; the target goes with its last edge. The dependent's list is its own matter.
     *
     * @return the id of the target if this was its last edge, or NONE.
     */
    long remove(final int edge)
    {
        final int target = edges.get(edges.target, edge);
        final int previous = edges.get(edges.previousOfTarget, edge);
        final int next = edges.get(edges.nextOfTarget, edge);
        final boolean anyEnd = 0 != edges.get(edges.anyEnd, edge);
        if (Table.NONE == previous)
        {
            (anyEnd ? targets.anyHead : targets.head).set(target, next);
        }
        else
        {
            edges.set(edges.nextOfTarget, previous, next);
        }
        if (Table.NONE == next)
        {
            (anyEnd ? targets.anyTail : targets.tail).set(target, previous);
        }
        else
        {
            edges.set(edges.previousOfTarget, next, previous);
        }
        edges.release(edge);
        if (!anyEnd && Table.NONE == targets.get(targets.head, target) && 0 != targets.get(targets.failed, target))
        {
            unlinkFailed(target);
        }
        if (Table.NONE != targets.get(targets.head, target) || Table.NONE != targets.get(targets.anyHead, target))
        {
            return Table.NONE;
        }
        final long sessionId = targets.get(targets.sessionId, target);
        targetById.remove(sessionId);
        targets.release(target);
        return sessionId;
    }

    private void unlinkFailed(final int target)
    {
        final int previous = targets.get(targets.previousFailed, target);
        final int next = targets.get(targets.nextFailed, target);
        if (Table.NONE == previous)
        {
            failedHead = next;
        }
        else
        {
            targets.set(targets.nextFailed, previous, next);
        }
        if (Table.NONE == next)
        {
            failedTail = previous;
        }
        else
        {
            targets.set(targets.previousFailed, next, previous);
        }
    }

    void rebuildIndex()
    {
        targetById.clear();
        for (int row = 0; row < targets.highWater(); row++)
        {
            if (targets.isLive(row))
            {
                targetById.put(targets.get(targets.sessionId, row), row);
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

    void transfer(final StateBlocks blocks)
    {
        targets.transfer(blocks, StateBlocks.TARGETS);
        edges.transfer(blocks, StateBlocks.EDGES);
        final long[] failed = blocks.fixed(StateBlocks.TARGETS, 1, failedHead, failedTail);
        failedHead = (int)failed[0];
        failedTail = (int)failed[1];
    }
}
