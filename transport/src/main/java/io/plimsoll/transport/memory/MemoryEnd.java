package io.plimsoll.transport.memory;

import io.plimsoll.transport.link.CloseReason;
import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.link.LinkListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/** What both sides have in common: links in the order in which they came, polled in turn. */
final class MemoryEnd
{
    private static final int MESSAGE_LENGTH_MIN = 8;
    private static final int MESSAGE_LENGTH_MAX = LinkEndpoint.FRAME_LENGTH_MAX - Long.BYTES;

    private final Map<Long, MemoryLink> links = new LinkedHashMap<>();
    private final List<MemoryLink> round = new ArrayList<>();
    private int next;

    void add(final MemoryLink link)
    {
        links.put(link.linkId(), link);
    }

    MemoryLink link(final long linkId)
    {
        return links.get(linkId);
    }

    List<MemoryLink> links()
    {
        return new ArrayList<>(links.values());
    }

    int size()
    {
        return links.size();
    }

    int poll(final LinkListener listener, final int limit)
    {
        round.clear();
        round.addAll(links.values());
        int count = 0;
        // Starts behind where the last poll ended, so that a busy link does not starve the others.
        for (int i = 0; i < round.size() && count < limit; i++)
        {
            final MemoryLink link = round.get((next + i) % round.size());
            count += poll(link, listener, limit - count);
            if (link.isOver())
            {
                links.remove(link.linkId());
            }
        }
        next = round.isEmpty() ? 0 : (next + 1) % round.size();
        return count;
    }

    boolean trySend(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < MESSAGE_LENGTH_MIN || length > MESSAGE_LENGTH_MAX)
        {
            throw new IllegalArgumentException(
                "length=" + length + ": a message has " + MESSAGE_LENGTH_MIN + " to " + MESSAGE_LENGTH_MAX + " bytes");
        }
        final MemoryLink link = links.get(linkId);
        return null != link && link.trySend(agentId, buffer, offset, length);
    }

    void flush()
    {
        for (final MemoryLink link : links.values())
        {
            link.flush();
        }
    }

    void closeLink(final long linkId, final String reason)
    {
        final MemoryLink link = links.get(linkId);
        if (null != link)
        {
            link.close(reason);
        }
    }

    void close()
    {
        for (final MemoryLink link : links.values())
        {
            link.close(CloseReason.ENDPOINT_CLOSED);
        }
    }

    private static int poll(final MemoryLink link, final LinkListener listener, final int limit)
    {
        int count = 0;
        while (count < limit && 0 != link.poll(listener))
        {
            count++;
        }
        return count;
    }
}
