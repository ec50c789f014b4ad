package io.plimsoll.core;

import java.util.Arrays;
import org.agrona.collections.IntArrayList;

/**
 * What does not fit stops nobody, for orders that every decision changes. Users stand in a tournament of each band of
 * priority, see {@link LaneTree}; a look asks for the first of them who waits for anything that may fit.
 *
 * <p>As in {@link GreedyQueue} needs are open or blocked, and agents that gained are dirty. A need that fails on a
 * dirty agent is <em>tried</em>: it fits nowhere until an agent gains. One whose parts have room one by one but not
 * together is <em>mixed</em>, until anything about an agent changes. With ageing, bands change with the time, and
 * each user is looked at.
 */
final class ShareQueue extends GroupQueue
{
    private static final byte ABSENT = 0;
    private static final byte LISTED = 1;
    /** So many dirty agents are not looked at one by one: all that is blocked is tried again. */
    private static final int DIRTY_MAX = 32;

    private final ShareOrder order;
    private final NeedTable needs;
    private final Band[] bands = new Band[GroupOrder.PRIORITY_MAX + 1];
    private final IntArrayList dirty = new IntArrayList();
    /** Bits of the needs that each dirty agent has room for, in the same order. */
    private long[] dirtyBits = new long[DIRTY_MAX + 1];
    private final IntArrayList tried = new IntArrayList();
    private final IntArrayList mixed = new IntArrayList();
    private boolean isMixedStale;
    /** Blocked needs. */
    private ShapeTree[] blocked = new ShapeTree[0];
    private int blockedCount;
    private int openCount;
    /** Open needs by bit, see {@link ShapeTree#bit}. */
    private final int[] openOfBit = new int[Long.SIZE];
    private long openBits;
    private long gain;

    /* The best candidate of the present look. */
    private Band present;
    private int best;
    private int bestLane;
    private long bestBand;
    private long bestMajor;
    private long bestMinor;

    /** Users who wait in one band of priority; with ageing, all of them. */
    private static final class Band implements LaneTree.Heads
    {
        LaneTree tree;
        LaneQueue[] lanes = new LaneQueue[16];

        @Override
        public boolean isHeadBefore(final int left, final int right)
        {
            return lanes[left].isHeadBefore(lanes[right]);
        }

        LaneQueue lane(final int number)
        {
            return number < lanes.length ? lanes[number] : null;
        }
    }

    ShareQueue(final CoreState state, final int group, final Placement placement, final ShareOrder order)
    {
        super(state, group, placement);
        this.order = order;
        needs = shapes.needs;
        order.listen(this);
    }

    @Override
    GroupOrder order()
    {
        return order;
    }

    /* Lanes. */

    private Band band(final int shape)
    {
        final int number = order.ages() ? 0 : GroupOrder.PRIORITY_MAX - shapes.get(shapes.priority, shape);
        Band band = bands[number];
        if (null == band)
        {
            band = new Band();
            band.tree = new LaneTree(order, band);
            bands[number] = band;
        }
        return band;
    }

    private LaneQueue lane(final Band band, final int number)
    {
        LaneQueue lane = band.lane(number);
        if (null == lane)
        {
            if (number >= band.lanes.length)
            {
                band.lanes = Arrays.copyOf(band.lanes, number * 2);
            }
            final LaneTree tree = order.isFair() ?
                band.tree.child(order.domain(number)).child(order.project(number)) :
                band.tree;
            lane = new LaneQueue(shapes, agents, placement, number, tree);
            band.lanes[number] = lane;
        }
        return lane;
    }

    /** A user, and where past use counts his project and domain, may have another place among the others. */
    void onLaneMoved(final int number)
    {
        for (final Band band : bands)
        {
            final LaneQueue lane = null == band ? null : band.lane(number);
            if (null != lane)
            {
                lane.onMoved();
            }
            else if (null != band && order.isFair())
            {
                final LaneTree domain = band.tree.childOrNull(order.domain(number));
                final LaneTree project = null == domain ? null : domain.childOrNull(order.project(number));
                final LaneTree nearest = null == project ? domain : project;
                if (null != nearest)
                {
                    nearest.onRootChanged();
                }
            }
        }
    }

    /** Any user may have. */
    void onAllLanesMoved()
    {
        for (final Band band : bands)
        {
            if (null != band)
            {
                band.tree.playAll();
            }
        }
    }

    /** Time went on. */
    void onClock(final double clock)
    {
        for (final Band band : bands)
        {
            if (null != band)
            {
                band.tree.expire(clock);
            }
        }
    }

