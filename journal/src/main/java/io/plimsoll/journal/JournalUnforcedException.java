package io.plimsoll.journal;

/**
 * The disk would not force records that may have been promised. What it forgot of them it will not write when it is
 * asked again, so nothing may be written behind them: the process ends, and the next start writes them once more.
 */
public final class JournalUnforcedException extends JournalException
{
    private static final long serialVersionUID = 1L;

    /** What could not be forced, as the system said it. */
    public JournalUnforcedException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
