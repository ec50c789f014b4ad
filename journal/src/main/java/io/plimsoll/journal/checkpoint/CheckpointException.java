package io.plimsoll.journal.checkpoint;

/** A checkpoint, key or proof that cannot be understood or is not what was signed; the message says which and why. */
public final class CheckpointException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final boolean isDamage;

    public CheckpointException(final String message)
    {
        this(message, null);
    }

    public CheckpointException(final String message, final Throwable cause)
    {
        this(message, cause, false);
    }

    private CheckpointException(final String message, final Throwable cause, final boolean isDamage)
    {
        super(message, cause);
        this.isDamage = isDamage;
    }

    /** What was signed is there, and not as it was signed. */
    public static CheckpointException damage(final String message, final Throwable cause)
    {
        return new CheckpointException(message, cause, true);
    }

    /** Whether something is not as it was signed; otherwise it cannot be read, or is something else. */
    public boolean isDamage()
    {
        return isDamage;
    }
}
