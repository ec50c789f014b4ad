package io.plimsoll.transport.uplink;

import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.ReceiveChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import io.aeron.protocol.SetupFlyweight;
import java.net.InetSocketAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Turns away senders that announce long terms. The driver maps three terms for whoever announces itself, before
 * anybody is authenticated, so a single datagram could otherwise claim three GiB.
 */
final class BoundedReceiveEndpoint extends ReceiveChannelEndpoint
{
    /** In bytes; enough for reports of 512 KiB, eight times what we send. */
    static final int TERM_LENGTH_MAX = 4 * 1024 * 1024;

    BoundedReceiveEndpoint(
        final UdpChannel channel, final DataPacketDispatcher dispatcher, final AtomicCounter status,
        final MediaDriver.Context context)
    {
        super(channel, dispatcher, status, context);
    }

    @Override
    public void onSetupMessage(
        final SetupFlyweight header, final UnsafeBuffer buffer, final int length, final InetSocketAddress source,
        final int transportIndex)
    {
        final int termLength = header.termLength();
        if (length >= SetupFlyweight.HEADER_LENGTH && termLength > 0 && termLength <= TERM_LENGTH_MAX &&
            1 == Integer.bitCount(termLength))
        {
            super.onSetupMessage(header, buffer, length, source, transportIndex);
        }
    }
}
