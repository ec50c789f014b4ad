package io.plimsoll.transport.memory;

import io.plimsoll.transport.link.CloseReason;
import io.plimsoll.transport.link.LinkListener;
import io.plimsoll.transport.link.LinkOptions;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One end of a connection in memory, with what is under way to it. What can go wrong with a TCP connection can be made
 * to go wrong here: {@link #sever} loses what is under way, {@link #hold} lets nothing through until released, as a
 * partition does.
 */
public final class MemoryLink
{
    private static final int FRAME_OVERHEAD = 12;

    private final long linkId;
    private final String peer;
    private final LinkOptions options;
    private final ArrayDeque<Frame> outbox = new ArrayDeque<>();
    private final ArrayDeque<Frame> arriving = new ArrayDeque<>();
    private MemoryLink other;
    private int queuedBytes;
    private boolean isOpenTold;
    private boolean isHeld;
    private boolean isClosing;
    private boolean isClosed;
    private boolean isClosedTold;
    private boolean isEndArriving;
    private String reason;

    MemoryLink(final long linkId, final String peer, final LinkOptions options)
    {
        this.linkId = linkId;
        this.peer = peer;
        this.options = options;
    }

    /** Id at this end. */
    public long linkId()
    {
        return linkId;
    }

    /** Address of the other end. */
    public String peer()
    {
        return peer;
    }

    /** Breaks the connection: both ends close, and what is under way is lost. */
    public void sever(final String why)
    {
        breakEnd(why);
        if (null != other)
        {
            other.breakEnd(why);
        }
    }

    /**
     * Lets nothing through to this end, and then everything in order again; the connection stands meanwhile, as one
     * of TCP does.
     *
     * @param held whether from now on.
     */
    public void hold(final boolean held)
    {
        isHeld = held;
    }

    /** The other end. */
    public MemoryLink other()
    {
        return other;
    }

    void pair(final MemoryLink with)
    {
        other = with;
        with.other = this;
    }

    void fail(final String why)
    {
        isOpenTold = true;
        breakEnd(why);
    }

    boolean trySend(final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (isClosed || isClosing || null == other)
        {
            return false;
        }
        if (queuedBytes + FRAME_OVERHEAD + length > options.outboxLengthMax())
        {
            sever(CloseReason.OUTBOX_OVERFLOW);
            return false;
        }
        final byte[] message = new byte[length];
        buffer.getBytes(offset, message);
        outbox.addLast(new Frame(agentId, new UnsafeBuffer(message)));
        queuedBytes += FRAME_OVERHEAD + length;
        return true;
    }

    void flush()
    {
        if (!isClosed && null != other)
        {
            other.arriving.addAll(outbox);
            outbox.clear();
            other.isEndArriving |= isClosing;
            if (isClosing)
            {
                end(reason);
            }
        }
    }

    void close(final String why)
    {
        if (!isClosed && !isClosing)
        {
            isClosing = true;
            reason = why;
            arriving.clear();
            flush();
        }
    }

    /** Delivers at most one event; 0 if there is none, or the listener cannot take it. */
    int poll(final LinkListener listener)
    {
        if (!isOpenTold)
        {
            isOpenTold = true;
            listener.onOpened(linkId, peer);
            return 1;
        }
        if (!isHeld && !isClosed && !arriving.isEmpty())
        {
            final Frame frame = arriving.peekFirst();
            if (!listener.onFrame(linkId, frame.agentId(), frame.message(), 0, frame.message().capacity()))
            {
                return 0;
            }
            arriving.pollFirst();
            other.queuedBytes -= FRAME_OVERHEAD + frame.message().capacity();
            return 1;
        }
        if (!isHeld && !isClosed && isEndArriving)
        {
            end(CloseReason.BY_PEER);
        }
        if (isClosed && !isClosedTold)
        {
            isClosedTold = true;
            listener.onClosed(linkId, reason);
            return 1;
        }
        return 0;
    }

    boolean isOver()
    {
        return isClosedTold;
    }

    boolean isOpen()
    {
        return isOpenTold && !isClosed;
    }

    private void breakEnd(final String why)
    {
        arriving.clear();
        end(why);
    }

    private void end(final String why)
    {
        if (!isClosed)
        {
            isClosed = true;
            reason = null == reason ? why : reason;
            outbox.clear();
        }
    }

    private record Frame(long agentId, UnsafeBuffer message)
    {
    }
}
