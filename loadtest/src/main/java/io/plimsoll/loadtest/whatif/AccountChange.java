package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.AccountLevel;
import java.util.Map;

/**
 * What shall be different about an owner. What is not named stays as it is.
 *
 * @param level        domain to keypair.
 * @param name         unique within its level.
 * @param newId        of an account that the journal does not have; 0: it has it.
 * @param parentId     of a new account; 0: none.
 * @param weightMillis of fair share, in thousandths; null: as it is.
 * @param numbers      limits that are numbers, by field; negative: none any more.
 * @param slots        limits of slots; negative: none any more.
 * @param pendingSlots the same of what waits.
 */
record AccountChange(
    AccountLevel level,
    String name,
    int newId,
    int parentId,
    Integer weightMillis,
    Map<String, Integer> numbers,
    Map<String, Long> slots,
    Map<String, Long> pendingSlots)
{
}
