package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;

/** Walks through one segment and believes nothing: each excerpt must be whole, and follow from the one before. */
final class SegmentScanner implements AutoCloseable
{
    private final String segment;
    private final LogReader reader;
    private final ExcerptFlyweight excerpt = new ExcerptFlyweight();
    private long nextSequence;
    private int lastCrc;
    private long lastTimestampNs = Long.MIN_VALUE;
    private long committed;
    private long index;
    private long goodEnd;
    private String fault;

    SegmentScanner(final SegmentEntry entry, final LogReader reader)
    {
        this.segment = entry.name();
        this.reader = reader;
        nextSequence = entry.firstSequence();
        lastCrc = entry.previousCrc();
        goodEnd = reader.endPosition();
    }

    /**
     * Goes to the next excerpt.
     *
     * @return false at the end of what can be read: {@link #settleTail()} or {@link #damage} say what that means.
     */
    boolean next()
    {
        if (!reader.next())
        {
            return false;
        }
        fault = findFault();
        if (null != fault)
        {
            return false;
        }
        final RecordFlyweight record = excerpt.record();
        nextSequence = record.sequence() + 1;
        lastTimestampNs = record.timestampNs();
        lastCrc = excerpt.crc();
        committed = excerpt.committed();
        goodEnd = reader.endPosition();
        index++;
        return true;
    }

    RecordFlyweight record()
    {
        return excerpt.record();
    }

    /** Length of the current excerpt, which begins before its record. */
    int excerptLength()
    {
        return excerpt.length();
    }

    /** What is wrong with what stands behind the last good excerpt; null: nothing stands there. */
    String fault()
    {
        return fault;
    }

    long nextSequence()
    {
        return nextSequence;
    }

    int lastCrc()
    {
        return lastCrc;
    }

    /**
     * Up to which sequence records are on the disk for sure: a later one calls them committed, and commits of this
     * segment were forced.
     */
    long forced()
    {
        return Math.min(committed, reader.forcedSequence());
    }

    /** Where the current excerpt begins. */
    long position()
    {
        return reader.position();
    }

    /** Behind the last good excerpt. */
    long goodEnd()
    {
        return goodEnd;
    }

    /**
     * Decides what it means that an open segment ends here.
     *
     * @return null if nothing follows; else what was found that may be cut off, because nobody was promised it.
     * @throws JournalDamagedException if something promised is missing, or good records follow.
     */
    String settleTail()
    {
        reader.seek(goodEnd);
        final boolean more = null != fault || !reader.next() && reader.hasRemains();
        final long promised = Math.max(committed, reader.markedSequence());
        reader.seek(goodEnd);
        if (nextSequence <= promised)
        {
            throw damage("a record that was committed (up to " + promised + ") is missing or unreadable");
        }
        final long beyond = reader.findBeyond(nextSequence, lastCrc);
        if (beyond >= 0)
        {
            throw damage("unreadable, but followed by a good record at position " + beyond);
        }
        return more ? null == fault ? "unfinished record" : fault : null;
    }

    JournalDamagedException damage(final String what)
    {
        return new JournalDamagedException(
            segment, goodEnd, index, nextSequence, null == fault ? what : what + " (" + fault + ")");
    }

    /** Somebody was shown the current record and failed. */
    JournalDamagedException unusable(final RuntimeException cause)
    {
        return new JournalDamagedException(segment, reader.position(), index - 1, nextSequence - 1, cause);
    }

    @Override
    public void close()
    {
        reader.close();
    }

    private String findFault()
    {
        final String frameFault = excerpt.wrap(reader.buffer(), reader.offset()).findFault(reader.length());
        if (null != frameFault)
        {
            return frameFault;
        }
        final RecordFlyweight record = excerpt.record();
        if (excerpt.length() != reader.length())
        {
            return "wrong length of the stored document";
        }
        if (record.sequence() != nextSequence)
        {
            return "found sequence " + record.sequence();
        }
        if (excerpt.previousCrc() != lastCrc)
        {
            return "not chained to the record before";
        }
        if (record.timestampNs() < lastTimestampNs || excerpt.committed() < committed ||
            excerpt.committed() >= record.sequence())
        {
            return "time or commits run backwards";
        }
        return null;
    }
}
