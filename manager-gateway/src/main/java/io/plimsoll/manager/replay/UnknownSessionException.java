package io.plimsoll.manager.replay;

/** A journal knows no session of an id. */
public final class UnknownSessionException extends ReplayException
{
    private static final long serialVersionUID = 1L;

    /** A sentence. */
    public UnknownSessionException(final String message)
    {
        super(message);
    }
}
