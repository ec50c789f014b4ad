package io.plimsoll.core.policy;

/** A policy of somebody's own cannot be used: its jar is wrong, or its name. The message says which, and why. */
public final class PolicyLoadException extends RuntimeException
{
    private static final long serialVersionUID = 1;

    PolicyLoadException(final String message)
    {
        super(message);
    }

    PolicyLoadException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
