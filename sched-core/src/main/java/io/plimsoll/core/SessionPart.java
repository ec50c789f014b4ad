package io.plimsoll.core;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.agrona.ExpandableArrayBuffer;

/**
 * Kernels of a session that ask for the same, where not all do. The first part of a session stands in the fields of
 * the message, further ones are bytes: {@code scheduler.xml} says which.
 *
 * @param kernels     how many, at least 1.
 * @param cpuMillis   of each, millicores.
 * @param memoryBytes of each.
 * @param slots       further slots of each by name.
 */
public record SessionPart(int kernels, long cpuMillis, long memoryBytes, Map<String, Long> slots)
{
    /** Most bytes of a name. */
    public static final int NAME_LENGTH_MAX = 255;
    static final int HEADER_LENGTH = 19;
    private static final byte[] NO_PARTS = new byte[0];

    /** Further parts as SubmitSessions has them; empty if there are none. */
    public static byte[] encode(final List<SessionPart> parts)
    {
        if (parts.isEmpty())
        {
            return NO_PARTS;
        }
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        int length = 0;
        for (final SessionPart part : parts)
        {
            buffer.putShort(length, (short)part.kernels, ByteOrder.LITTLE_ENDIAN);
            buffer.putByte(length + 2, (byte)part.slots.size());
            buffer.putLong(length + 3, part.cpuMillis, ByteOrder.LITTLE_ENDIAN);
            buffer.putLong(length + 11, part.memoryBytes, ByteOrder.LITTLE_ENDIAN);
            length += HEADER_LENGTH;
            for (final Map.Entry<String, Long> slot : part.slots.entrySet())
            {
                final byte[] name = slot.getKey().getBytes(StandardCharsets.UTF_8);
                buffer.putLong(length, slot.getValue(), ByteOrder.LITTLE_ENDIAN);
                buffer.putByte(length + Long.BYTES, (byte)name.length);
                buffer.putBytes(length + Long.BYTES + 1, name);
                length += Long.BYTES + 1 + name.length;
            }
        }
        final byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return bytes;
    }
}
