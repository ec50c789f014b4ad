package io.plimsoll.transport.uplink;

import org.agrona.DirectBuffer;

/**
 * The agent's side of the uplink on Aeron, for one connection. Opening takes some milliseconds and happens meanwhile:
 * {@link #isConnected} says when it is done. Once it stood, a break is final: what was in flight may be lost, and only
 * a new connection with its inventory can tell. One thread.
 */
public final class AeronUplinkSender implements UplinkSender
{
    private final UplinkStreams streams;
    private final FrameSealer heartbeats;
    private final FrameSealer reports;
    private boolean isClosed;

    AeronUplinkSender(final UplinkStreams streams, final UplinkGrant welcome)
    {
        this.streams = streams;
        streams.enter();
        heartbeats = new FrameSealer(
            HEARTBEAT_STREAM, welcome.agentId(), welcome.connection(), welcome.heartbeatKey());
        reports = new FrameSealer(REPORT_STREAM, welcome.agentId(), welcome.connection(), welcome.reportKey());
    }

    @Override
    public boolean isConnected()
    {
        return !isClosed && streams.isConnected();
    }

    @Override
    public boolean trySend(final int streamId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < UplinkFrame.MESSAGE_LENGTH_MIN || length > UplinkFrame.MESSAGE_LENGTH_MAX)
        {
            throw new IllegalArgumentException(
                "length=" + length + ": a message has " + UplinkFrame.MESSAGE_LENGTH_MIN + " to " +
                UplinkFrame.MESSAGE_LENGTH_MAX + " bytes");
        }
        if (isClosed)
        {
            throw new IllegalStateException("the uplink is closed: streamId=" + streamId);
        }
        return switch (streamId)
        {
            case HEARTBEAT_STREAM -> streams.heartbeats().trySend(heartbeats, buffer, offset, length);
            case REPORT_STREAM -> streams.reports().trySend(reports, buffer, offset, length);
            default -> throw new IllegalArgumentException("streamId=" + streamId);
        };
    }

    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            streams.leave();
        }
    }
}
