package io.plimsoll.transport.uplink;

import org.agrona.DirectBuffer;

/** Agent side of the uplink for one connection; seals frames. Called by one thread. */
public interface UplinkSender extends AutoCloseable
{
    /** Stream of heartbeats and usage; may be lost. */
    int HEARTBEAT_STREAM = 10;
    /** Stream of reports and inventories; reliable and ordered while the connection lives. */
    int REPORT_STREAM = 11;

    /** Whether the manager's side listens. */
    boolean isConnected();

    /**
     * Sends one message.
     *
     * @param streamId {@link #HEARTBEAT_STREAM} or {@link #REPORT_STREAM}.
     * @param buffer   that holds an SBE message with its header.
     * @param offset   of the header.
     * @param length   of header and body, at most 64 KiB.
     * @return false if back-pressured or not connected: keep it and try again.
     * @throws IllegalStateException if the connection is beyond repair: close it and connect anew.
     */
    boolean trySend(int streamId, DirectBuffer buffer, int offset, int length);

    @Override
    void close();
}
