package io.plimsoll.core;

import java.util.Arrays;
import org.agrona.collections.IntArrayList;

/**
 * What does not fit stops nobody, for orders that every decision changes. Users are looked at one by one in the order
 * of what they have, each with the first of his shapes that may fit, until nobody further on can have anything better;
 * so a decision costs at worst as much as there are users, and nothing for their sessions.
 *
 * <p>As in {@link GreedyQueue} shapes are open or blocked, and agents that gained are dirty. A shape that fails on a
 * dirty agent is <em>tried</em>: it fits nowhere until an agent gains.
 */
final class ShareQueue extends GroupQueue
{
    private static final byte EMPTY = 0;
    private static final byte OPEN = 1;
    private static final byte BLOCKED = 2;
    private static final byte TRIED = 3;
    /** So many dirty agents are not looked at one by one: all that is blocked is tried again. */
    private static final int DIRTY_MAX = 32;

    private final ShareOrder order;
    private LaneQueue[] lanes = new LaneQueue[0];
    private final IntArrayList dirty = new IntArrayList();
    private final IntArrayList tried = new IntArrayList();
    private final int[] shapesInBand = new int[GroupOrder.PRIORITY_MAX + 1];
    private int openCount;
    private int blockedCount;
    private long gain;

    /* The best candidate of the present look. */
    private int best;
    private int bestLane;
    private long bestBand;
    private long topBand;

    ShareQueue(final CoreState state, final int group, final Placement placement, final ShareOrder order)
    {
        super(state, group, placement);
        this.order = order;
    }

    @Override
    GroupOrder order()
    {
        return order;
    }

    private LaneQueue lane(final int shape)
    {
        final int number = order.lane(shape);
        if (number >= lanes.length)
        {
            lanes = Arrays.copyOf(lanes, Math.max(16, number * 2));
        }
        LaneQueue lane = lanes[number];
        if (null == lane)
        {
            lane = new LaneQueue(shapes, agents, placement);
            lanes[number] = lane;
        }
        return lane;
    }

    @Override
    void onGain(final int agent)
    {
        gain += Math.max(0, agents.free(agent, SlotTable.CPU));
        for (int i = 0; i < tried.size(); i++)
        {
            final int shape = tried.getInt(i);
            if (shapes.isLive(shape) && group == shapes.group.get(shape) && TRIED == shapes.status.get(shape))
            {
                block(shape);
            }
        }
        tried.clear();
        if (blockedCount > 0 && 0 == agents.dirty.get(agent))
        {
            agents.dirty.set(agent, (byte)1);
            dirty.addInt(agent);
        }
    }

    @Override
    void onHeadChanged(final int shape, final boolean earlier)
    {
        final byte status = shapes.status.get(shape);
        final int first = order.first(shape);
        if (Table.NONE == first)
        {
            drop(shape);
        }
        else if (BLOCKED == status)
        {
            lane(shape).update(shape, order.major(first), order.minor(first));
        }
        else if (TRIED != status)
        {
            open(shape);
        }
    }

    private void open(final int shape)
    {
        final int first = order.first(shape);
        final KeyHeap open = lane(shape).open;
        if (OPEN == shapes.status.get(shape) && !open.isEmpty() && shape == open.value())
        {
            open.replaceTop(order.major(first), order.minor(first), shape, 0, 0);
        }
        else
        {
            status(shape, OPEN);
            open.push(order.major(first), order.minor(first), shape, 0, 0);
        }
    }

    private void block(final int shape)
    {
        final int first = order.first(shape);
        status(shape, BLOCKED);
        lane(shape).block(shape, order.major(first), order.minor(first));
        blockedCount++;
    }

    /** As if nobody of the shape waited. */
    private void drop(final int shape)
    {
        if (BLOCKED == shapes.status.get(shape))
        {
            lane(shape).unblock(shape);
            blockedCount--;
        }
        status(shape, EMPTY);
    }

    private void status(final int shape, final byte next)
    {
        final int band = shapes.priority.get(shape);
        if (EMPTY == shapes.status.get(shape))
        {
            shapesInBand[band]++;
        }
        if (EMPTY == next)
        {
            shapesInBand[band]--;
        }
        openCount += (OPEN == next ? 1 : 0) - (OPEN == shapes.status.get(shape) ? 1 : 0);
        shapes.status.set(shape, next);
    }

    /** The best band of all that wait; one better than any when that cannot be said. */
    private long topBand()
    {
        if (0 != state.groups.ageingNs.get(group))
        {
            return Long.MIN_VALUE;
        }
        int priority = GroupOrder.PRIORITY_MAX;
        while (priority > 0 && 0 == shapesInBand[priority])
        {
            priority--;
        }
        return GroupOrder.PRIORITY_MAX - priority;
    }

