package io.plimsoll.agent;

import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.link.LinkListener;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * One connector for many agents: each gets a view that opens links of its own, and what comes in goes to the agent
 * whose link it is. One thread steps them all.
 */
final class SharedLinks implements LinkListener
{
    private final LinkConnector links;
    private final Map<Long, LinkListener> owners = new Long2ObjectHashMap<>();

    SharedLinks(final LinkConnector links)
    {
        this.links = links;
    }

    int poll(final int limit)
    {
        return links.poll(this, limit);
    }

    void flush()
    {
        links.flush();
    }

    /** A connector for one agent; its events are delivered by {@link #poll}, not by its own. */
    View newView()
    {
        return new View();
    }

    @Override
    public void onOpened(final long linkId, final String peer)
    {
        final LinkListener owner = owners.get(linkId);
        if (null != owner)
        {
            owner.onOpened(linkId, peer);
        }
    }

    @Override
    public boolean onFrame(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        final LinkListener owner = owners.get(linkId);
        return null == owner || owner.onFrame(linkId, agentId, buffer, offset, length);
    }

    @Override
    public void onClosed(final long linkId, final String reason)
    {
        final LinkListener owner = owners.remove(linkId);
        if (null != owner)
        {
            owner.onClosed(linkId, reason);
        }
    }

    /** What one agent sees. */
    final class View implements LinkConnector
    {
        private LinkListener owner;

        void owner(final LinkListener listener)
        {
            owner = listener;
        }

        @Override
        public long tryConnect(final String host, final int port)
        {
            final long linkId = links.tryConnect(host, port);
            if (NO_LINK != linkId)
            {
                owners.put(linkId, owner);
            }
            return linkId;
        }

        @Override
        public String peerHost(final long linkId)
        {
            return links.peerHost(linkId);
        }

        @Override
        public int poll(final LinkListener listener, final int limit)
        {
            return 0;
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
            // Once for all of them, at the end of a cycle.
        }

        @Override
        public void closeLink(final long linkId, final String reason)
        {
            links.closeLink(linkId, reason);
        }

        @Override
        public void close()
        {
            // The connector belongs to all of them.
        }
    }
}
