package io.plimsoll.journal;

/** The journal cannot go on. */
public class JournalException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /** What happened. */
    public JournalException(final String message)
    {
        super(message);
    }

    /** What happened, and why. */
    public JournalException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