    @Override
    void onGain(final int agent)
    {
        gain += Math.max(0, agents.free(agent, SlotTable.CPU));
        for (int i = 0; i < tried.size(); i++)
        {
            final int need = tried.getInt(i);
            if (needs.isLive(need) && NeedTable.TRIED == needs.get(needs.status, need) &&
                group == shapes.get(shapes.group, needs.anyShape(need)))
            {
                block(need);
            }
        }
        tried.clear();
        if (blockedCount > 0 && 0 == agents.get(agents.dirty, agent))
        {
            agents.set(agents.dirty, agent, (byte)1);
            dirty.addInt(agent);
        }
    }

    @Override
    void onAgentChanged(final int agent)
    {
        isMixedStale = true;
    }

    private void reopenMixed()
    {
        isMixedStale = false;
        for (int i = 0; i < mixed.size(); i++)
        {
            final int need = mixed.getInt(i);
            if (needs.isLive(need) && NeedTable.MIXED == needs.get(needs.status, need) &&
                group == shapes.get(shapes.group, needs.anyShape(need)))
            {
                status(need, NeedTable.OPEN);
            }
        }
        mixed.clear();
    }

    @Override
    void onHeadChanged(final int shape, final boolean earlier)
    {
        final boolean isListed = LISTED == shapes.get(shapes.status, shape);
        final int first = order.first(shape);
        if (Table.NONE == first)
        {
            if (isListed)
            {
                remove(shape);
            }
        }
        else if (isListed)
        {
            lane(band(shape), order.lane(shape)).update(shape, order.major(first), order.minor(first));
        }
        else
        {
            add(shape, order.major(first), order.minor(first));
        }
    }

    private void add(final int shape, final long major, final long minor)
    {
        final LaneQueue lane = lane(band(shape), order.lane(shape));
        lane.add(shape, major, minor);
        shapes.set(shapes.status, shape, LISTED);
        final int need = shapes.get(shapes.needRow, shape);
        final int waiting = Math.max(0, needs.get(needs.waiting, need));
        needs.set(needs.waiting, need, waiting + 1);
        if (0 == waiting)
        {
            status(need, NeedTable.OPEN);
        }
    }

    /** As if nobody of the shape waited. */
    private void remove(final int shape)
    {
        final LaneQueue lane = lane(band(shape), order.lane(shape));
        lane.remove(shape);
        shapes.set(shapes.status, shape, ABSENT);
        final int need = shapes.get(shapes.needRow, shape);
        final int waiting = needs.get(needs.waiting, need) - 1;
        needs.set(needs.waiting, need, waiting);
        if (0 == waiting)
        {
            if (NeedTable.BLOCKED == needs.get(needs.status, need))
            {
                unblock(need);
            }
            status(need, NeedTable.EMPTY);
        }
    }

    /* Needs. */

    private void status(final int need, final byte next)
    {
        final int bit = Long.numberOfTrailingZeros(ShapeTree.bit(need));
        final int change = (NeedTable.OPEN == next ? 1 : 0) - (NeedTable.OPEN == needs.get(needs.status, need) ? 1 : 0);
        openCount += change;
        openOfBit[bit] += change;
        openBits = openOfBit[bit] > 0 ? openBits | 1L << bit : openBits & ~(1L << bit);
        needs.set(needs.status, need, next);
    }

    private void block(final int need)
    {
        status(need, NeedTable.BLOCKED);
        tree(need).add(need, 0, 0);
        blockedCount++;
    }

    private void unblock(final int need)
    {
        tree(need).remove(need);
        blockedCount--;
    }

    private ShapeTree tree(final int need)
    {
        if (Table.NONE == needs.get(needs.tree, need))
        {
            needs.set(needs.tree, need, treeOf(needs.anyBlocked(need)));
        }
        return blocked[needs.get(needs.tree, need)];
    }

    private int treeOf(final int shape)
    {
        final int mask = shapes.get(shapes.furtherMask, shape);
        final int constraint = shapes.get(shapes.constraint, shape);
        int tree = 0;
        while (tree < blocked.length && (mask != blocked[tree].furtherMask || constraint != blocked[tree].constraint))
        {
            tree++;
        }
        if (tree == blocked.length)
        {
            blocked = Arrays.copyOf(blocked, tree + 1);
            blocked[tree] = ShapeTree.ofNeeds(shapes, shape);
        }
        return tree;
    }

    private void reopenAll()
    {
        for (int i = 0; i < dirty.size(); i++)
        {
            agents.set(agents.dirty, dirty.getInt(i), (byte)0);
        }
        dirty.clear();
        for (final ShapeTree tree : blocked)
        {
            while (tree.count() > 0)
            {
                final int need = tree.any();
                unblock(need);
                status(need, NeedTable.OPEN);
            }
        }
    }

