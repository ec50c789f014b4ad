package io.plimsoll.manager;

/** Another manager holds the data directory; the message names it. */
public final class DataDirectoryInUseException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    DataDirectoryInUseException(final String message)
    {
        super(message);
    }
}
