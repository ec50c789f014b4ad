package io.plimsoll.core;

import io.plimsoll.core.sbe.ShadowStep;

/**
 * Plain EASY backfilling of one group on the submissions that really come and on all that the group has as one pool,
 * followed as far as it is certain: a session ends here after the time that it really took, which is known once it has
 * really ended. Finds the next step, and keeps lists of rows; the steps are events. The definition is in
 * docs/BACKFILL.md.
 */
final class ShadowSchedule
{
    private final Shadows shadows;
    private final ShadowTable rows;
    private final GroupTable groups;
    private final int group;
    /** Come to wait, in the order of their arrival. */
    final RowList arriving;
    /** Wait in the shadow, in the order in which they are asked. */
    final RowList queue;
    /** Run in the shadow, by the time at which they are to have ended. */
    final RowList running;
    /** Of those: who really waits, by starts in the shadow; who runs, the furthest behind first; who has ended. */
    final RowList awaited;
    private final RowList lagging;
    private final RowList ended;
    /** What those that run in the shadow hold. */
    private final SlotTotals held;
    private final SlotTotals free;
    private final SlotTotals extra;
    /** Waiting sessions that are not in the shadow. */
    private int apart;
    private long changes;

    /* What was found last. */
    private ShadowStep step;
    private int stepRow;
    private long stepNs;
    private boolean isIdle;
    private long idlePassNs;
    private boolean isPassKnown;
    private int startable;
    private int head;

    ShadowSchedule(final CoreState state, final Shadows shadows, final int group)
    {
        this.shadows = shadows;
        this.group = group;
        rows = shadows.rows;
        groups = state.groups;
        arriving = new RowList(rows::arrivesBefore);
        queue = new RowList(rows::queuesBefore);
        running = new RowList(rows::endsBefore);
        awaited = new RowList(rows::startsBefore);
        lagging = new RowList(rows::lagsBefore);
        ended = new RowList(rows::hasEndedBefore);
        held = new SlotTotals(state);
        free = new SlotTotals(state);
        extra = new SlotTotals(state);
    }

    /** Rises with everything that the group's shadow, and who may start beside it, depends on. */
    long changes()
    {
        return changes;
    }

    int apart()
    {
        return apart;
    }

    void clear()
    {
        arriving.clear();
        queue.clear();
        running.clear();
        awaited.clear();
        lagging.clear();
        ended.clear();
        held.clear();
        apart = 0;
        onPoolChanged();
    }

    /** Something that the next step may depend on has changed. */
    void onChanged()
    {
        changes++;
        isIdle = false;
    }

    /** Something that a pass depends on has changed too. */
    void onPoolChanged()
    {
        isPassKnown = false;
        onChanged();
    }

    void add(final int row)
    {
        onPoolChanged();
        switch (rows.get(rows.stage, row))
        {
            case ShadowTable.APART -> apart++;
            case ShadowTable.ARRIVING -> arriving.add(row);
            case ShadowTable.QUEUED -> queue.add(row);
            default ->
            {
                running.add(row);
                held.give(rows.get(rows.shape, row));
                afterReal(row);
            }
        }
    }

    void remove(final int row)
    {
        onPoolChanged();
        switch (rows.get(rows.stage, row))
        {
            case ShadowTable.APART -> apart--;
            case ShadowTable.ARRIVING -> arriving.remove(row);
            case ShadowTable.QUEUED -> queue.remove(row);
            default ->
            {
                running.remove(row);
                held.take(rows.get(rows.shape, row));
                beforeReal(row);
            }
        }
    }

    /** To be called before something happens to a session really. */
    void beforeReal(final int row)
    {
        onChanged();
        if (rows.isKnown(row))
        {
            byReal(row).remove(row);
        }
    }

    void afterReal(final int row)
    {
        onChanged();
        if (rows.isKnown(row))
        {
            byReal(row).add(row);
        }
    }

    private RowList byReal(final int row)
    {
        return switch (rows.get(rows.real, row))
        {
            case ShadowTable.WAITS -> awaited;
            case ShadowTable.STARTED -> lagging;
            default -> ended;
        };
    }

    ShadowStep step()
    {
        return step;
    }

    int stepRow()
    {
        return stepRow;
    }

    long stepNs()
    {
        return stepNs;
    }

