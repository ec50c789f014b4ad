package io.plimsoll.core;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.SlotKind;
import java.util.Arrays;
import org.agrona.collections.IntArrayList;

/**
 * Orders by what users have, re-evaluated at every decision: {@code drf} by the dominant share of what they use of the
 * group now, {@code fair-share} before that by what their domain, project and they themselves have used of late.
 *
 * <p>A user is the nearest account of level USER at or above the owner of a session; without one, the owner stands for
 * himself. By past use, who works in several projects is a user in each. Each user has a <em>lane</em>, in which
 * sessions stand by band of priority and age; lanes compete band by band, and the sessions of those that have as much
 * go as they came. With ageing, a band is the priority raised
 * by the waiting so far. The dominant share is the greatest, over the slots of which the group has any, of use to
 * capacity; whole devices and shares of them are one resource. The capacity is that of the group's agents which are
 * not lost, drained or not, so that it changes seldom.
 */
final class ShareOrder extends GroupOrder
{
    /** Never, as a clock of the usage. */
    static final double FOREVER = Double.POSITIVE_INFINITY;

    private static final int LANES_FIRST = 16;
    /** Shares are compared as whole numbers of this part. */
    private static final double SHARE_UNIT = 1e12;

    private final CoreState state;
    private final int group;
    private final long ageingNs;
    private final GroupCapacities capacities;
    private final FairShares fairShares;
    private final IdMap laneOfKey = new IdMap();
    private Lane[] lanes = new Lane[LANES_FIRST];
    private int laneCount;
    /** Hears of lanes that have moved; null: nobody minds. */
    private ShareQueue listener;
    /** Lanes of which what they have has changed. */
    private final IntArrayList moved = new IntArrayList();
    private long capacityVersion = -1;
    private double until;

    /** What the order knows of one user. */
    private static final class Lane
    {
        /** Rows of the accounts whose past use counts; NONE where there is none. */
        int domain;
        int project;
        int user;
        /** Of the group, now. */
        final long[] used = new long[SlotTable.SLOTS_MAX];
        long share;
        boolean moved;
    }

