package io.plimsoll.manager.history;

/** History cannot go on as it is; the message is for people. Without a stack trace: it is no mistake of the program. */
public class HistoryException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    HistoryException(final String message)
    {
        super(message, null, false, false);
    }
}
