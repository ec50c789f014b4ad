package io.plimsoll.manager.control;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.FailurePolicy;
import java.util.List;

/**
 * What most sessions leave at its default: who pays, when it may start, where it may run, and who may end it.
 *
 * @param accountId     account that it counts for; 0: the submitter's own.
 * @param startsAtNs    epoch nanoseconds before which it is not placed; 0: at once.
 * @param failurePolicy what the end of one kernel means for the others.
 * @param preemptible   whether it may have to yield to others.
 * @param afterAny      ids that must end first, however they end.
 * @param constraints   on the agents, in the order in which they were given.
 * @param parts         kernels after the first ones, where those ask for something else; empty if all are alike.
 */
public record SessionTerms(
    int accountId,
    long startsAtNs,
    FailurePolicy failurePolicy,
    boolean preemptible,
    List<Long> afterAny,
    List<Constraint> constraints,
    List<SessionPart> parts)
{
    /** Nothing said. */
    public static final SessionTerms DEFAULTS =
        new SessionTerms(0, 0, FailurePolicy.STRICT, false, List.of(), List.of(), List.of());
}
