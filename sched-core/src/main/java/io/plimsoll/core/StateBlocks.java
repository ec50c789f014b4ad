package io.plimsoll.core;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Moves the state out as blocks, or in: each part names what it consists of once, for both ways. What is a column of
 * the history or a link between its rows is a block; what follows from these is derived anew. A block that is not
 * there leaves what it stands for at its default, so that a release reads what the one before wrote.
 */
final class StateBlocks
{
    /* Parts, by numbers that are never used again. */
    static final int CORE = 1;
    static final int NAMES = 2;
    static final int SLOTS = 3;
    static final int GROUPS = 4;
    static final int AGENTS = 5;
    static final int MODELS = 6;
    static final int CONSTRAINTS = 7;
    static final int SHAPES = 8;
    static final int ACCOUNTS = 9;
    static final int USAGE = 10;
    static final int LABELS = 11;
    static final int MIXES = 12;
    static final int REQUESTS = 13;
    static final int SPECS = 14;
    static final int SESSIONS = 15;
    static final int KERNELS = 16;
    static final int EDGES = 17;
    static final int TARGETS = 18;
    static final int KEYS = 19;
    static final int TERMS = 20;
    static final int POISONED = 21;
    static final int CANCEL_TASKS = 22;
    static final int KILLING = 23;
    static final int ENDED = 24;
    static final int AWAITED = 25;
    static final int SHADOWS = 26;
    static final int RESERVATIONS = 32;
    /** How mixes are learned, and what they know of models. */
    static final int LEARNED = 33;

    private static final int PART_SHIFT = 16;
    /** Set for columns that are links. */
    private static final int LINK = 0x8000;
    /** Set for what is no column. */
    private static final int LIST = 0xC000;

    private final StateSink sink;
    private final StateSource source;
    private int found;

    private StateBlocks(final StateSink sink, final StateSource source)
    {
        if (ByteOrder.LITTLE_ENDIAN != ByteOrder.nativeOrder())
        {
            throw new UnsupportedOperationException("only little-endian machines write and read state");
        }
        this.sink = sink;
        this.source = source;
    }

    static StateBlocks writing(final StateSink sink)
    {
        return new StateBlocks(sink, null);
    }

    static StateBlocks reading(final StateSource source)
    {
        return new StateBlocks(null, source);
    }

    boolean isReading()
    {
        return null != source;
    }

    /** The first rows of a column, unless that is a cache. */
    void column(final int part, final Column column, final int rows)
    {
        final int blockId = idOf(part, column);
        if (0 == column.id)
        {
            return;
        }
        if (null != sink)
        {
            sink.onBlock(blockId, column.width(), rows, column.gather(rows), 0);
        }
        else if (isThere(blockId, column.width()))
        {
            if (rows != source.count(blockId))
            {
                throw damage(blockId, source.count(blockId) + " values, but " + rows + " rows");
            }
            final UnsafeBuffer values = column.target(rows);
            source.read(blockId, values, 0);
            column.scatter(values, rows);
        }
    }

    static int idOf(final int part, final Column column)
    {
        return part << PART_SHIFT | (column.id > 0 ? column.id : LINK | -column.id);
    }

    /** Columns that stand together, to be written. */
    void rows(final StateRows columns, final int rows, final DirectBuffer buffer)
    {
        sink.onRows(columns, rows, buffer);
    }

    /** A list of numbers: the one that was read, or the same if none was. */
    long[] longs(final int part, final int list, final long... values)
    {
        final int blockId = part << PART_SHIFT | LIST | list;
        if (null != sink)
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[values.length * Long.BYTES]);
            for (int i = 0; i < values.length; i++)
            {
                buffer.putLong(i * Long.BYTES, values[i]);
            }
            sink.onBlock(blockId, Long.BYTES, values.length, buffer, 0);
            return values;
        }
        if (!isThere(blockId, Long.BYTES))
        {
            return values;
        }
        final long[] read = new long[source.count(blockId)];
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[read.length * Long.BYTES]);
        source.read(blockId, buffer, 0);
        for (int i = 0; i < read.length; i++)
        {
            read[i] = buffer.getLong(i * Long.BYTES);
        }
        return read;
    }

    /** The same of a list that always has the same length. */
    long[] fixed(final int part, final int list, final long... values)
    {
        final long[] read = longs(part, list, values);
        if (read.length < values.length)
        {
            throw damage(part << PART_SHIFT | LIST | list, read.length + " values, not " + values.length);
        }
        return read;
    }

    /** Texts one after the other. */
    byte[] bytes(final int part, final int list, final DirectBuffer text, final int length)
    {
        final int blockId = part << PART_SHIFT | LIST | list;
        if (null != sink)
        {
            sink.onBlock(blockId, Byte.BYTES, length, text, 0);
            return null;
        }
        final byte[] read = new byte[isThere(blockId, Byte.BYTES) ? source.count(blockId) : 0];
        if (read.length > 0)
        {
            source.read(blockId, new UnsafeBuffer(read), 0);
        }
        return read;
    }

    /** Nothing that was written may be left out: it would mean something to the release that wrote it. */
    void checkAllRead()
    {
        if (null != source && found != source.blocks())
        {
            throw new StateFormatException("state of a later release: " + (source.blocks() - found) + " of its " +
                source.blocks() + " blocks are not known to this one");
        }
    }

    private boolean isThere(final int blockId, final int width)
    {
        final boolean there = StateSource.ABSENT != source.count(blockId);
        if (there)
        {
            found++;
            if (width != source.width(blockId))
            {
                throw damage(blockId, "width " + source.width(blockId) + ", not " + width);
            }
        }
        return there;
    }

    static StateFormatException damage(final int blockId, final String what)
    {
        return new StateFormatException("block " + Integer.toHexString(blockId) + ": " + what);
    }
}
