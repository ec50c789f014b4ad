package io.plimsoll.loadtest.live;

/** The load test cannot go on; the message is for people. */
public final class LoadException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /** Whose fault it is. */
    public enum Kind
    {
        /** What was asked for cannot be. */
        USAGE,
        /** Nobody answers. */
        UNREACHABLE,
        /** The manager refuses. */
        REFUSED,
        /** This machine has not got what it takes. */
        SHORT
    }

    private final Kind kind;

    /**
     * What went wrong.
     *
     * @param kind    of trouble.
     * @param message one sentence.
     */
    public LoadException(final Kind kind, final String message)
    {
        super(message);
        this.kind = kind;
    }

    public Kind kind()
    {
        return kind;
    }
}
