package io.plimsoll.core;

import io.plimsoll.core.sbe.ConstraintKind;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The constraints of a session as one text, equal for equal constraints in equal order: for each its kind (1 byte), the
 * length of its key (2 bytes), the key, the length of its values (2 bytes) and the values, separated by {@code |}.
 */
final class ConstraintText
{
    /** Most bytes that the constraints of one session may take. */
    static final int LENGTH_MAX = 4096;

    private static final int HEADER_LENGTH = Byte.BYTES + 2 * Short.BYTES;

    private ConstraintText()
    {
    }

    /** Appends a constraint; returns the new length, or -1 when it makes no sense or is too long. */
    static int append(
        final MutableDirectBuffer target,
        final int length,
        final short kind,
        final DirectBuffer key,
        final DirectBuffer values)
    {
        final int end = length + HEADER_LENGTH + key.capacity() + values.capacity();
        if (kind > ConstraintKind.PACK_PREFERRED.value() || end > LENGTH_MAX || !makesSense(kind, key, values))
        {
            return -1;
        }
        target.putByte(length, (byte)kind);
        target.putShort(length + Byte.BYTES, (short)key.capacity());
        int position = length + Byte.BYTES + Short.BYTES;
        target.putBytes(position, key, 0, key.capacity());
        position += key.capacity();
        target.putShort(position, (short)values.capacity());
        target.putBytes(position + Short.BYTES, values, 0, values.capacity());
        return end;
    }

    private static boolean makesSense(final short kind, final DirectBuffer key, final DirectBuffer values)
    {
        return switch (ConstraintKind.get(kind))
        {
            case ARCH_IN, AGENT_STRICT, AGENT_PREFERRED -> values.capacity() > 0;
            case LABEL_IN, LABEL_NOT_IN -> key.capacity() > 0 && values.capacity() > 0;
            default -> key.capacity() > 0;
        };
    }
}