    ShareOrder(final CoreState state, final int group, final GroupCapacities capacities, final boolean fair)
    {
        super(state, false);
        this.capacities = capacities;
        this.state = state;
        this.group = group;
        ageingNs = state.groups.get(state.groups.ageingNs, group);
        fairShares = fair ? new FairShares(state, group, capacities) : null;
        for (int shape = 0; shape < shapes.highWater(); shape++)
        {
            if (shapes.isLive(shape) && group == shapes.get(shapes.group, shape))
            {
                shapes.set(shapes.lane, shape, 0);
            }
        }
        final KernelTable kernels = state.kernels;
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            if (kernels.isLive(kernel) && group == shapes.get(shapes.group, kernels.get(kernels.shape, kernel)))
            {
                onKernels(kernels.get(kernels.shape, kernel), 1);
            }
        }
    }

    /** Has a queue hear from now on whenever lanes stand in another order than before. */
    void listen(final ShareQueue queue)
    {
        listener = queue;
    }

    /* Lanes. */

    int laneCount()
    {
        return laneCount;
    }

    /** Number of the lane of a shape, from 0. */
    int lane(final int shape)
    {
        final int known = shapes.get(shapes.lane, shape);
        if (0 != known)
        {
            return known - 1;
        }
        final int lane = laneOf(shape);
        shapes.set(shapes.lane, shape, lane + 1);
        return lane;
    }

    private int laneOf(final int shape)
    {
        final int own = shapes.account(shape);
        final int user = above(own, AccountLevel.USER);
        final int account = Table.NONE == user ? own : user;
        final int key = Table.NONE == account ?
            shapes.get(shapes.owner, shape) :
            state.accounts.get(state.accounts.accountId, account);
        final int project = isFair() && Table.NONE != own ? state.accounts.project(own) : Table.NONE;
        final int projectId = Table.NONE == project ? 0 : state.accounts.get(state.accounts.accountId, project);
        // Sessions that are nobody's have the owner 0, and the map has no such id.
        final long laneKey = ((long)projectId << Integer.SIZE | key) + 1;
        final int known = laneOfKey.get(laneKey);
        if (Table.NONE != known)
        {
            return known;
        }
        if (laneCount == lanes.length)
        {
            lanes = Arrays.copyOf(lanes, laneCount * 2);
        }
        final Lane lane = new Lane();
        lane.user = user;
        lane.project = above(own, AccountLevel.PROJECT);
        lane.domain = above(own, AccountLevel.DOMAIN);
        lanes[laneCount] = lane;
        laneOfKey.put(laneKey, laneCount);
        laneCount++;
        return laneCount - 1;
    }

    /** The nearest account of a level at or above one. */
    private int above(final int account, final AccountLevel level)
    {
        int row = account;
        while (Table.NONE != row && level.value() != state.accounts.get(state.accounts.level, row))
        {
            row = state.accounts.next(account, row);
        }
        return row;
    }

    @Override
    boolean dependsOnAccounts()
    {
        return true;
    }

    @Override
    void onKernels(final int shape, final int count)
    {
        final int number = lane(shape);
        final Lane lane = lanes[number];
        final long[] used = lane.used;
        used[SlotTable.CPU] += shapes.amount(shape, SlotTable.CPU) * count;
        used[SlotTable.MEM] += shapes.amount(shape, SlotTable.MEM) * count;
        for (int mask = shapes.get(shapes.furtherMask, shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            used[slot] += shapes.amount(shape, slot) * count;
        }
        lane.share = share(lane);
        if (!lane.moved)
        {
            lane.moved = true;
            moved.addInt(number);
        }
    }

    private long share(final Lane lane)
    {
        double dominant = 0;
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final long capacity = capacities.capacity(group, slot);
            if (capacity > 0)
            {
                dominant = Math.max(dominant, used(lane, slot) / capacity);
            }
        }
        return (long)(dominant * SHARE_UNIT);
    }

    /** In the unit of the capacity: of devices, those given whole and those given in thousandths. */
    private double used(final Lane lane, final int slot)
    {
        final int shares = SlotKind.DEVICE.value() == state.slots.get(state.slots.kind, slot) ?
            state.slots.partner(slot) :
            Table.NONE;
        return Table.NONE == shares ? lane.used[slot] : lane.used[slot] + lane.used[shares] / 1000.0;
    }

    @Override
    void refresh()
    {
        boolean all = false;
        if (capacityVersion != capacities.version())
        {
            capacityVersion = capacities.version();
            for (int lane = 0; lane < laneCount; lane++)
            {
                lanes[lane].share = share(lanes[lane]);
            }
            all = true;
        }
        all |= null != fairShares && fairShares.refresh();
        for (int i = 0; i < moved.size(); i++)
        {
            final int lane = moved.getInt(i);
            lanes[lane].moved = false;
            if (null != listener && !all)
            {
                listener.onLaneMoved(lane);
            }
        }
        moved.clear();
        if (null != listener && all)
        {
            listener.onAllLanesMoved();
        }
        else if (null != listener && null != fairShares)
        {
            listener.onClock(fairShares.clock());
        }
    }

    /** Says which of two lanes goes first in the same band: below 0 the left one, 0 whichever has who came first. */
    int compareLanes(final int left, final int right)
    {
        if (null != fairShares)
        {
            final Lane one = lanes[left];
            final Lane other = lanes[right];
            int byPast = fairShares.compare(one.domain, other.domain);
            byPast = 0 == byPast ? fairShares.compare(one.project, other.project) : byPast;
            byPast = 0 == byPast ? fairShares.compare(one.user, other.user) : byPast;
            if (0 != byPast)
            {
                return byPast;
            }
        }
        return Long.compare(lanes[left].share, lanes[right].share);
    }

    /** The same, and takes note of {@link #until()}. */
    int compareLanesForAWhile(final int left, final int right)
    {
        until = FOREVER;
        if (null != fairShares)
        {
            final Lane one = lanes[left];
            final Lane other = lanes[right];
            int byPast = compareForAWhile(one.domain, other.domain);
            byPast = 0 == byPast ? compareForAWhile(one.project, other.project) : byPast;
            byPast = 0 == byPast ? compareForAWhile(one.user, other.user) : byPast;
            if (0 != byPast)
            {
                return byPast;
            }
        }
        return Long.compare(lanes[left].share, lanes[right].share);
    }

    private int compareForAWhile(final int left, final int right)
    {
        final int order = fairShares.compareForAWhile(left, right);
        until = Math.min(until, fairShares.until());
        return order;
    }

    /** Clock of the usage before which the two that were compared stay in order, unless what they have changes. */
    double until()
    {
        return until;
    }

    /** Whether bands change with the time. */
    boolean ages()
    {
        return 0 != ageingNs;
    }

    /** Whether past use counts. */
    boolean isFair()
    {
        return null != fairShares;
    }

    /** Row of the domain of a lane, NONE if there is none. */
    int domain(final int lane)
    {
        return lanes[lane].domain;
    }

    /** Row of the project of a lane, NONE if there is none. */
    int project(final int lane)
    {
        return lanes[lane].project;
    }

    /* Keys inside a lane, and bands, in which lanes compete. */

    /** The smaller goes first in its lane. */
    long major(final int session)
    {
        return 0 == ageingNs ?
            band(session) :
            sessions.get(sessions.submittedNs, session) -
                shapes.get(shapes.priority, sessions.get(sessions.shape, session)) * ageingNs;
    }

    /** Decides between equal majors. */
    long minor(final int session)
    {
        return sessions.get(sessions.nextId, session);
    }

    /** The band that a key is in now; the smaller goes first. */
    long bandOf(final long major)
    {
        return 0 == ageingNs ? major : -Math.floorDiv(state.timestampNs - major, ageingNs);
    }

    @Override
    boolean isBefore(final int left, final int right)
    {
        final long leftMajor = major(left);
        final long rightMajor = major(right);
        final long leftBand = bandOf(leftMajor);
        final long rightBand = bandOf(rightMajor);
        if (leftBand != rightBand)
        {
            return leftBand < rightBand;
        }
        final int leftLane = lane(sessions.get(sessions.shape, left));
        final int rightLane = lane(sessions.get(sessions.shape, right));
        final int byUse = leftLane == rightLane ? 0 : compareLanes(leftLane, rightLane);
        if (0 != byUse)
        {
            return byUse < 0;
        }
        return leftMajor < rightMajor || (leftMajor == rightMajor && minor(left) < minor(right));
    }
}
