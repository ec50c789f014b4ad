package io.plimsoll.loadtest.whatif;

/**
 * A place in a journal.
 *
 * @param sequence of a record; 0: {@code timestampNs} says where.
 * @param timestampNs epoch nanoseconds.
 */
public record JournalMoment(long sequence, long timestampNs)
{
    /** The last record that there is. */
    public static final JournalMoment END = new JournalMoment(Long.MAX_VALUE, 0);

    /** The record with a sequence; 0 is the first. */
    public static JournalMoment at(final long sequence)
    {
        return new JournalMoment(Math.max(1, sequence), 0);
    }

    /** A time. */
    public static JournalMoment atTime(final long timestampNs)
    {
        return new JournalMoment(0, timestampNs);
    }

    boolean isReachedBy(final long recordSequence, final long recordNs)
    {
        return 0 == sequence ? recordNs >= timestampNs : recordSequence >= sequence;
    }

    boolean isPassedBy(final long recordSequence, final long recordNs)
    {
        return 0 == sequence ? recordNs > timestampNs : recordSequence > sequence;
    }

    /** Where a stretch ends whose last record is of a time. */
    long endNs(final long recordNs)
    {
        return 0 == sequence ? Math.max(timestampNs, recordNs) : recordNs;
    }
}
