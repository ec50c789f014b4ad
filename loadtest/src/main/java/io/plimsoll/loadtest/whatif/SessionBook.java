package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;

/** What events say of one session, or of one element of an array. */
final class SessionBook
{
    /** It has not happened. */
    static final long NOT_YET = 0;

    final long id;
    final Request request;
    final long submittedNs;
    long startedNs = NOT_YET;
    long endedNs = NOT_YET;
    LifeState state = LifeState.PENDING;
    Result result = Result.UNDEFINED;
    Reason reason = Reason.NONE;
    int attempt;
    int preemptions;
    /** Machine of the kernel that ran first. */
    int firstAgentId;

    SessionBook(final long id, final Request request, final long submittedNs)
    {
        this.id = id;
        this.request = request;
        this.submittedNs = submittedNs;
    }

    boolean isEnded()
    {
        return isEnd(state);
    }

    /** Whether it waits for its first start. */
    boolean isWaiting()
    {
        return NOT_YET == startedNs && !isEnded();
    }

    /** How long it waited for its first start; up to a time if it still does. */
    long waitNs(final long untilNs)
    {
        return (NOT_YET == startedNs ? untilNs : startedNs) - submittedNs;
    }

    static boolean isEnd(final LifeState state)
    {
        return LifeState.TERMINATED == state || LifeState.CANCELLED == state || LifeState.ERROR == state;
    }

    /**
     * What one entry of a submission asked for; elements of an array share it.
     *
     * @param sequence   of the submission.
     * @param entry      index in it.
     * @param firstId    id of the first.
     * @param ownerId    account; 0: none.
     * @param groupId    resource group.
     * @param kernels    of one session.
     * @param restart    whether it starts again when its machine is lost.
     * @param walltimeNs 0: no limit.
     * @param amounts    of a kernel of the first part, by resource.
     */
    record Request(
        long sequence,
        int entry,
        long firstId,
        int ownerId,
        int groupId,
        int kernels,
        boolean restart,
        long walltimeNs,
        long[] amounts)
    {
    }
}
