package io.plimsoll.loadtest.sim;

import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.link.LinkListener;
import io.plimsoll.transport.sbe.KillDecoder;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Links on which every order to end a kernel is taken and not sent. */
final class DeafLinks implements LinkEndpoint
{
    private final LinkEndpoint links;

    DeafLinks(final LinkEndpoint links)
    {
        this.links = links;
    }

    @Override
    public int poll(final LinkListener listener, final int limit)
    {
        return links.poll(listener, limit);
    }

    @Override
    public boolean trySend(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        final int templateId = buffer.getShort(
            offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        return KillDecoder.TEMPLATE_ID == templateId || links.trySend(linkId, agentId, buffer, offset, length);
    }

    @Override
    public void flush()
    {
        links.flush();
    }

    @Override
    public void closeLink(final long linkId, final String reason)
    {
        links.closeLink(linkId, reason);
    }
}
