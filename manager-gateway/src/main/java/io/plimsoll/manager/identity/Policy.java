package io.plimsoll.manager.identity;

import java.util.List;
import java.util.Map;

/**
 * How much somebody may use; whatever is not said is not limited. The same on each level, and what all levels say
 * together holds.
 *
 * @param limits            of what runs, by slot; cpu in millicores, mem in bytes.
 * @param pendingLimits     of what waits, by slot.
 * @param sessionsMax       at a time, those of type system apart; -1: any number.
 * @param systemSessionsMax of type system, at a time; -1: any number.
 * @param pendingMax        that wait; -1: any number.
 * @param kernelsMax        containers of one session; -1: any number.
 * @param priorityMax       0 to 100.
 * @param lifetimeMaxNs     how long a session may run; 0: for ever.
 * @param idle              when sessions that are not used end.
 * @param allowedTypes      a bit per type of session; 0: all.
 * @param allowedGroups     resource groups; none: all.
 * @param weight            of fair share, in thousandths.
 * @param requestsPerMinute of each keypair, of domain, user and keypair the least; 0: any number.
 * @param networks          from which domain, user and keypair may call, as {@code 10.0.0.0/8}; none: from everywhere.
 * @param callback          URL that is told of the states of sessions; null: none. The nearest to the session holds.
 */
public record Policy(
    Map<String, Long> limits,
    Map<String, Long> pendingLimits,
    int sessionsMax,
    int systemSessionsMax,
    int pendingMax,
    int kernelsMax,
    int priorityMax,
    long lifetimeMaxNs,
    IdlePolicy idle,
    int allowedTypes,
    List<String> allowedGroups,
    int weight,
    int requestsPerMinute,
    List<String> networks,
    String callback)
{
    /** Highest priority there is. */
    public static final int PRIORITY_MAX = 100;
    /** Usual weight. */
    public static final int WEIGHT = 1_000;

    /** Whatever there is. */
    public static final Policy UNLIMITED = new Policy(
        Map.of(), Map.of(), -1, -1, -1, -1, PRIORITY_MAX, 0, IdlePolicy.NONE, 0, List.of(), WEIGHT, 0, List.of(), null);
}
