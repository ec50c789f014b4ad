package io.plimsoll.manager.bed;

import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.link.LinkListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Server side of links in memory; the test plays the other side. One thread. */
public final class MemoryLinks implements LinkEndpoint
{
    private final Deque<Incoming> incoming = new ArrayDeque<>();
    private final Map<Long, List<byte[]>> sentByLinkId = new HashMap<>();
    private final Map<Long, String> closeReasonByLinkId = new HashMap<>();
    private int outboxMax = Integer.MAX_VALUE;
    private long nextLinkId = 1;

    /** Where links come from that are opened from now on. */
    public String peer = "test";

    /** A client connects. */
    public long open()
    {
        final long linkId = nextLinkId++;
        sentByLinkId.put(linkId, new ArrayList<>());
        incoming.add(new Incoming(linkId, 0, null, false));
        return linkId;
    }

    /** A client sends a frame. */
    public void receive(final long linkId, final long agentId, final byte[] message)
    {
        incoming.add(new Incoming(linkId, agentId, message, false));
    }

    /** A client closes, or its machine is gone. */
    public void drop(final long linkId)
    {
        closeLink(linkId, "dropped by the test");
    }

    /** What a client got since it was asked last. */
    public List<byte[]> take(final long linkId)
    {
        final List<byte[]> sent = sentByLinkId.get(linkId);
        if (null == sent)
        {
            return List.of();
        }
        final List<byte[]> taken = new ArrayList<>(sent);
        sent.clear();
        return taken;
    }

    public boolean isOpen(final long linkId)
    {
        return sentByLinkId.containsKey(linkId) && !closeReasonByLinkId.containsKey(linkId);
    }

    public String closeReason(final long linkId)
    {
        return closeReasonByLinkId.get(linkId);
    }

    /** Frames that a link may hold before it is closed for overflow. */
    public void outboxMax(final int frames)
    {
        outboxMax = frames;
    }

    @Override
    public int poll(final LinkListener listener, final int limit)
    {
        int count = 0;
        while (count < limit && !incoming.isEmpty())
        {
            final Incoming next = incoming.peek();
            if (next.closed())
            {
                listener.onClosed(next.linkId(), closeReasonByLinkId.get(next.linkId()));
            }
            else if (null == next.message())
            {
                listener.onOpened(next.linkId(), peer);
            }
            else if (!listener.onFrame(
                next.linkId(), next.agentId(), new UnsafeBuffer(next.message()), 0, next.message().length))
            {
                break;
            }
            incoming.poll();
            count++;
        }
        return count;
    }

    @Override
    public boolean trySend(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (!isOpen(linkId))
        {
            return false;
        }
        final List<byte[]> sent = sentByLinkId.get(linkId);
        if (sent.size() >= outboxMax)
        {
            closeLink(linkId, "outbox overflow");
            return false;
        }
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        sent.add(bytes);
        return true;
    }

    @Override
    public void flush()
    {
        // What is sent is there at once.
    }

    @Override
    public void closeLink(final long linkId, final String reason)
    {
        if (isOpen(linkId))
        {
            closeReasonByLinkId.put(linkId, reason);
            incoming.add(new Incoming(linkId, 0, null, true));
        }
    }

    private record Incoming(long linkId, long agentId, byte[] message, boolean closed)
    {
    }
}
