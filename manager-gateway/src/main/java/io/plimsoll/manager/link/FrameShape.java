package io.plimsoll.manager.link;

import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Whether the bytes of a message hold all that its header, groups and texts claim. Decoders trust those claims, and
 * production may run without bounds checks on buffers, so what came over a network is walked once before it is decoded.
 */
final class FrameShape
{
    private static final int SCHEMA_ID = MessageHeaderDecoder.SCHEMA_ID;
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int TEXT_HEADER_LENGTH = 2;

    private final int templateId;
    private final int blockLengthMin;
    private final int textCount;
    private final int entryLengthMin;
    private final int entryTextCount;
    private final int entriesMax;

    private FrameShape(
        final int templateId,
        final int blockLengthMin,
        final int textCount,
        final int entryLengthMin,
        final int entryTextCount,
        final int entriesMax)
    {
        this.templateId = templateId;
        this.blockLengthMin = blockLengthMin;
        this.textCount = textCount;
        this.entryLengthMin = entryLengthMin;
        this.entryTextCount = entryTextCount;
        this.entriesMax = entriesMax;
    }

    /** A message of a fixed part and texts. */
    static FrameShape flat(final int templateId, final int blockLengthMin, final int textCount)
    {
        return new FrameShape(templateId, blockLengthMin, textCount, 0, 0, -1);
    }

    /** A message that has one group before its texts. */
    FrameShape withGroup(final int entryLength, final int textsPerEntry, final int countMax)
    {
        return new FrameShape(templateId, blockLengthMin, textCount, entryLength, textsPerEntry, countMax);
    }

    /** Template of a message of our schema, -1 if it is not even that. */
    static int templateId(final DirectBuffer buffer, final int offset, final int length)
    {
        final boolean ours = length >= HEADER_LENGTH &&
            SCHEMA_ID == unsignedShort(buffer, offset + MessageHeaderDecoder.schemaIdEncodingOffset());
        return ours ? unsignedShort(buffer, offset + MessageHeaderDecoder.templateIdEncodingOffset()) : -1;
    }

    /**
     * Walks a message.
     *
     * @param buffer that holds it.
     * @param offset of its header.
     * @param length of header and body, which the buffer holds.
     * @return whether a decoder may read it to its end.
     */
    boolean fits(final DirectBuffer buffer, final int offset, final int length)
    {
        if (templateId != templateId(buffer, offset, length))
        {
            return false;
        }
        final int blockLength = unsignedShort(buffer, offset + MessageHeaderDecoder.blockLengthEncodingOffset());
        final int end = offset + length;
        int position = offset + HEADER_LENGTH + blockLength;
        if (blockLength < blockLengthMin || position > end)
        {
            return false;
        }
        if (entriesMax >= 0)
        {
            position = skipGroup(buffer, position, end);
        }
        return position >= 0 && skipTexts(buffer, position, end, textCount) >= 0;
    }

    private int skipGroup(final DirectBuffer buffer, final int start, final int end)
    {
        if (end - start < GROUP_HEADER_LENGTH)
        {
            return -1;
        }
        final int entryLength = unsignedShort(buffer, start);
        final int count = unsignedShort(buffer, start + TEXT_HEADER_LENGTH);
        if (entryLength < entryLengthMin || count > entriesMax)
        {
            return -1;
        }
        int position = start + GROUP_HEADER_LENGTH;
        for (int i = 0; i < count && position >= 0; i++)
        {
            position = end - position < entryLength ?
                -1 : skipTexts(buffer, position + entryLength, end, entryTextCount);
        }
        return position;
    }

    private static int skipTexts(final DirectBuffer buffer, final int start, final int end, final int count)
    {
        int position = start;
        for (int i = 0; i < count; i++)
        {
            if (end - position < TEXT_HEADER_LENGTH)
            {
                return -1;
            }
            position += TEXT_HEADER_LENGTH + unsignedShort(buffer, position);
            if (position > end)
            {
                return -1;
            }
        }
        return position;
    }

    private static int unsignedShort(final DirectBuffer buffer, final int offset)
    {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
