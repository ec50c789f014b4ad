package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.Reason;

/** Told what {@link ClusterBooks} have just taken into account. */
interface BooksListener
{
    /** Nobody listens. */
    BooksListener NOBODY = new BooksListener()
    {
    };

    /** An agent has a new connection. */
    default void onAttached(final AgentBook agent, final boolean sawMore)
    {
    }

    /** An agent is connected or not, heard or not. */
    default void onChanged(final AgentBook agent)
    {
    }

    /** A group or an owner was configured. */
    default void onConfigured()
    {
    }

    /** A kernel was placed. */
    default void onAssigned(final KernelBook kernel)
    {
    }

    /** A kernel is to be ended. */
    default void onKill(
        final AgentBook agent, final long kernelId, final long term, final int attempt, final Reason reason)
    {
    }

    /** A kernel is proven gone. */
    default void onReleased(final KernelBook kernel)
    {
    }

    /** A session has ended. */
    default void onEnded(final SessionBook session)
    {
    }

    /** A submission was taken, or had been before. */
    default void onAccepted(final long firstId, final long count, final boolean repeated)
    {
    }

    /** A command was refused. */
    default void onRejected(final CommandRejectedDecoder rejected)
    {
    }
}
