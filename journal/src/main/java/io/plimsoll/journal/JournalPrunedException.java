package io.plimsoll.journal;

/** A record that was asked for is no longer kept. */
public final class JournalPrunedException extends JournalException
{
    private static final long serialVersionUID = 1L;

    private final long oldestSequence;

    JournalPrunedException(final long sequence, final long oldestSequence)
    {
        super("sequence " + sequence + " is no longer kept; the oldest kept is " + oldestSequence);
        this.oldestSequence = oldestSequence;
    }

    /** Oldest sequence that is kept. */
    public long oldestSequence()
    {
        return oldestSequence;
    }
}
