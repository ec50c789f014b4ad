package io.plimsoll.core;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.OrderPolicy;
import java.util.Map;
import java.util.TreeMap;

/** Says, from the tables alone, who goes before whom: what the orders must agree with. */
final class ExhaustiveOrder
{
    private final CoreState state;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final GroupCapacities capacities;
    private final Map<Long, long[]> used = new TreeMap<>();
    private int group;
    private OrderPolicy policy;
    private FairShares fairShares;

    ExhaustiveOrder(final CoreState state)
    {
        this.state = state;
        sessions = state.sessions;
        shapes = state.shapes;
        capacities = new GroupCapacities(state);
    }

    void prepare(final int groupId)
    {
        group = groupId;
        policy = OrderPolicy.get(state.groups.order.get(group));
        used.clear();
        capacities.rebuild();
        fairShares = new FairShares(state, group, capacities);
        fairShares.refresh();
        for (int kernel = 0; kernel < state.kernels.highWater(); kernel++)
        {
            final int shape = state.kernels.isLive(kernel) ? state.kernels.shape.get(kernel) : Table.NONE;
            if (Table.NONE != shape && group == shapes.group.get(shape))
            {
                final long[] sums = used.computeIfAbsent(user(shape), key -> new long[SlotTable.SLOTS_MAX]);
                for (int slot = 0; slot < state.slots.count(); slot++)
                {
                    sums[slot] += shapes.amount(shape, slot);
                }
            }
        }
    }

    /** Number of the user, or of the owner who has none; by past use also of the project in which that is. */
    private long user(final int shape)
    {
        final AccountTable accounts = state.accounts;
        final int owner = shapes.owner.get(shape);
        final int user = at(shape, AccountLevel.USER);
        final int account = accounts.find(owner);
        final boolean apart = OrderPolicy.FAIR_SHARE == policy && Table.NONE != account;
        final long id = Table.NONE == user ? owner : accounts.accountId.get(user);
        return id << Integer.SIZE | (apart ? accounts.projectId.get(account) : 0);
    }

    private int at(final int shape, final AccountLevel level)
    {
        return OwnerChain.at(state.accounts, shapes.owner.get(shape), level);
    }

    private long share(final int shape)
    {
        final long[] sums = used.getOrDefault(user(shape), new long[SlotTable.SLOTS_MAX]);
        double dominant = 0;
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final long capacity = capacities.capacity(group, slot);
            final int shares = state.slots.isDevice(slot) ? state.slots.partner(slot) : Table.NONE;
            final double use = Table.NONE == shares ? sums[slot] : sums[slot] + sums[shares] / 1000.0;
            dominant = capacity > 0 ? Math.max(dominant, use / capacity) : dominant;
        }
        return (long)(dominant * 1e12);
    }

    boolean isBefore(final int left, final int right)
    {
        final int leftShape = sessions.shape.get(left);
        final int rightShape = sessions.shape.get(right);
        final long ageingNs = state.groups.ageingNs.get(group);
        final long leftNs = sessions.submittedNs.get(left) - shapes.priority.get(leftShape) * ageingNs;
        final long rightNs = sessions.submittedNs.get(right) - shapes.priority.get(rightShape) * ageingNs;
        final boolean shared = OrderPolicy.DRF == policy || OrderPolicy.FAIR_SHARE == policy;
        final int byBand = Long.compare(band(rightShape, rightNs), band(leftShape, leftNs));
        if (shared && 0 != byBand)
        {
            return byBand < 0;
        }
        final int byUse = shared && user(leftShape) != user(rightShape) ? compareUse(leftShape, rightShape) : 0;
        if (0 != byUse)
        {
            return byUse < 0;
        }
        if (ageingNs > 0)
        {
            return leftNs < rightNs || (leftNs == rightNs && sessions.nextId.get(left) < sessions.nextId.get(right));
        }
        final int byAge = Long.compare(sessions.nextId.get(left), sessions.nextId.get(right));
        return 0 == byBand ? (OrderPolicy.LIFO == policy ? byAge > 0 : byAge < 0) : byBand < 0;
    }

    /** The greater goes first: the priority, or what ageing has made of it. */
    private long band(final int shape, final long sinceNs)
    {
        final long ageingNs = state.groups.ageingNs.get(group);
        return 0 == ageingNs ? shapes.priority.get(shape) : Math.floorDiv(state.timestampNs - sinceNs, ageingNs);
    }

    /** Users who have as much are as one. */
    private int compareUse(final int left, final int right)
    {
        if (OrderPolicy.FAIR_SHARE == policy)
        {
            for (final AccountLevel level : new AccountLevel[]{
                AccountLevel.DOMAIN, AccountLevel.PROJECT, AccountLevel.USER})
            {
                final int byFactor = Long.compare(fairShares.rank(at(left, level)), fairShares.rank(at(right, level)));
                if (0 != byFactor)
                {
                    return byFactor;
                }
            }
        }
        return Long.compare(share(left), share(right));
    }
}
