package io.plimsoll.journal;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Tells a full disk from other failures: the one goes away when space is made. */
final class IoFailure
{
    private IoFailure()
    {
    }

    static boolean isFull(final IOException ex)
    {
        final String message = ex.getMessage();
        return null != message &&
            (message.contains("No space left on device") || message.contains("Disk quota exceeded"));
    }

    static RuntimeException of(final String what, final IOException ex)
    {
        return isFull(ex) ?
            new JournalFullException("no space left: " + what, ex) : new UncheckedIOException(what, ex);
    }
}
