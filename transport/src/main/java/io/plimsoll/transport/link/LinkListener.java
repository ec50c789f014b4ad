package io.plimsoll.transport.link;

import org.agrona.DirectBuffer;

/** Takes what comes in on links; called by the polling thread only. */
public interface LinkListener
{
    /**
     * A connection stands and TLS is done.
     *
     * @param linkId never used before in this process.
     * @param peer   address, for logs.
     */
    void onOpened(long linkId, String peer);

    /**
     * A frame came in.
     *
     * @param linkId  it came on.
     * @param agentId it names.
     * @param buffer  valid during the call; the frame is not trusted.
     * @param offset  of the SBE header.
     * @param length  of header and body.
     * @return false if it cannot be taken now: it is delivered again at the next poll.
     */
    boolean onFrame(long linkId, long agentId, DirectBuffer buffer, int offset, int length);

    /**
     * A link is gone; for a client also: a connection attempt failed.
     *
     * @param linkId of the link.
     * @param reason for logs.
     */
    void onClosed(long linkId, String reason);
}
