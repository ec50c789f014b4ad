package io.plimsoll.transport.link;

import org.agrona.DirectBuffer;

/**
 * One side of the downlink connections, as a duty cycle sees it: everything that comes in waits in a bounded queue
 * until {@link #poll} takes it, and when that queue is full the socket is not read. The production ones are Netty
 * with TLS; a test or a simulator hands in its own.
 */
public interface LinkEndpoint
{
    /** Longest frame in bytes, agent id and message included. */
    int FRAME_LENGTH_MAX = 96 * 1024;

    /**
     * Takes what has come in. Called by one thread.
     *
     * @param listener for it.
     * @param limit    most events to deliver.
     * @return events delivered.
     */
    int poll(LinkListener listener, int limit);

    /**
     * Queues a frame. Any thread. A link whose outbox would overflow is closed instead: its agent reconnects and is
     * served from state.
     *
     * @param linkId  from {@link LinkListener#onOpened}.
     * @param agentId on that link, 0 before it is known.
     * @param buffer  that holds an SBE message with its header.
     * @param offset  of the header.
     * @param length  of header and body.
     * @return false if the link is closed, or was closed by this call.
     */
    boolean trySend(long linkId, long agentId, DirectBuffer buffer, int offset, int length);

    /** Writes out what was queued since the last call; the end of a batch. Any thread. */
    void flush();

    /**
     * Closes a link after what was queued has been written. Idempotent; onClosed follows.
     *
     * @param linkId to close.
     * @param reason for logs.
     */
    void closeLink(long linkId, String reason);
}
