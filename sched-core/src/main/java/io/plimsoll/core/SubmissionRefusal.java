package io.plimsoll.core;

import io.plimsoll.core.sbe.RejectCode;
import org.agrona.DirectBuffer;

/**
 * Says why a submission is refused, at the first thing that is wrong with it. Each way to say so returns false, as the
 * check does that found it. Belongs to the deciding thread.
 */
final class SubmissionRefusal
{
    private final ClusterEmitter answers;
    private final Rejection rejection = new Rejection();

    SubmissionRefusal(final ClusterEmitter answers)
    {
        this.answers = answers;
    }

    /** What is said from now on is of this submission. */
    void begin(final Submission submission)
    {
        rejection.reset(submission.correlationId, submission.source);
    }

    /** What is said from now on is of the session of this number. */
    void entry(final int index)
    {
        rejection.entryIndex = index;
    }

    boolean because(final RejectCode code, final String field)
    {
        return because(code, field, 0, 0);
    }

    /** Because of a session. */
    boolean because(final RejectCode code, final String field, final long sessionId)
    {
        rejection.subject = sessionId;
        return because(code, field, 0, 0);
    }

    boolean because(final RejectCode code, final String field, final long requested, final long limit)
    {
        answers.rejected(rejection.because(code, requested, limit), field);
        return false;
    }

    /** Because of something whose name stands in the command. */
    boolean because(final RejectCode code, final DirectBuffer name, final long requested, final long limit)
    {
        answers.rejected(rejection.because(code, requested, limit), name, 0, name.capacity());
        return false;
    }

    /** Because of something whose name is known. */
    boolean because(final RejectCode code, final int nameId, final long requested, final long limit)
    {
        answers.rejected(rejection.because(code, requested, limit), nameId);
        return false;
    }

    /** Because of limits of accounts. */
    boolean because(final LimitReport report)
    {
        final boolean isType = report.has(LimitReport.Kind.TYPE);
        return because(isType ? RejectCode.TYPE_NOT_ALLOWED : RejectCode.QUOTA_EXCEEDED, report);
    }

    /** Because of limits of accounts, which the code says more of. */
    boolean because(final RejectCode code, final LimitReport report)
    {
        rejection.because(code, report.requested(0), report.limit(0));
        answers.rejected(rejection, report);
        return false;
    }
}
