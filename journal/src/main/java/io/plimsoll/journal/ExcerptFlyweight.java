package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One excerpt of the journal: a record and what proves it. Little endian:
 * <pre>
 *   0  int32  crc          CRC32C of all that follows
 *   4  int32  magic        says what this is, and in which version
 *   8  int64  committed    highest sequence that was committed when this was written
 *  16  int32  length       of the whole excerpt
 *  20  int32  previousCrc  crc of the excerpt before, in this or the previous segment
 *  24  record              see {@link RecordFlyweight}
 * </pre>
 * As the previous crc is covered too, each crc vouches for everything before it; as it is stored, an excerpt can also
 * be checked alone, which finds the good ones behind a damaged one.
 */
final class ExcerptFlyweight
{
    static final int CRC_OFFSET = 0;
    static final int MAGIC_OFFSET = 4;
    static final int COMMITTED_OFFSET = 8;
    static final int LENGTH_OFFSET = 16;
    static final int PREVIOUS_CRC_OFFSET = 20;
    static final int RECORD_OFFSET = 24;
    /** Reads "PLM1" in a dump. */
    static final int MAGIC = 0x314D_4C50;
    /** Length of an excerpt whose command is empty: no excerpt is shorter. */
    static final int LENGTH_MIN = RECORD_OFFSET + RecordFlyweight.COMMAND_OFFSET;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final CRC32C crc32c = new CRC32C();
    private final RecordFlyweight record = new RecordFlyweight();
    private DirectBuffer buffer;
    private int offset;

    /** Looks at what may be an excerpt. */
    ExcerptFlyweight wrap(final DirectBuffer excerptBuffer, final int excerptOffset)
    {
        buffer = excerptBuffer;
        offset = excerptOffset;
        record.wrap(excerptBuffer, excerptOffset + RECORD_OFFSET);
        return this;
    }

    /**
     * Writes an excerpt to the beginning of a direct buffer.
     *
     * @return its length.
     */
    int encode(
        final UnsafeBuffer target, final RecordFlyweight source, final long committed, final int previousCrc)
    {
        final int recordLength = source.length();
        final int length = RECORD_OFFSET + recordLength;
        target.putInt(MAGIC_OFFSET, MAGIC, ORDER);
        target.putLong(COMMITTED_OFFSET, committed, ORDER);
        target.putInt(LENGTH_OFFSET, length, ORDER);
        target.putInt(PREVIOUS_CRC_OFFSET, previousCrc, ORDER);
        target.putBytes(RECORD_OFFSET, source.buffer(), source.offset(), recordLength);
        target.putInt(CRC_OFFSET, computeCrc(target, 0, length), ORDER);
        wrap(target, 0);
        return length;
    }

    int crc()
    {
        return buffer.getInt(offset + CRC_OFFSET, ORDER);
    }

    int previousCrc()
    {
        return buffer.getInt(offset + PREVIOUS_CRC_OFFSET, ORDER);
    }

    long committed()
    {
        return buffer.getLong(offset + COMMITTED_OFFSET, ORDER);
    }

    RecordFlyweight record()
    {
        return record;
    }

    /**
     * Whether this is an excerpt of ours, whole and unchanged, whatever stood before it.
     *
     * @param available bytes from the offset on.
     * @return null if it is, else what is wrong.
     */
    String findFault(final int available)
    {
        if (available < LENGTH_MIN)
        {
            return "excerpt too short";
        }
        if (MAGIC != buffer.getInt(offset + MAGIC_OFFSET, ORDER))
        {
            return "no excerpt of this journal";
        }
        final int length = buffer.getInt(offset + LENGTH_OFFSET, ORDER);
        if (length < LENGTH_MIN || length > available)
        {
            return "wrong length of excerpt";
        }
        if (computeCrc(buffer, offset, length) != crc())
        {
            return "wrong checksum";
        }
        return record.isWhole(length - RECORD_OFFSET) ? null : "lengths that contradict each other";
    }

    int length()
    {
        return buffer.getInt(offset + LENGTH_OFFSET, ORDER);
    }

    private int computeCrc(final DirectBuffer bytes, final int start, final int length)
    {
        crc32c.reset();
        final ByteBuffer byteBuffer = bytes.byteBuffer();
        if (null != byteBuffer)
        {
            final int adjusted = start + bytes.wrapAdjustment();
            byteBuffer.limit(adjusted + length).position(adjusted + MAGIC_OFFSET);
            crc32c.update(byteBuffer);
            byteBuffer.clear();
        }
        else
        {
            crc32c.update(bytes.byteArray(), start + bytes.wrapAdjustment() + MAGIC_OFFSET, length - MAGIC_OFFSET);
        }
        return (int)crc32c.getValue();
    }
}
