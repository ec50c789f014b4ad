package io.plimsoll.agent;

import java.io.IOException;

/** Another agent works on the data directory. The message is for people. */
public final class DirectoryInUseException extends IOException
{
    private static final long serialVersionUID = 1;

    DirectoryInUseException(final String message)
    {
        super(message);
    }
}
