package io.plimsoll.journal;

import java.util.List;

/** Walks over every good excerpt of segments, whatever stands between them. For one thread. */
final class GoodExcerpts
{
    private static final int DOCUMENT_HEADER_LENGTH = Integer.BYTES;

    /** Is shown them. */
    @FunctionalInterface
    interface Visitor
    {
        /** An excerpt, valid during the call, with the reader that stands at it. */
        void onExcerpt(ExcerptFlyweight excerpt, LogReader reader);
    }

    private final JournalStorage storage;
    private final List<String> faults;
    private final ExcerptFlyweight excerpt = new ExcerptFlyweight();
    private long lastSequence;
    private int lastCrc;

    /**
     * Of a journal.
     *
     * @param storage of it.
     * @param faults  takes what stands between good excerpts, for people.
     */
    GoodExcerpts(final JournalStorage storage, final List<String> faults)
    {
        this.storage = storage;
        this.faults = faults;
    }

    /**
     * Walks over a segment.
     *
     * @param segment name of it.
     * @param end     sequence behind which nothing in it counts.
     * @param visitor sees its good excerpts.
     */
    void walk(final String segment, final long end, final Visitor visitor)
    {
        try (LogReader reader = storage.open(segment))
        {
            while (tryNext(segment, reader) && excerpt.record().sequence() <= end)
            {
                lastSequence = excerpt.record().sequence();
                lastCrc = excerpt.crc();
                visitor.onExcerpt(excerpt, reader);
                if (lastSequence == end)
                {
                    return;
                }
            }
        }
        catch (final JournalException ex)
        {
            faults.add(ex.getMessage());
        }
    }

    private boolean tryNext(final String segment, final LogReader reader)
    {
        final long good = reader.endPosition();
        String fault = null;
        if (reader.next())
        {
            fault = excerpt.wrap(reader.buffer(), reader.offset()).findFault(reader.length());
            if (null == fault)
            {
                return true;
            }
        }
        reader.seek(good);
        final boolean remains = null != fault || reader.hasRemains();
        final long beyond = reader.findBeyond(lastSequence + 1, lastCrc);
        if (remains || beyond >= 0)
        {
            faults.add("segment " + segment + ", position " + good + ", behind sequence " + lastSequence + ": " +
                (null == fault ? "unreadable" : fault) +
                (beyond < 0 ? ", and nothing good behind it" : ", up to position " + beyond));
        }
        if (beyond >= 0)
        {
            // By its own frame: what the storage says of it may be what is damaged.
            reader.seekExcerpt(beyond);
            excerpt.wrap(reader.buffer(), (int)beyond + DOCUMENT_HEADER_LENGTH);
        }
        return beyond >= 0;
    }
}
