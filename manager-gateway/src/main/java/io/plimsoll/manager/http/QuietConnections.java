package io.plimsoll.manager.http;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Connections that nothing is being done for. When there are too many, the one that has been quiet longest makes room
 * for the new one: first those that never sent a whole request, then those between two requests, so that whoever opens
 * many and says nothing keeps nobody out. Any thread.
 */
final class QuietConnections
{
    private final Set<Runnable> strangers = new LinkedHashSet<>();
    private final Set<Runnable> idle = new LinkedHashSet<>();

    /** A new one, which is known by what closes it. */
    synchronized void onOpened(final Runnable closer)
    {
        strangers.add(closer);
    }

    /** A request has begun on it. */
    synchronized void onRequest(final Runnable closer)
    {
        if (!strangers.remove(closer))
        {
            idle.remove(closer);
        }
    }

    /** All that it asked is answered. */
    synchronized void onAnswered(final Runnable closer)
    {
        idle.add(closer);
    }

    synchronized void onClosed(final Runnable closer)
    {
        onRequest(closer);
    }

    /** What closes the one that is to make room, which counts as closed from now on; null if none is quiet. */
    synchronized Runnable takeQuietest()
    {
        final Iterator<Runnable> next = strangers.isEmpty() ? idle.iterator() : strangers.iterator();
        if (!next.hasNext())
        {
            return null;
        }
        final Runnable closer = next.next();
        next.remove();
        return closer;
    }
}
