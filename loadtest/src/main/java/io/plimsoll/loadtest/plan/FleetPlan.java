package io.plimsoll.loadtest.plan;

import java.util.List;

/**
 * The smallest fleet.
 *
 * @param found    with which all objectives hold; null: not even with the largest.
 * @param tooSmall a machine less, with which they do not, or the largest if that is not enough; null if nothing smaller
 *                 was allowed.
 * @param trials   all that was tried, in order.
 */
public record FleetPlan(Trial found, Trial tooSmall, List<Trial> trials)
{
}
