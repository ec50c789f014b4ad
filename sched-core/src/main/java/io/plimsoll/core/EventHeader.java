package io.plimsoll.core;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** The header of an event, which is that of any SBE message: written and read as one number. */
final class EventHeader
{
    private static final int SHORT_MASK = 0xFFFF;
    private static final int TEMPLATE_SHIFT = 16;
    private static final int SCHEMA_SHIFT = 32;
    private static final int VERSION_SHIFT = 48;

    private long fields;

    /** The header of a message as one number. */
    static long of(final int blockLength, final int templateId, final int schemaId, final int version)
    {
        return blockLength | (long)templateId << TEMPLATE_SHIFT | (long)schemaId << SCHEMA_SHIFT |
            (long)version << VERSION_SHIFT;
    }

    void read(final DirectBuffer buffer, final int offset)
    {
        fields = buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }

    int blockLength()
    {
        return (int)fields & SHORT_MASK;
    }

    int templateId()
    {
        return (int)(fields >>> TEMPLATE_SHIFT) & SHORT_MASK;
    }

    int version()
    {
        return (int)(fields >>> VERSION_SHIFT);
    }
}
