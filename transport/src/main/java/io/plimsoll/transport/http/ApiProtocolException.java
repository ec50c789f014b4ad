package io.plimsoll.transport.http;

/** What came back is not HTTP as we understand it, or broke off; whether the manager acted is not known. */
public final class ApiProtocolException extends ApiException
{
    private static final long serialVersionUID = 1L;

    ApiProtocolException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
