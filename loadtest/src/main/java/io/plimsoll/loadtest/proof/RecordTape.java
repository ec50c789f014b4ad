package io.plimsoll.loadtest.proof;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Records of a journal in memory, in order of sequence. One thread writes; then any may read. */
public final class RecordTape
{
    private final List<UnsafeBuffer> records = new ArrayList<>();

    /**
     * Appends a copy.
     *
     * @param record the one after the last.
     */
    public void append(final RecordFlyweight record)
    {
        final byte[] bytes = new byte[record.length()];
        record.buffer().getBytes(record.offset(), bytes);
        records.add(new UnsafeBuffer(bytes));
    }

    public int size()
    {
        return records.size();
    }

    /**
     * Forgets the end.
     *
     * @param size to keep.
     */
    public void truncate(final int size)
    {
        records.subList(size, records.size()).clear();
    }

    /** Over every byte of every record. */
    public long hash()
    {
        long hash = 0xcbf29ce484222325L;
        for (final UnsafeBuffer record : records)
        {
            for (int i = 0; i < record.capacity(); i++)
            {
                hash = (hash ^ record.getByte(i)) * 0x100000001b3L;
            }
        }
        return hash;
    }

    /**
     * Looks at a record.
     *
     * @param index  from 0.
     * @param record flyweight to wrap.
     * @return the flyweight.
     */
    public RecordFlyweight wrap(final int index, final RecordFlyweight record)
    {
        return record.wrap(records.get(index), 0);
    }

    /**
     * Which command a record holds.
     *
     * @param index from 0.
     * @return SBE template id.
     */
    public int templateId(final int index)
    {
        return templateId(records.get(index), RecordFlyweight.COMMAND_OFFSET);
    }

    /**
     * Events of all records.
     *
     * @return their number.
     */
    public long countEvents()
    {
        final long[] count = new long[1];
        final RecordFlyweight record = new RecordFlyweight();
        for (int i = 0; i < size(); i++)
        {
            wrap(i, record).forEachEvent((buffer, offset, length) -> count[0]++);
        }
        return count[0];
    }

    static int templateId(final DirectBuffer buffer, final int offset)
    {
        return buffer.getShort(
            offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
