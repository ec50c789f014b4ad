package io.plimsoll.core;

import io.plimsoll.core.sbe.ConstraintKind;
import java.nio.charset.StandardCharsets;
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

    /** Comes and goes while an agent runs, so that no condition on it says what can never be. */
    private static final byte[] DEGRADED = "degraded".getBytes(StandardCharsets.US_ASCII);
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

    /* Reading, from where a constraint starts. */

    static int kind(final DirectBuffer text, final int start)
    {
        return text.getByte(start);
    }

    static int keyStart(final int start)
    {
        return start + Byte.BYTES + Short.BYTES;
    }

    static int keyLength(final DirectBuffer text, final int start)
    {
        return text.getShort(start + Byte.BYTES);
    }

    static int valuesStart(final DirectBuffer text, final int start)
    {
        return keyStart(start) + keyLength(text, start) + Short.BYTES;
    }

    /** Where the next constraint starts. */
    static int end(final DirectBuffer text, final int start)
    {
        final int valuesStart = valuesStart(text, start);
        return valuesStart + text.getShort(valuesStart - Short.BYTES);
    }

    /** Whether a constraint says which agents are better, or speaks of what runs where. */
    static boolean isRanked(final int kind)
    {
        return kind >= ConstraintKind.AGENT_PREFERRED.value();
    }

    /** Whether a constraint names a group of sessions. */
    static boolean isOfGroup(final int kind)
    {
        return kind >= ConstraintKind.SPREAD_STRICT.value();
    }

    /** Whether a constraint names a group of sessions that none before it does. */
    static boolean isFirstOfGroup(final DirectBuffer text, final int start)
    {
        if (!isOfGroup(kind(text, start)))
        {
            return false;
        }
        for (int at = 0; at < start; at = end(text, at))
        {
            if (isOfGroup(kind(text, at)) && hasSameKey(text, at, start))
            {
                return false;
            }
        }
        return true;
    }

    private static boolean hasSameKey(final DirectBuffer text, final int left, final int right)
    {
        boolean same = keyLength(text, left) == keyLength(text, right);
        for (int i = 0; same && i < keyLength(text, left); i++)
        {
            same = text.getByte(keyStart(left) + i) == text.getByte(keyStart(right) + i);
        }
        return same;
    }

    /** Whether a constraint speaks of the label with which agents say what they lack for the moment. */
    static boolean passes(final DirectBuffer text, final int start)
    {
        final int kind = kind(text, start);
        boolean same = kind >= ConstraintKind.LABEL_IN.value() && kind <= ConstraintKind.LABEL_ABSENT.value() &&
            keyLength(text, start) == DEGRADED.length;
        for (int i = 0; same && i < DEGRADED.length; i++)
        {
            same = DEGRADED[i] == text.getByte(keyStart(start) + i);
        }
        return same;
    }

    /** Whether the key of a constraint is that of models of devices. */
    static boolean isModel(final DirectBuffer text, final int start)
    {
        final int end = keyStart(start) + keyLength(text, start);
        boolean model = ConstraintKind.LABEL_IN.value() == kind(text, start) &&
            keyLength(text, start) > SlotTable.MODEL_SUFFIX.length;
        for (int i = 1; model && i <= SlotTable.MODEL_SUFFIX.length; i++)
        {
            model = text.getByte(end - i) == SlotTable.MODEL_SUFFIX[SlotTable.MODEL_SUFFIX.length - i];
        }
        return model;
    }
}