    /* The look. */

    @Override
    int nextPlaceable()
    {
        if (isMixedStale && !mixed.isEmpty())
        {
            reopenMixed();
        }
        if (dirty.size() > DIRTY_MAX)
        {
            reopenAll();
        }
        while (true)
        {
            final long wanted = openBits | lookAtDirty();
            if (0 == wanted)
            {
                return Table.NONE;
            }
            order.refresh();
            look(wanted);
            if (Table.NONE == best)
            {
                throw new IllegalStateException("nobody waits for what may fit: groupId=" + group);
            }
            final int shape = best;
            final int session = order.first(shape);
            if (isCapped(shape))
            {
                remove(shape);
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
        final int need = shapes.get(shapes.needRow, shape);
        if (NeedTable.BLOCKED == needs.get(needs.status, need))
        {
            unblock(need);
        }
        final int part = placement.blockedPart();
        if (Table.NONE == part)
        {
            status(need, NeedTable.MIXED);
            mixed.addInt(need);
            return;
        }
        needs.blockedPart(need, part);
        final int row = needs.anyBlocked(need);
        final boolean gang = shapes.get(shapes.kernels, row) > 1;
        needs.set(needs.gainNeeded, need, gang ? gain + placement.missing() * shapes.amount(row, SlotTable.CPU) : 0);
        if (dirty.isEmpty())
        {
            block(need);
        }
        else
        {
            status(need, NeedTable.TRIED);
            tried.addInt(need);
        }
    }

    /** Forgets agents that nobody fits; returns the bits of the needs that fit any of the others. */
    private long lookAtDirty()
    {
        long all = 0;
        for (int i = dirty.size() - 1; i >= 0; i--)
        {
            final int agent = dirty.getInt(i);
            final boolean gone = 0 == agents.get(agents.indexed, agent) || group != agents.get(agents.group, agent);
            final long bits = gone ? 0 : fittingBits(agent);
            if (0 == bits)
            {
                agents.set(agents.dirty, agent, (byte)0);
                final int last = dirty.size() - 1;
                dirtyBits[i] = dirtyBits[last];
                dirty.fastUnorderedRemove(i);
            }
            else
            {
                dirtyBits[i] = bits;
                all |= bits;
            }
        }
        return all;
    }

    private long fittingBits(final int agent)
    {
        long bits = 0;
        for (final ShapeTree tree : blocked)
        {
            if (tree.count() > 0 && placement.matches(agent, tree.constraint))
            {
                bits |= tree.fittingBits(agents, agent, gain);
            }
        }
        return bits;
    }

    private void look(final long wanted)
    {
        best = Table.NONE;
        bestLane = Table.NONE;
        if (order.ages())
        {
            present = bands[0];
            for (int lane = 0; null != present && lane < order.laneCount(); lane++)
            {
                look(lane, wanted);
            }
            return;
        }
        for (int i = 0; i < bands.length && Table.NONE == best; i++)
        {
            present = bands[i];
            if (null != present)
            {
                present.tree.look(this, wanted);
            }
        }
    }

    /** Whether anybody in a lane, or in one behind it, may go before the best candidate so far. */
    boolean isBetter(final int lane)
    {
        if (Table.NONE == best)
        {
            return true;
        }
        final int byUse = order.compareLanes(lane, bestLane);
        return 0 == byUse ? !present.lane(lane).isHeadBehind(bestMajor, bestMinor) : byUse < 0;
    }

    /** Looks at one lane of the present band. */
    void look(final int number, final long wanted)
    {
        final LaneQueue lane = present.lane(number);
        if (null == lane || 0 == (lane.bits() & wanted))
        {
            return;
        }
        lane.begin();
        lane.lookAtOpen(openBits);
        for (int i = 0; i < dirty.size(); i++)
        {
            lane.lookAtFitting(dirtyBits[i], dirty.getInt(i), gain);
        }
        if (Table.NONE != lane.best())
        {
            final long inBand = order.bandOf(lane.bestMajor());
            if (Table.NONE == best || inBand < bestBand || inBand == bestBand && isBeforeBest(lane, number))
            {
                best = lane.best();
                bestLane = number;
                bestBand = inBand;
                bestMajor = lane.bestMajor();
                bestMinor = lane.bestMinor();
            }
        }
    }

    /** Among users who have as much, whoever would go first if they were one. */
    private boolean isBeforeBest(final LaneQueue lane, final int number)
    {
        final int byUse = order.compareLanes(number, bestLane);
        return byUse < 0 || 0 == byUse && (lane.bestMajor() < bestMajor ||
            lane.bestMajor() == bestMajor && lane.bestMinor() < bestMinor);
    }
}
