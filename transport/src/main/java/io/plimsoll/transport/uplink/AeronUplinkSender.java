package io.plimsoll.transport.uplink;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.exceptions.AeronException;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/**
 * The agent's side of the uplink on Aeron, for one connection. Opening takes some milliseconds and happens meanwhile:
 * {@link #isConnected} says when it is done. Once it stood, a break is final: what was in flight may be lost, and only
 * a new connection with its inventory can tell. One thread.
 */
public final class AeronUplinkSender implements UplinkSender
{
    private static final int SEND_ATTEMPTS = 3;

    private final Stream heartbeats;
    private final Stream reports;

    AeronUplinkSender(final Aeron aeron, final UplinkSenderOptions options, final UplinkGrant welcome)
    {
        final String channel = null == options.channelOverride() ? welcome.channel() : options.channelOverride();
        heartbeats = new Stream(
            aeron, UplinkChannels.forSender(channel, welcome.managerHost(), options.heartbeatTermLength()),
            new FrameSealer(HEARTBEAT_STREAM, welcome.agentId(), welcome.connection(), welcome.heartbeatKey()),
            HEARTBEAT_STREAM);
        reports = new Stream(
            aeron, UplinkChannels.forSender(channel, welcome.managerHost(), options.reportTermLength()),
            new FrameSealer(REPORT_STREAM, welcome.agentId(), welcome.connection(), welcome.reportKey()),
            REPORT_STREAM);
    }

    @Override
    public boolean isConnected()
    {
        // Both are asked, since both are opened by asking.
        return heartbeats.isConnected() & reports.isConnected();
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
        return switch (streamId)
        {
            case HEARTBEAT_STREAM -> heartbeats.trySend(buffer, offset, length);
            case REPORT_STREAM -> reports.trySend(buffer, offset, length);
            default -> throw new IllegalArgumentException("streamId=" + streamId);
        };
    }

    @Override
    public void close()
    {
        heartbeats.close();
        reports.close();
    }

    /** One of the two publications. */
    private static final class Stream
    {
        private final Aeron aeron;
        private final FrameSealer sealer;
        private final int streamId;
        private final long registrationId;
        private ExclusivePublication publication;
        private String failure = "the uplink broke";
        private boolean hasStood;
        private boolean isBroken;

        Stream(final Aeron aeron, final String channel, final FrameSealer sealer, final int streamId)
        {
            this.aeron = aeron;
            this.sealer = sealer;
            this.streamId = streamId;
            this.registrationId = aeron.asyncAddExclusivePublication(channel, streamId);
        }

        boolean isConnected()
        {
            if (isBroken || aeron.isClosed())
            {
                return false;
            }
            if (null == publication)
            {
                publication = tryOpened();
            }
            final boolean isConnected = null != publication && publication.isConnected();
            isBroken |= hasStood && !isConnected;
            hasStood |= isConnected;
            return isConnected;
        }

        boolean trySend(final DirectBuffer buffer, final int offset, final int length)
        {
            if (!isConnected())
            {
                if (isBroken || aeron.isClosed())
                {
                    throw new IllegalStateException(failure + ": streamId=" + streamId);
                }
                return false;
            }
            if (publication.position() >= publication.positionLimit())
            {
                return false;
            }
            final int frameLength = sealer.seal(buffer, offset, length);
            for (int attempt = 0; attempt < SEND_ATTEMPTS; attempt++)
            {
                final long position = publication.offer(sealer.frame(), 0, frameLength);
                if (position > 0)
                {
                    return true;
                }
                if (Publication.CLOSED == position || Publication.MAX_POSITION_EXCEEDED == position)
                {
                    isBroken = true;
                    throw new IllegalStateException(
                        "the uplink is unusable: streamId=" + streamId + " position=" + position);
                }
            }
            return false;
        }

        void close()
        {
            if (null != publication)
            {
                CloseHelper.quietClose(publication);
            }
            else if (!aeron.isClosed())
            {
                aeron.asyncRemovePublication(registrationId);
            }
        }

        private ExclusivePublication tryOpened()
        {
            try
            {
                return aeron.getExclusivePublication(registrationId);
            }
            catch (final AeronException ex)
            {
                isBroken = true;
                failure = "the uplink cannot be opened: " + ex.getMessage();
                return null;
            }
        }
    }
}
