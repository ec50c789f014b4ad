package io.plimsoll.journal.checkpoint;

/** A checkpoint, key or proof that cannot be understood or is not what was signed; the message says which and why. */
public final class CheckpointException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    public CheckpointException(final String message)
    {
        super(message);
    }

    public CheckpointException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
