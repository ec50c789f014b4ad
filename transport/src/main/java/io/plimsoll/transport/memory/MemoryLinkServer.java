package io.plimsoll.transport.memory;

import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.link.LinkListener;
import io.plimsoll.transport.link.LinkOptions;
import java.util.List;
import org.agrona.DirectBuffer;

/** The manager's side of links in memory. */
public final class MemoryLinkServer implements LinkEndpoint, AutoCloseable
{
    private final MemoryLinkNetwork network;
    private final String address;
    private final LinkOptions options;
    private final MemoryEnd end = new MemoryEnd();

    MemoryLinkServer(final MemoryLinkNetwork network, final String address, final LinkOptions options)
    {
        this.network = network;
        this.address = address;
        this.options = options;
    }

    @Override
    public int poll(final LinkListener listener, final int limit)
    {
        return end.poll(listener, limit);
    }

    @Override
    public boolean trySend(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        return end.trySend(linkId, agentId, buffer, offset, length);
    }

    @Override
    public void flush()
    {
        end.flush();
    }

    @Override
    public void closeLink(final long linkId, final String reason)
    {
        end.closeLink(linkId, reason);
    }

    /** Stops to listen and closes all links; what was queued still arrives. */
    @Override
    public void close()
    {
        network.remove(address);
        end.close();
    }

    /** Dies without a word, as a killed process does: links break, and what was queued is lost. */
    public void crash()
    {
        network.remove(address);
        for (final MemoryLink link : end.links())
        {
            link.sever("connection reset");
        }
    }

    List<MemoryLink> links()
    {
        return end.links();
    }

    boolean tryAccept(final MemoryLink link)
    {
        if (end.size() >= options.linksMax())
        {
            return false;
        }
        end.add(link);
        return true;
    }
}
