package io.plimsoll.manager.replay;

/** What was asked of a replay is not in its journal, or is not understood; the message is one sentence for people. */
public class ReplayException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /** A sentence: what is wrong, and what would be right. */
    public ReplayException(final String message)
    {
        super(message, null, false, false);
    }
}
