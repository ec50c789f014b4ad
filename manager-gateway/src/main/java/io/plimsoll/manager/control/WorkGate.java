package io.plimsoll.manager.control;

import java.util.function.BooleanSupplier;

/**
 * What new work has to pass before it is offered to the core.
 *
 * @param shares    of accounts in what is under way.
 * @param spaceKept whether the journal's space reserve holds: without it no new work is taken.
 */
public record WorkGate(OwnerShares shares, BooleanSupplier spaceKept)
{
}
