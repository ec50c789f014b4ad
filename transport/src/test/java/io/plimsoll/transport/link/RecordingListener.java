package io.plimsoll.transport.link;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/** Writes down what comes in; refuses frames while told to. */
final class RecordingListener implements LinkListener
{
    final Map<Long, String> opened = new LinkedHashMap<>();
    final Map<Long, String> closed = new LinkedHashMap<>();
    final List<Frame> frames = new ArrayList<>();
    boolean isRefusing;
    int refused;

    @Override
    public void onOpened(final long linkId, final String peer)
    {
        opened.put(linkId, peer);
    }

    @Override
    public boolean onFrame(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (isRefusing)
        {
            refused++;
            return false;
        }
        if (buffer.capacity() != offset + length)
        {
            throw new AssertionError("the frame's neighbours can be read");
        }
        final byte[] message = new byte[length];
        buffer.getBytes(offset, message);
        frames.add(new Frame(linkId, agentId, message));
        return true;
    }

    @Override
    public void onClosed(final long linkId, final String reason)
    {
        if (null != closed.put(linkId, reason))
        {
            throw new AssertionError("closed twice: " + linkId);
        }
    }

    long lastOpened()
    {
        long last = 0;
        for (final long linkId : opened.keySet())
        {
            last = linkId;
        }
        return last;
    }

    record Frame(long linkId, long agentId, byte[] message)
    {
    }
}
