package io.plimsoll.transport.http;

/** Nobody listens there, or not with TLS that can be trusted. The request was not sent. */
public final class CannotConnectException extends ApiException
{
    private static final long serialVersionUID = 1L;

    CannotConnectException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
