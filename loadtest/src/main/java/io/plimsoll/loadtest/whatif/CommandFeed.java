package io.plimsoll.loadtest.whatif;

import org.agrona.DirectBuffer;

/** Takes commands for a core that decides anew. */
interface CommandFeed
{
    /**
     * Lets the core decide, at the present time.
     *
     * @param buffer holds the command, an SBE message with its header.
     * @param offset of the header.
     * @param length of header and body.
     */
    void feed(DirectBuffer buffer, int offset, int length);

    /** The same for a report that is followed: what may be placed is left until all of this instant has happened. */
    void feedFollowed(DirectBuffer buffer, int offset, int length);

    /** The present time, epoch nanoseconds. */
    long nowNs();
}
