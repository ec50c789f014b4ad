package io.plimsoll.transport.http;

/** A request had no good answer; the message is one that a user can act on. See the subclasses for why. */
public abstract class ApiException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    ApiException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
