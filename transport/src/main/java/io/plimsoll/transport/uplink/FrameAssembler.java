package io.plimsoll.transport.uplink;

import io.aeron.Image;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import java.util.HashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts frames together that were longer than a datagram. Unlike Aeron's own assembler it is bounded: whoever reaches
 * the port can send fragments without end, so what grows beyond the longest frame is dropped. One thread.
 */
final class FrameAssembler implements ControlledFragmentHandler
{
    private static final int FLAGS_MASK = 0xFF;
    private static final int BEGIN = FrameDescriptor.BEGIN_FRAG_FLAG & FLAGS_MASK;
    private static final int END = FrameDescriptor.END_FRAG_FLAG & FLAGS_MASK;

    private final FrameHandler handler;
    private final UplinkCounters counters;
    private final Map<Image, Partial> partials = new HashMap<>();

    FrameAssembler(final FrameHandler handler, final UplinkCounters counters)
    {
        this.handler = handler;
        this.counters = counters;
    }

    @Override
    public Action onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header)
    {
        final Image image = (Image)header.context();
        final int flags = header.flags() & (BEGIN | END);
        if ((BEGIN | END) == flags)
        {
            return handler.onFrame(image, buffer, offset, length);
        }
        if (BEGIN == flags)
        {
            partials.computeIfAbsent(image, key -> new Partial()).begin(buffer, offset, length, header);
            return Action.CONTINUE;
        }
        return onContinued(image, buffer, offset, length, header);
    }

    void onImageGone(final Image image)
    {
        partials.remove(image);
    }

    private Action onContinued(
        final Image image, final DirectBuffer buffer, final int offset, final int length, final Header header)
    {
        final Partial partial = partials.get(image);
        if (null == partial || !partial.tryAppend(buffer, offset, length, header))
        {
            counters.malformed.increment();
            return Action.CONTINUE;
        }
        if (0 == (header.flags() & END))
        {
            return Action.CONTINUE;
        }
        final Action action = handler.onFrame(image, partial.frame, 0, partial.length);
        if (Action.ABORT == action)
        {
            partial.undo(length, header);
        }
        else
        {
            partial.end();
        }
        return action;
    }

    /** Takes whole frames. */
    @FunctionalInterface
    interface FrameHandler
    {
        Action onFrame(Image image, DirectBuffer buffer, int offset, int length);
    }

    /** A frame under construction. Frames never span terms, so the next fragment's offset tells whether one is lost. */
    private static final class Partial
    {
        private static final int NONE = -1;
        private final UnsafeBuffer frame = new UnsafeBuffer(new byte[UplinkFrame.LENGTH_MAX]);
        private int length;
        private int nextTermOffset = NONE;

        void begin(final DirectBuffer buffer, final int offset, final int fragmentLength, final Header header)
        {
            length = 0;
            nextTermOffset = header.termOffset();
            tryAppend(buffer, offset, fragmentLength, header);
        }

        boolean tryAppend(final DirectBuffer buffer, final int offset, final int fragmentLength, final Header header)
        {
            if (header.termOffset() != nextTermOffset || length + fragmentLength > UplinkFrame.LENGTH_MAX)
            {
                end();
                return false;
            }
            frame.putBytes(length, buffer, offset, fragmentLength);
            length += fragmentLength;
            nextTermOffset = header.nextTermOffset();
            return true;
        }

        void undo(final int fragmentLength, final Header header)
        {
            length -= fragmentLength;
            nextTermOffset = header.termOffset();
        }

        void end()
        {
            length = 0;
            nextTermOffset = NONE;
        }
    }
}
