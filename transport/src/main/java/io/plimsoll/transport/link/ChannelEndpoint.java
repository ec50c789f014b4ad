package io.plimsoll.transport.link;

import java.util.ArrayList;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The manager's side of connections that many agents share, as behind a relay: each channel looks like a link of its
 * own, with a negative id, and each agent authenticates on it as on any other. A connection that nobody shares passes
 * through as it is. See {@link Channels}. What comes in is of one thread; what goes out may come from any.
 */
public final class ChannelEndpoint implements LinkEndpoint, LinkListener
{
    private static final String SHARED = "carries channels from here on";

    private final LinkEndpoint links;
    private final Long2ObjectHashMap<Connection> connections = new Long2ObjectHashMap<>();
    private final Map<Long, Channel> channels = new ConcurrentHashMap<>();
    /** Each channel comes here once, and a poll empties it before it opens any: no more than there are channels. */
    private final Queue<Closed> closed = new ConcurrentLinkedQueue<>();
    private LinkListener listener;
    private long lastId;

    /**
     * In front of links.
     *
     * @param links that agents open.
     */
    public ChannelEndpoint(final LinkEndpoint links)
    {
        this.links = links;
    }

    @Override
    public int poll(final LinkListener to, final int limit)
    {
        listener = to;
        int workCount = 0;
        Closed next = closed.poll();
        while (null != next)
        {
            forget(next.channel);
            listener.onClosed(next.channel.id, next.reason);
            workCount++;
            next = closed.poll();
        }
        return workCount + links.poll(this, limit);
    }

    private void forget(final Channel channel)
    {
        final Connection connection = connections.get(channel.linkId);
        if (null != connection)
        {
            connection.channels.remove(channel.number);
        }
    }

    @Override
    public void onOpened(final long linkId, final String peer)
    {
        connections.put(linkId, new Connection(peer));
        listener.onOpened(linkId, peer);
    }

    @Override
    public boolean onFrame(
        final long linkId, final long field, final DirectBuffer buffer, final int offset, final int length)
    {
        final int number = Channels.channel(field);
        final Connection connection = connections.get(linkId);
        if (0 == number || null == connection)
        {
            return listener.onFrame(linkId, field, buffer, offset, length);
        }
        final Channel known = connection.channels.get(number);
        if (Channels.isGoodbye(buffer, offset, length))
        {
            return onGoodbye(connection, known);
        }
        if (null == known && number > 0 && number <= connection.lastNumber)
        {
            // On its way when the channel was closed here.
            return true;
        }
        final Channel channel = null == known ? open(linkId, connection, number) : known;
        return null == channel ||
            listener.onFrame(channel.id, Channels.agentId(field), buffer, offset, length);
    }

    private boolean onGoodbye(final Connection connection, final Channel channel)
    {
        if (null != channel)
        {
            connection.channels.remove(channel.number);
            if (null != channels.remove(channel.id))
            {
                listener.onClosed(channel.id, CloseReason.BY_PEER);
            }
        }
        return true;
    }

    private Channel open(final long linkId, final Connection connection, final int number)
    {
        if (number < 0 || connection.channels.size() >= Channels.MAX)
        {
            links.closeLink(linkId, "more channels than the " + Channels.MAX + " that a connection may have");
            return null;
        }
        if (!connection.isShared)
        {
            connection.isShared = true;
            listener.onClosed(linkId, SHARED);
        }
        lastId--;
        final Channel channel = new Channel(lastId, linkId, number);
        connection.lastNumber = number;
        connection.channels.put(number, channel);
        channels.put(channel.id, channel);
        listener.onOpened(channel.id, connection.peer);
        return channel;
    }

    @Override
    public void onClosed(final long linkId, final String reason)
    {
        final Connection connection = connections.remove(linkId);
        if (null == connection || !connection.isShared)
        {
            listener.onClosed(linkId, reason);
            return;
        }
        for (final Channel channel : new ArrayList<>(connection.channels.values()))
        {
            if (null != channels.remove(channel.id))
            {
                listener.onClosed(channel.id, reason);
            }
        }
    }

    @Override
    public boolean trySend(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (linkId >= 0)
        {
            return links.trySend(linkId, agentId, buffer, offset, length);
        }
        final Channel channel = channels.get(linkId);
        return null != channel &&
            links.trySend(channel.linkId, Channels.field(channel.number, agentId), buffer, offset, length);
    }

    @Override
    public void flush()
    {
        links.flush();
    }

    @Override
    public void closeLink(final long linkId, final String reason)
    {
        if (linkId >= 0)
        {
            links.closeLink(linkId, reason);
            return;
        }
        final Channel channel = channels.remove(linkId);
        if (null != channel)
        {
            Channels.sayGoodbye(links, channel.linkId, channel.number);
            closed.add(new Closed(channel, reason));
        }
    }

    /** Of one connection; the polling thread. */
    private static final class Connection
    {
        private final String peer;
        private final Int2ObjectHashMap<Channel> channels = new Int2ObjectHashMap<>();
        private boolean isShared;
        private int lastNumber;

        Connection(final String peer)
        {
            this.peer = peer;
        }
    }

    private record Channel(long id, long linkId, int number)
    {
    }

    private record Closed(Channel channel, String reason)
    {
    }
}
