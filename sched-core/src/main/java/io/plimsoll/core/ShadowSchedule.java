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
    private boolean isHorizonKnown;
    private long horizonPassNs;
    private long horizonNs;
    private long lagNs;
    private int blocker;
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
        apart = 0;
        onPoolChanged();
    }

    /** Something that the next step may depend on has changed. */
    void onChanged()
    {
        changes++;
        isIdle = false;
        isHorizonKnown = false;
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
        if (ShadowTable.APART == rows.stage.get(row))
        {
            apart++;
        }
        else
        {
            list(row).add(row);
        }
    }

    void remove(final int row)
    {
        onPoolChanged();
        if (ShadowTable.APART == rows.stage.get(row))
        {
            apart--;
        }
        else
        {
            list(row).remove(row);
        }
    }

    private RowList list(final int row)
    {
        return switch (rows.stage.get(row))
        {
            case ShadowTable.ARRIVING -> arriving;
            case ShadowTable.QUEUED -> queue;
            default -> running;
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
        final long passNs = groups.passNs.get(group);
        if (isIdle && passNs == idlePassNs)
        {
            return false;
        }
        isIdle = false;
        stepNs = groups.shadowNs.get(group);
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
        for (int i = 0; i < running.size(); i++)
        {
            final int row = running.get(i);
            final long endNs = rows.startNs.get(row) + rows.runNs.get(row);
            if (ShadowTable.ENDED == rows.real.get(row) &&
                (endNs < stepNs || (endNs == stepNs && rows.rank.get(row) < rows.rank.get(stepRow))))
            {
                stepNs = endNs;
                stepRow = row;
                step = ShadowStep.ENDED;
            }
        }
        if (arriving.size() > 0 && rows.arrivedNs.get(arriving.get(0)) <= stepNs)
        {
            stepRow = arriving.get(0);
            stepNs = rows.arrivedNs.get(stepRow);
            step = ShadowStep.SUBMITTED;
        }
    }

    /* How far it is certain. */

    /** The last instant of which all is known: whoever has not really ended runs at least as long as until now. */
    long horizonNs()
    {
        findHorizon();
        return horizonNs;
    }

    /** By how much the one that is furthest behind of those that really run has started later than in the shadow. */
    long lagNs()
    {
        findHorizon();
        return lagNs;
    }

    /** Who has started in the shadow, but not really, and first of all keeps the horizon from going on; NONE. */
    int blocker()
    {
        findHorizon();
        return blocker;
    }

    private void findHorizon()
    {
        final long passNs = groups.passNs.get(group);
        if (isHorizonKnown && passNs == horizonPassNs)
        {
            return;
        }
        long certainNs = passNs;
        lagNs = 0;
        blocker = Table.NONE;
        for (int i = 0; i < running.size(); i++)
        {
            final int row = running.get(i);
            final byte real = rows.real.get(row);
            final long startNs = rows.startNs.get(row);
            if (ShadowTable.STARTED == real)
            {
                lagNs = Math.max(lagNs, rows.realStartNs.get(row) - startNs);
                certainNs = Math.min(certainNs, startNs + Math.max(1, passNs - rows.realStartNs.get(row)));
            }
            else if (ShadowTable.WAITS == real)
            {
                certainNs = Math.min(certainNs, startNs + 1);
                final boolean isFirst =
                    Table.NONE == blocker || rows.rank.get(row) < rows.rank.get(blocker);
                blocker = isFirst ? row : blocker;
            }
        }
        horizonNs = certainNs - 1;
        horizonPassNs = passNs;
        isHorizonKnown = true;
    }

    /* A pass of EASY. */

    /** The first of the queue that EASY starts now; after each start it can be asked again. */
    private int startable()
    {
        if (!isPassKnown)
        {
            isPassKnown = true;
            startable = startable(groups.shadowNs.get(group));
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
        int expired = 0;
        for (int i = 0; i < running.size(); i++)
        {
            if (endNs(i) <= nowNs)
            {
                expired++;
            }
            else
            {
                free.take(shape(running, i));
            }
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
        final int headShape = rows.shape.get(head);
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
            final int shape = rows.shape.get(row);
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
        return rows.shape.get(list.get(position));
    }

    private long endNs(final int position)
    {
        final int row = running.get(position);
        return rows.endNs(row, rows.startNs.get(row));
    }
}