    /** Looks for the next step; false if there is none that is certain. */
    boolean findStep()
    {
        final long passNs = groups.get(groups.passNs, group);
        if (isIdle && passNs == idlePassNs)
        {
            return false;
        }
        isIdle = false;
        stepNs = groups.get(groups.shadowNs, group);
        stepRow = startable();
        step = ShadowStep.STARTED;
        if (Table.NONE == stepRow)
        {
            findArrivalOrEnd();
            isIdle = Table.NONE == stepRow || stepNs > horizonNs();
            idlePassNs = passNs;
        }
        return !isIdle;
    }

    /** Who is first of those that wait in the shadow and do not fit, and keeps others from starting; NONE. */
    int head()
    {
        return Table.NONE == startable() ? head : Table.NONE;
    }

    /** When the shadow goes on next as far as anybody can tell now; NEVER if it takes another end. */
    long nextNs()
    {
        findArrivalOrEnd();
        return stepNs;
    }

    private void findArrivalOrEnd()
    {
        stepRow = Table.NONE;
        stepNs = ShadowTable.NEVER;
        if (ended.size() > 0)
        {
            stepRow = ended.get(0);
            stepNs = rows.endedNs(stepRow);
            step = ShadowStep.ENDED;
        }
        if (arriving.size() > 0 && rows.get(rows.arrivedNs, arriving.get(0)) <= stepNs)
        {
            stepRow = arriving.get(0);
            stepNs = rows.get(rows.arrivedNs, stepRow);
            step = ShadowStep.SUBMITTED;
        }
    }

    /* How far it is certain. */

    /** The last instant of which all is known: whoever has not really ended runs at least as long as until now. */
    long horizonNs()
    {
        final long passNs = groups.get(groups.passNs, group);
        long certainNs = passNs;
        if (lagging.size() > 0)
        {
            final int row = lagging.get(0);
            final long ranNs = Math.max(1, passNs - rows.get(rows.realStartNs, row));
            certainNs = Math.min(certainNs, rows.get(rows.startNs, row) + ranNs);
        }
        if (awaited.size() > 0)
        {
            certainNs = Math.min(certainNs, rows.get(rows.startNs, awaited.get(0)) + 1);
        }
        return certainNs - 1;
    }

    /** By how much the one that is furthest behind of those that really run has started later than in the shadow. */
    long lagNs()
    {
        return 0 == lagging.size() ? 0 : Math.max(0, rows.lagNs(lagging.get(0)));
    }

    /** Who has started in the shadow, but not really, and first of all keeps the horizon from going on; NONE. */
    int blocker()
    {
        return 0 == awaited.size() ? Table.NONE : awaited.get(0);
    }

    /* A pass of EASY. */

    /** The first of the queue that EASY starts now; after each start it can be asked again. */
    private int startable()
    {
        if (!isPassKnown)
        {
            isPassKnown = true;
            startable = startable(groups.get(groups.shadowNs, group));
        }
        return startable;
    }

    private int startable(final long nowNs)
    {
        head = Table.NONE;
        if (0 == queue.size())
        {
            return Table.NONE;
        }
        final SlotTotals capacity = shadows.capacity(group);
        free.copy(capacity);
        free.take(held);
        int expired = 0;
        while (expired < running.size() && endNs(expired) <= nowNs)
        {
            free.give(shape(running, expired));
            expired++;
        }
        for (int at = 0; at < queue.size(); at++)
        {
            final int shape = shape(queue, at);
            if (free.covers(shape))
            {
                return queue.get(at);
            }
            if (capacity.covers(shape))
            {
                head = queue.get(at);
                return overtaking(at, expired, nowNs);
            }
        }
        return Table.NONE;
    }

    private int overtaking(final int from, final int expired, final long nowNs)
    {
        final int headShape = rows.get(rows.shape, head);
        extra.copy(free);
        long shadowNs = nowNs;
        for (int i = expired;
            i < running.size() && (endNs(i) == shadowNs || !extra.covers(headShape));
            i++)
        {
            extra.give(shape(running, i));
            shadowNs = endNs(i);
        }
        extra.take(headShape);
        for (int i = from + 1; i < queue.size(); i++)
        {
            final int row = queue.get(i);
            final int shape = rows.get(rows.shape, row);
            final long endNs = rows.endNs(row, nowNs);
            final boolean inTime = ShadowTable.NEVER != endNs && endNs <= shadowNs;
            if (free.covers(shape) && (inTime || extra.covers(shape)))
            {
                return row;
            }
        }
        return Table.NONE;
    }

    private int shape(final RowList list, final int position)
    {
        return rows.get(rows.shape, list.get(position));
    }

    private long endNs(final int position)
    {
        final int row = running.get(position);
        return rows.endNs(row, rows.get(rows.startNs, row));
    }
}