    @Override
    int nextPlaceable()
    {
        if (dirty.size() > DIRTY_MAX)
        {
            reopenAll();
        }
        if (0 == openCount && dirty.isEmpty())
        {
            return Table.NONE;
        }
        order.refresh();
        while (true)
        {
            best = Table.NONE;
            topBand = topBand();
            lookAtOpen();
            lookAtDirty();
            if (Table.NONE == best)
            {
                return Table.NONE;
            }
            final int shape = best;
            final int session = order.first(shape);
            if (isCapped(shape))
            {
                drop(shape);
            }
            else if (tryPlace(session))
            {
                return session;
            }
            else
            {
                onFailed(shape);
            }
        }
    }

    private void onFailed(final int shape)
    {
        final int missing = shapes.kernels.get(shape) - placement.chosenCount();
        final boolean gang = shapes.kernels.get(shape) > 1;
        shapes.gainNeeded.set(shape, gang ? gain + missing * shapes.amount(shape, SlotTable.CPU) : 0);
        drop(shape);
        if (dirty.isEmpty())
        {
            block(shape);
        }
        else
        {
            status(shape, TRIED);
            tried.addInt(shape);
        }
    }

    private void lookAtOpen()
    {
        for (int i = 0; openCount > 0 && i < order.laneCount() && !isEnough(i); i++)
        {
            final int number = order.sorted(i);
            final LaneQueue lane = laneAt(number);
            final int shape = null == lane ? Table.NONE : firstOpen(lane.open);
            if (Table.NONE != shape)
            {
                final long band = order.bandOf(lane.open.key());
                if (isBetter(number, band))
                {
                    take(shape, number, band);
                }
            }
        }
    }

    private LaneQueue laneAt(final int number)
    {
        return number < lanes.length ? lanes[number] : null;
    }

    /** Whether no lane from a place of the order on can have anything better. */
    private boolean isEnough(final int position)
    {
        return Table.NONE != best && bestBand <= topBand && position > order.position(bestLane);
    }

    private boolean isBetter(final int lane, final long band)
    {
        return Table.NONE == best || band < bestBand || (band == bestBand && order.isLaneBefore(lane, bestLane));
    }

    private void take(final int shape, final int lane, final long band)
    {
        best = shape;
        bestLane = lane;
        bestBand = band;
    }

    private int firstOpen(final KeyHeap open)
    {
        while (!open.isEmpty())
        {
            final int shape = open.value();
            if (shapes.isLive(shape) && OPEN == shapes.status.get(shape))
            {
                final int first = order.first(shape);
                if (order.minor(first) == open.tie() && order.major(first) == open.key())
                {
                    return shape;
                }
            }
            open.pop();
        }
        return Table.NONE;
    }

    /** An agent stays dirty until nobody fits it, which only a look without a better candidate can tell. */
    private void lookAtDirty()
    {
        for (int i = dirty.size() - 1; i >= 0; i--)
        {
            final int agent = dirty.getInt(i);
            final boolean nobodyYet = Table.NONE == best;
            final boolean gone = 0 == agents.indexed.get(agent) || group != agents.group.get(agent);
            if (!gone)
            {
                lookAtDirty(agent);
            }
            if (gone || (nobodyYet && Table.NONE == best))
            {
                agents.dirty.set(agent, (byte)0);
                dirty.fastUnorderedRemove(i);
            }
        }
    }

    private void lookAtDirty(final int agent)
    {
        for (int i = 0; i < order.laneCount() && !isEnough(i); i++)
        {
            final int number = order.sorted(i);
            final LaneQueue lane = laneAt(number);
            if (null != lane && lane.blockedCount() > 0)
            {
                final int shape = firstFit(lane, number, agent);
                if (Table.NONE != shape)
                {
                    take(shape, number, order.bandOf(order.major(order.first(shape))));
                }
            }
        }
    }

    /** The first shape of a lane that fits an agent, if it goes before the best so far. */
    private int firstFit(final LaneQueue lane, final int number, final int agent)
    {
        if (Table.NONE == best)
        {
            return lane.firstFit(agent, gain, Long.MAX_VALUE, Long.MAX_VALUE);
        }
        if (number == bestLane)
        {
            final int first = order.first(best);
            return lane.firstFit(agent, gain, order.major(first), order.minor(first));
        }
        final long lastBand = order.isLaneBefore(number, bestLane) ? bestBand : bestBand - 1;
        return lane.firstFit(agent, gain, order.endOf(lastBand), Long.MIN_VALUE);
    }

    private void reopenAll()
    {
        for (int i = 0; i < dirty.size(); i++)
        {
            agents.dirty.set(dirty.getInt(i), (byte)0);
        }
        dirty.clear();
        for (final LaneQueue lane : lanes)
        {
            int shape = null == lane ? Table.NONE : lane.anyBlocked();
            while (Table.NONE != shape)
            {
                drop(shape);
                open(shape);
                shape = lane.anyBlocked();
            }
        }
    }
}
