package io.plimsoll.transport.link;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Has many agents share few connections, as a relay does: each has a channel, which looks like a link of its own, with
 * a negative id. See {@link Channels}. One thread.
 */
public final class ChannelConnector implements LinkConnector, LinkListener
{
    private final LinkConnector links;
    private final int channelsMax;
    private final Long2ObjectHashMap<Connection> connections = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<Channel> channels = new Long2ObjectHashMap<>();
    /** With room for more channels, to one manager. */
    private final ArrayDeque<Connection> roomy = new ArrayDeque<>();
    private final ArrayDeque<Runnable> owed = new ArrayDeque<>();
    private LinkListener listener;
    private long lastId;

    /**
     * Over other links.
     *
     * @param links       that connections are made of.
     * @param channelsMax of a connection, 1 to {@value Channels#MAX}.
     */
    public ChannelConnector(final LinkConnector links, final int channelsMax)
    {
        if (channelsMax < 1 || channelsMax > Channels.MAX)
        {
            throw new IllegalArgumentException(
                "channelsMax=" + channelsMax + ": use 1 to " + Channels.MAX);
        }
        this.links = links;
        this.channelsMax = channelsMax;
    }

    @Override
    public long tryConnect(final String host, final int port)
    {
        Connection connection = roomy.peekFirst();
        if (null == connection || !connection.isTo(host, port))
        {
            final long linkId = links.tryConnect(host, port);
            if (NO_LINK == linkId)
            {
                return NO_LINK;
            }
            connection = new Connection(linkId, host, port);
            connections.put(linkId, connection);
            roomy.addFirst(connection);
        }
        lastId--;
        final Channel channel = new Channel(lastId, connection);
        channels.put(channel.id, channel);
        connection.channels.add(channel);
        if (connection.channels.size() >= channelsMax)
        {
            roomy.remove(connection);
        }
        if (connection.isOpen)
        {
            owed.add(() -> tellOpened(channel));
        }
        return channel.id;
    }

    @Override
    public String peerHost(final long linkId)
    {
        final Channel channel = channels.get(linkId);
        return null == channel ? "" : links.peerHost(channel.connection.linkId);
    }

    @Override
    public int poll(final LinkListener to, final int limit)
    {
        listener = to;
        int workCount = 0;
        for (int i = owed.size(); i > 0; i--)
        {
            owed.poll().run();
            workCount++;
        }
        return workCount + links.poll(this, limit);
    }

    @Override
    public void onOpened(final long linkId, final String peer)
    {
        final Connection connection = connections.get(linkId);
        if (null != connection)
        {
            connection.isOpen = true;
            connection.peer = peer;
            List.copyOf(connection.channels).forEach(this::tellOpened);
        }
    }

    private void tellOpened(final Channel channel)
    {
        if (channels.containsKey(channel.id))
        {
            listener.onOpened(channel.id, channel.connection.peer);
        }
    }

    @Override
    public boolean onFrame(
        final long linkId, final long field, final DirectBuffer buffer, final int offset, final int length)
    {
        final Connection connection = connections.get(linkId);
        final Channel channel = null == connection ? null : connection.byNumber.get(Channels.channel(field));
        if (null == channel)
        {
            // On its way when the channel was closed here.
            return true;
        }
        if (Channels.isGoodbye(buffer, offset, length))
        {
            forget(channel);
            listener.onClosed(channel.id, CloseReason.BY_PEER);
            return true;
        }
        return listener.onFrame(channel.id, Channels.agentId(field), buffer, offset, length);
    }

    @Override
    public void onClosed(final long linkId, final String reason)
    {
        final Connection connection = connections.remove(linkId);
        if (null != connection)
        {
            roomy.remove(connection);
            for (final Channel channel : List.copyOf(connection.channels))
            {
                channels.remove(channel.id);
                listener.onClosed(channel.id, reason);
            }
        }
    }

    @Override
    public boolean trySend(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        final Channel channel = channels.get(linkId);
        if (null == channel || !channel.connection.isOpen)
        {
            return false;
        }
        if (0 == channel.number)
        {
            // In the order of their first frames, by which the other side knows new channels from old ones.
            channel.connection.lastNumber++;
            channel.number = channel.connection.lastNumber;
            channel.connection.byNumber.put(channel.number, channel);
        }
        return links.trySend(
            channel.connection.linkId, Channels.field(channel.number, agentId), buffer, offset, length);
    }

    @Override
    public void flush()
    {
        links.flush();
    }

    @Override
    public void closeLink(final long linkId, final String reason)
    {
        final Channel channel = channels.get(linkId);
        if (null != channel)
        {
            if (0 != channel.number)
            {
                Channels.sayGoodbye(links, channel.connection.linkId, channel.number);
            }
            forget(channel);
            owed.add(() -> listener.onClosed(linkId, reason));
        }
    }

    /** Connections open now, or to be. */
    public int connectionCount()
    {
        return connections.size();
    }

    private void forget(final Channel channel)
    {
        final Connection connection = channel.connection;
        channels.remove(channel.id);
        connection.byNumber.remove(channel.number);
        if (connection.channels.size() == channelsMax && connections.containsKey(connection.linkId))
        {
            roomy.addLast(connection);
        }
        connection.channels.remove(channel);
    }

    @Override
    public void close()
    {
        links.close();
    }

    private static final class Connection
    {
        private final long linkId;
        private final String host;
        private final int port;
        private final Set<Channel> channels = new LinkedHashSet<>();
        private final Int2ObjectHashMap<Channel> byNumber = new Int2ObjectHashMap<>();
        private boolean isOpen;
        private String peer = "";
        private int lastNumber;

        Connection(final long linkId, final String host, final int port)
        {
            this.linkId = linkId;
            this.host = host;
            this.port = port;
        }

        private boolean isTo(final String otherHost, final int otherPort)
        {
            return port == otherPort && host.equals(otherHost);
        }
    }

    private static final class Channel
    {
        private final long id;
        private final Connection connection;
        private int number;

        Channel(final long id, final Connection connection)
        {
            this.id = id;
            this.connection = connection;
        }
    }
}
