package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Reads records in order, from any sequence, also of a journal that is being written, without disturbing the writer.
 * For one thread.
 */
public final class JournalCursor implements AutoCloseable
{
    private final JournalStorage storage;
    private final Supplier<List<SegmentEntry>> segments;
    private final SequenceIndex index;
    private final LongSupplier limit;
    private final SequenceIndex passed;
    private final long[] found = new long[2];
    private final ExcerptFlyweight excerpt = new ExcerptFlyweight();
    private long nextSequence = 1;
    private SegmentEntry entry;
    private LogReader reader;
    private String fault;

    JournalCursor(
        final JournalStorage storage,
        final Supplier<List<SegmentEntry>> segments,
        final SequenceIndex index,
        final LongSupplier limit)
    {
        this(storage, segments, index, limit, null);
    }

    /** One that adds what it passes to an index, null: to none. */
    JournalCursor(
        final JournalStorage storage,
        final Supplier<List<SegmentEntry>> segments,
        final SequenceIndex index,
        final LongSupplier limit,
        final SequenceIndex passed)
    {
        this.passed = passed;
        this.storage = storage;
        this.segments = segments;
        this.index = index;
        this.limit = limit;
    }

    /** Oldest sequence that is kept. */
    public long oldestSequence()
    {
        final List<SegmentEntry> entries = segments.get();
        return entries.isEmpty() ? 1 : entries.get(0).firstSequence();
    }

    /**
     * Makes that sequence the next.
     *
     * @throws JournalPrunedException if it is no longer kept; {@link #next} may find that later, too.
     */
    public void seek(final long sequence)
    {
        if (sequence < 1)
        {
            throw new IllegalArgumentException("sequence=" + sequence + " is below 1");
        }
        if (sequence < oldestSequence())
        {
            throw new JournalPrunedException(sequence, oldestSequence());
        }
        closeReader();
        nextSequence = sequence;
    }

    /** Crc of the excerpt of the record that was read last. */
    int crc()
    {
        return excerpt.crc();
    }

    /** Segment of the record that was read last. */
    SegmentEntry segment()
    {
        return entry;
    }

    /** Length of the excerpt of the record that was read last; it begins before the record. */
    int excerptLength()
    {
        return excerpt.length();
    }

    /** Sequence that {@link #next} will read. */
    public long nextSequence()
    {
        return nextSequence;
    }

    /**
     * Goes to the next record.
     *
     * @param record to wrap; valid until the next call.
     * @return false if there is none yet, or it is not released yet.
     */
    public boolean next(final RecordFlyweight record)
    {
        while (nextSequence <= limit.getAsLong() && isSegmentOpen())
        {
            fault = null;
            if (tryRead(record))
            {
                return true;
            }
            // The end of what this segment holds, as far as was known when it was opened.
            final SegmentEntry current = entryOf(nextSequence);
            if (null == current || current.name().equals(entry.name()))
            {
                if (null != fault)
                {
                    throw new JournalDamagedException(entry.name(), reader.position(), -1, nextSequence, fault);
                }
                return false;
            }
            closeReader();
        }
        return false;
    }

    /**
     * Shows somebody the record that was read last.
     *
     * @param record   of it.
     * @param consumer to show it to.
     * @throws JournalDamagedException if it breaks its reader; names the place.
     */
    public void show(final RecordFlyweight record, final Consumer<RecordFlyweight> consumer)
    {
        try
        {
            consumer.accept(record);
        }
        catch (final IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException |
            NullPointerException | NegativeArraySizeException | ArithmeticException ex)
        {
            final long sequence = nextSequence - 1;
            throw new JournalDamagedException(
                entry.name(), reader.position(), sequence - entry.firstSequence(), sequence, ex);
        }
    }

    @Override
    public void close()
    {
        closeReader();
    }

    private boolean tryRead(final RecordFlyweight record)
    {
        while (reader.next())
        {
            fault = excerpt.wrap(reader.buffer(), reader.offset()).findFault(reader.length());
            if (null != fault)
            {
                return false;
            }
            final long sequence = excerpt.record().sequence();
            if (sequence == nextSequence)
            {
                record.wrap(reader.buffer(), reader.offset() + ExcerptFlyweight.RECORD_OFFSET);
                if (null != passed)
                {
                    passed.onRecord(sequence, reader.position());
                }
                nextSequence++;
                return true;
            }
            if (sequence > nextSequence)
            {
                fault = "records missing";
                return false;
            }
        }
        return false;
    }

    private boolean isSegmentOpen()
    {
        if (null != reader && entry.closed() && nextSequence > entry.lastSequence())
        {
            closeReader();
        }
        if (null == reader)
        {
            entry = entryOf(nextSequence);
            if (null == entry && nextSequence < oldestSequence())
            {
                throw new JournalPrunedException(nextSequence, oldestSequence());
            }
            if (null == entry || entry.closed() && nextSequence > entry.lastSequence())
            {
                return false;
            }
            reader = storage.open(entry.name());
            if (index.find(nextSequence, entry.firstSequence(), found))
            {
                reader.seek(found[1]);
            }
        }
        return true;
    }

    private SegmentEntry entryOf(final long sequence)
    {
        SegmentEntry result = null;
        for (final SegmentEntry candidate : segments.get())
        {
            if (candidate.firstSequence() <= sequence)
            {
                result = candidate;
            }
        }
        return result;
    }

    private void closeReader()
    {
        if (null != reader)
        {
            reader.close();
            reader = null;
        }
    }
}
