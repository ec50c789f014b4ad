package io.plimsoll.agent;

import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.link.LinkListener;
import java.util.ArrayDeque;
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
    private final Map<Long, View> owners = new Long2ObjectHashMap<>();
    private final ArrayDeque<View> woken = new ArrayDeque<>();

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

    /**
     * A connector for one agent; its events are delivered by {@link #poll}, not by its own.
     *
     * @param index by which the agent is known here.
     */
    View newView(final int index)
    {
        return new View(index);
    }

    /** Its agent has something to do. */
    void wake(final View view)
    {
        if (!view.isWoken)
        {
            view.isWoken = true;
            woken.add(view);
        }
    }

    int wokenCount()
    {
        return woken.size();
    }

    /** Index of the agent that was woken first; it sleeps again. */
    int takeWoken()
    {
        final View view = woken.poll();
        view.isWoken = false;
        return view.index;
    }

    @Override
    public void onOpened(final long linkId, final String peer)
    {
        final View view = owners.get(linkId);
        if (null != view)
        {
            view.owner.onOpened(linkId, peer);
            wake(view);
        }
    }

    @Override
    public boolean onFrame(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        final View view = owners.get(linkId);
        if (null == view)
        {
            return true;
        }
        final boolean isTaken = view.owner.onFrame(linkId, agentId, buffer, offset, length);
        wake(view);
        return isTaken;
    }

    @Override
    public void onClosed(final long linkId, final String reason)
    {
        final View view = owners.remove(linkId);
        if (null != view)
        {
            view.owner.onClosed(linkId, reason);
            wake(view);
        }
    }

    /** What one agent sees. */
    final class View implements LinkConnector
    {
        private final int index;
        private LinkListener owner;
        private boolean isWoken;

        View(final int index)
        {
            this.index = index;
        }

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
                owners.put(linkId, this);
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
