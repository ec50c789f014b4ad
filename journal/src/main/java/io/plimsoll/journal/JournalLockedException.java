package io.plimsoll.journal;

/** Another process writes this journal. */
public final class JournalLockedException extends JournalException
{
    private static final long serialVersionUID = 1L;

    /** Which directory, and who. */
    public JournalLockedException(final String message)
    {
        super(message);
    }
}
