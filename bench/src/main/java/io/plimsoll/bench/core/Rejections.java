package io.plimsoll.bench.core;

import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/** Finds what the core refused: a benchmark that measures refusals without knowing would be fast. One thread. */
final class Rejections
{
    private static final int EVENT_HEADER_LENGTH = 8;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final CommandRejectedDecoder rejected = new CommandRejectedDecoder();

    /** Throws if an events block holds a refusal. */
    void require(final DirectBuffer buffer, final int eventsOffset, final int eventsLength, final Object what)
    {
        int position = eventsOffset;
        while (position < eventsOffset + eventsLength)
        {
            final int length = buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
            header.wrap(buffer, position + EVENT_HEADER_LENGTH);
            if (CommandRejectedDecoder.TEMPLATE_ID == header.templateId())
            {
                rejected.wrapAndApplyHeader(buffer, position + EVENT_HEADER_LENGTH, header);
                throw new IllegalStateException(
                    "the core refused " + what + ": " + rejected.code() + " requested=" + rejected.requested() +
                        " limit=" + rejected.limitValue() + " field=" + rejected.field());
            }
            position += EVENT_HEADER_LENGTH + BitUtil.align(length, EVENT_HEADER_LENGTH);
        }
    }
}
