package io.plimsoll.transport.uplink;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.ErrorHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a media driver or client complains about, and logs each kind of complaint once. Any thread. */
final class DriverErrors implements ErrorHandler
{
    private static final Logger LOG = LoggerFactory.getLogger(DriverErrors.class);
    private static final int KINDS_MAX = 64;

    private final AtomicLong count = new AtomicLong();
    private final List<String> kinds = new ArrayList<>();

    @Override
    public void onError(final Throwable error)
    {
        count.incrementAndGet();
        final String kind = error.toString();
        final boolean isNew;
        synchronized (kinds)
        {
            isNew = kinds.size() < KINDS_MAX && !kinds.contains(kind);
            if (isNew)
            {
                kinds.add(kind);
            }
        }
        if (isNew)
        {
            LOG.warn("Media driver: {} (further ones like this are only counted)", kind, error);
        }
    }

    long count()
    {
        return count.get();
    }

    List<String> kinds()
    {
        synchronized (kinds)
        {
            return List.copyOf(kinds);
        }
    }
}
