package io.plimsoll.transport.memory;

import io.plimsoll.transport.link.CloseReason;
import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.link.LinkListener;
import io.plimsoll.transport.link.LinkOptions;
import org.agrona.DirectBuffer;

/** The agent's side of links in memory. */
public final class MemoryLinkClient implements LinkConnector
{
    private final MemoryLinkNetwork network;
    private final String host;
    private final LinkOptions options;
    private final MemoryEnd end = new MemoryEnd();
    private boolean isReachable = true;
    private boolean isClosed;

    MemoryLinkClient(final MemoryLinkNetwork network, final String host, final LinkOptions options)
    {
        this.network = network;
        this.host = host;
        this.options = options;
    }

    /**
     * Whether attempts get through; links that stand are not touched.
     *
     * @param reachable false: attempts fail.
     */
    public void reachable(final boolean reachable)
    {
        isReachable = reachable;
    }

    @Override
    public long tryConnect(final String managerHost, final int port)
    {
        if (isClosed || end.size() >= options.linksMax())
        {
            return NO_LINK;
        }
        final String address = managerHost + ":" + port;
        final MemoryLinkServer server = network.server(address);
        final MemoryLink near = new MemoryLink(network.nextLinkId(), address, options);
        end.add(near);
        if (null == server || !isReachable)
        {
            near.fail(CloseReason.CANNOT_CONNECT + ": " + address);
            return near.linkId();
        }
        final MemoryLink far = new MemoryLink(network.nextLinkId(), host + ":0", options);
        near.pair(far);
        if (!server.tryAccept(far))
        {
            near.fail(CloseReason.BY_PEER);
        }
        return near.linkId();
    }

    @Override
    public String peerHost(final long linkId)
    {
        final MemoryLink link = end.link(linkId);
        return null == link || !link.isOpen() ? "" : link.peer().substring(0, link.peer().lastIndexOf(':'));
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

    @Override
    public void close()
    {
        isClosed = true;
        end.close();
    }

    /** Dies without a word, as a killed process does: links break, and what was queued is lost. */
    public void crash()
    {
        isClosed = true;
        for (final MemoryLink link : end.links())
        {
            link.sever("connection reset");
        }
    }

    /** Ends of this client's links, for faults. */
    public MemoryLink link(final long linkId)
    {
        return end.link(linkId);
    }
}
