package io.plimsoll.transport.uplink;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.exceptions.AeronException;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/**
 * One publication, of one agent or of many. It is opened by asking for it, and once it stood, a break is final: what
 * was in flight may be lost. One thread.
 */
final class UplinkStream
{
    private static final int SEND_ATTEMPTS = 3;

    private final Aeron aeron;
    private final int streamId;
    private final long registrationId;
    private ExclusivePublication publication;
    private String failure = "the uplink broke";
    private boolean hasStood;
    private boolean isBroken;

    UplinkStream(final Aeron aeron, final String channel, final int streamId)
    {
        this.aeron = aeron;
        this.streamId = streamId;
        this.registrationId = aeron.asyncAddExclusivePublication(channel, streamId);
    }

    boolean isConnected()
    {
        if (isBroken())
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

    boolean isBroken()
    {
        return isBroken || aeron.isClosed();
    }

    boolean trySend(final FrameSealer sealer, final DirectBuffer buffer, final int offset, final int length)
    {
        if (!isConnected())
        {
            if (isBroken())
            {
                throw new IllegalStateException(failure + ": streamId=" + streamId);
            }
            return false;
        }
        if (publication.position() >= publication.positionLimit())
        {
            // Looked at before sealing, which costs more than all the rest.
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
        isBroken = true;
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
