package io.plimsoll.bench.e2e;

import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.link.LinkListener;
import io.plimsoll.transport.sbe.AssignDecoder;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.DirectBuffer;

/** The agents' end of the links, which notes when each session's assignment came in. The agents' thread. */
final class StampingConnector implements LinkConnector, LinkListener
{
    private final LinkConnector links;
    private final AtomicLongArray arrivedNsById;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final AssignDecoder assign = new AssignDecoder();
    private LinkListener listener;

    StampingConnector(final LinkConnector links, final AtomicLongArray arrivedNsById)
    {
        this.links = links;
        this.arrivedNsById = arrivedNsById;
    }

    @Override
    public int poll(final LinkListener to, final int limit)
    {
        listener = to;
        return links.poll(this, limit);
    }

    @Override
    public void onOpened(final long linkId, final String peer)
    {
        listener.onOpened(linkId, peer);
    }

    @Override
    public boolean onFrame(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        if (AssignDecoder.TEMPLATE_ID == header.templateId())
        {
            final long id = assign.wrapAndApplyHeader(buffer, offset, header).sessionId();
            if (id < arrivedNsById.length())
            {
                arrivedNsById.compareAndSet((int)id, 0, System.nanoTime());
            }
        }
        return listener.onFrame(linkId, agentId, buffer, offset, length);
    }

    @Override
    public void onClosed(final long linkId, final String reason)
    {
        listener.onClosed(linkId, reason);
    }

    @Override
    public long tryConnect(final String host, final int port)
    {
        return links.tryConnect(host, port);
    }

    @Override
    public String peerHost(final long linkId)
    {
        return links.peerHost(linkId);
    }

    @Override
    public boolean trySend(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        return links.trySend(linkId, agentId, buffer, offset, length);
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

    @Override
    public void close()
    {
        links.close();
    }
}
