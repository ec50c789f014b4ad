package io.plimsoll.core;

import io.plimsoll.core.sbe.MessageHeaderDecoder;
import org.agrona.DirectBuffer;

/**
 * The bytes of one command, by their distance from its header. Whoever reads says first how much must be there
 * ({@link #require}): once for all fields of a block, where a generated decoder checks each of them.
 */
final class CommandBytes
{
    static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;

    private byte[] array;
    private long address;
    private int length;

    void wrap(final DirectBuffer buffer, final int offset, final int commandLength)
    {
        buffer.boundsCheck(offset, commandLength);
        array = buffer.byteArray();
        address = buffer.addressOffset() + offset;
        length = commandLength;
        require(0, HEADER_LENGTH);
    }

    int length()
    {
        return length;
    }

    int templateId()
    {
        return getShort(MessageHeaderDecoder.templateIdEncodingOffset());
    }

    int blockLength()
    {
        return getShort(MessageHeaderDecoder.blockLengthEncodingOffset());
    }

    int version()
    {
        return getShort(MessageHeaderDecoder.versionEncodingOffset());
    }

    /** Throws unless so many bytes are there from a place on. */
    void require(final int at, final int count)
    {
        if (at > length - count)
        {
            throw new IndexOutOfBoundsException("command at=" + at + " count=" + count + " length=" + length);
        }
    }

    long getLong(final int at)
    {
        return RawMemory.getLong(array, address + at);
    }

    int getInt(final int at)
    {
        return RawMemory.getInt(array, address + at);
    }

    /** Without sign. */
    int getShort(final int at)
    {
        return RawMemory.getShort(array, address + at);
    }

    /** Without sign. */
    int getByte(final int at)
    {
        return RawMemory.getByte(array, address + at);
    }
}
