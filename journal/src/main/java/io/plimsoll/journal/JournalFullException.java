package io.plimsoll.journal;

/** The file system has no room for what must be stored. */
public final class JournalFullException extends JournalException
{
    private static final long serialVersionUID = 1L;

    /** What did not fit where. */
    public JournalFullException(final String message)
    {
        super(message);
    }

    /** What did not fit where, as the system said it. */
    public JournalFullException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
