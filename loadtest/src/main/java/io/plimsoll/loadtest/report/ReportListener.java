package io.plimsoll.loadtest.report;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;

/**
 * Answers one question of a report. Told of everything from the first record that is read, in order, so that it may
 * count what is; only what falls into a bucket is told in the report. Times are epoch nanoseconds.
 */
interface ReportListener
{
    /** Time passes within a bucket while nothing happens. */
    default void onTime(final int bucket, final long fromNs, final long toNs)
    {
    }

    /** A bucket has ended; the state is that of its end. */
    default void onBucketEnd(final int bucket, final long endNs)
    {
    }

    /** A manager began to reign. */
    default void onTerm(final long term, final long nowNs)
    {
    }

    /** A command was refused. */
    default void onRejected(final String code, final long nowNs)
    {
    }

    /** Sessions were asked for: as many as the row counts. They wait. */
    default void onSubmitted(final BookedSession row, final long nowNs)
    {
    }

    /** One session waits again. */
    default void onWaitingAgain(final BookedSession session, final long nowNs)
    {
    }

    /** One session waits no more; since when it did is in the session, {@code row} is what it was counted in. */
    default void onWaited(
        final BookedSession session, final BookedSession row, final LifeState next, final long nowNs)
    {
    }

    /** A session is in another state. */
    default void onSession(final BookedSession session, final Result result, final Reason reason, final long nowNs)
    {
    }

    /** A session has to end or to wait again, so that another gets its room; null: the record does not say which. */
    default void onYielded(final BookedSession session, final BookedSession preemptor, final long nowNs)
    {
    }

    /** A kernel was placed. */
    default void onPlaced(final BookedKernel kernel, final long nowNs)
    {
    }

    /** A kernel goes from one state, that before {@code nowNs}, to the one that it shows. */
    default void onKernel(final BookedKernel kernel, final LifeState before, final long sinceNs, final long nowNs)
    {
    }

    /** What a kernel used is free. */
    default void onFreed(final BookedKernel kernel, final long nowNs)
    {
    }

    /** An agent came, or is in another state. */
    default void onAgent(final BookedAgent agent, final Liveness before, final long nowNs)
    {
    }
}
