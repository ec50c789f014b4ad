package io.plimsoll.transport.http;

/** The manager took the connection and did not answer in time; whether it acted on the request is not known. */
public final class ApiTimeoutException extends ApiException
{
    private static final long serialVersionUID = 1L;

    ApiTimeoutException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
