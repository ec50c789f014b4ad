package io.plimsoll.core;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.OrderPolicy;

/** Makes the queue of a group as its options say. */
final class GroupQueueFactory
{
    private final CoreState state;
    private final GroupTable groups;
    private final Placement placement;
    private final GroupCapacities capacities;

    GroupQueueFactory(final CoreState state, final Placement placement, final GroupCapacities capacities)
    {
        this.state = state;
        this.placement = placement;
        this.capacities = capacities;
        groups = state.groups;
    }

    /** All that a queue is made for, in one number that is not negative. */
    long options(final int group)
    {
        return (groups.get(groups.ageingNs, group) << 5) |
            (groups.get(groups.backfill, group) << 2) |
            groups.get(groups.order, group);
    }

    /** An empty queue. */
    GroupQueue queue(final int group)
    {
        final GroupOrder order = order(group);
        return switch (Backfill.get(groups.get(groups.backfill, group)))
        {
            case PREDICTIVE -> new PromisedQueue(state, group, placement);
            case CONSERVATIVE -> new ConservativeQueue(state, group, placement, order);
            case GREEDY -> order instanceof final KeyOrder keyOrder ?
                new GreedyQueue(state, group, placement, keyOrder) :
                new ShareQueue(state, group, placement, (ShareOrder)order);
            default -> new BackfillQueue(state, group, placement, order);
        };
    }

    private GroupOrder order(final int group)
    {
        return switch (OrderPolicy.get(groups.get(groups.order, group)))
        {
            case DRF -> new ShareOrder(state, group, capacities, false);
            case FAIR_SHARE -> new ShareOrder(state, group, capacities, true);
            default -> KeyOrder.of(state, group);
        };
    }
}
