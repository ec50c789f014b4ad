package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import java.util.List;

/**
 * An owner of sessions, or of owners.
 *
 * @param id           above 0.
 * @param parentId     0: none.
 * @param level        domain to keypair.
 * @param name         unique within its level.
 * @param weightMillis of fair share, in thousandths.
 * @param limits       of what it may use.
 * @param line         of the scenario.
 */
public record AccountSpec(
    int id, int parentId, AccountLevel level, String name, int weightMillis, Limits limits, int line)
{
    /** Number of those who have no account. */
    public static final int NOBODY = 0;
    /** No limit. */
    public static final int NO_LIMIT = -1;

    /**
     * Limits of one account; negative numbers are none.
     *
     * @param sessionsMax       at a time.
     * @param systemSessionsMax of type system, which do not count above.
     * @param pendingMax        that may wait.
     * @param kernelsMax        of one session.
     * @param priorityMax       highest that may be asked for.
     * @param allowedTypes      bit per session type; 0: all.
     * @param slots             of what runs.
     * @param pendingSlots      of what waits.
     */
    public record Limits(
        int sessionsMax,
        int systemSessionsMax,
        int pendingMax,
        int kernelsMax,
        int priorityMax,
        int allowedTypes,
        List<SlotAmount> slots,
        List<SlotAmount> pendingSlots)
    {
        /** No limits at all. */
        public static final Limits NONE =
            new Limits(NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT, 100, 0, List.of(), List.of());
    }
}
