package io.plimsoll.loadtest.report;

/** A report that cannot be made of this journal or range; the message is one sentence for people. */
public final class ReportException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /** A sentence: what is wrong, and what would be right. */
    public ReportException(final String message)
    {
        super(message, null, false, false);
    }
}
