package io.plimsoll.manager.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.plimsoll.manager.view.EventFeed;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells those who wait for a session to start that something has happened to it, from one subscription that all share
 * and that exists only while somebody waits. It is a hint: a waiter looks at the view, and looks again now and then by
 * itself. Any thread.
 */
final class ViewWatch
{
    private static final long LOOK_INTERVAL_MS = 200;
    private static final String SESSION_ID = "\"sessionId\":";

    private final EventFeed feed;
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private EventFeed.Subscription subscription;

    ViewWatch(final EventFeed feed)
    {
        this.feed = feed;
    }

    /** Calls a look on its event loop whenever the session may have changed, until the waiter is closed. */
    Waiter await(final long sessionId, final EventLoop loop, final Runnable look)
    {
        final Waiter waiter = new Waiter(sessionId, loop, look);
        waiters.add(waiter);
        subscribe();
        waiter.start();
        return waiter;
    }

    private synchronized void subscribe()
    {
        if (null == subscription)
        {
            subscription = feed.subscribe(-1, this::onEvent, this::onGone);
            subscription.request(Long.MAX_VALUE);
        }
    }

    private void remove(final Waiter waiter)
    {
        waiters.remove(waiter);
        synchronized (this)
        {
            if (waiters.isEmpty() && null != subscription)
            {
                subscription.close();
                subscription = null;
            }
        }
    }

    private void onEvent(final EventFeed.FeedEvent event)
    {
        final long sessionId = sessionId(event.json());
        for (final Waiter waiter : waiters)
        {
            if (0 == sessionId || waiter.sessionId == sessionId)
            {
                waiter.wake();
            }
        }
    }

    /** The waiters go on by looking now and then; the next one subscribes again. */
    private synchronized void onGone(final String reason)
    {
        subscription = null;
    }

    private static long sessionId(final String json)
    {
        final int start = json.indexOf(SESSION_ID);
        if (start < 0)
        {
            return 0;
        }
        int end = start + SESSION_ID.length();
        while (end < json.length() && Character.isDigit(json.charAt(end)))
        {
            end++;
        }
        return IdRanges.id(json.substring(start + SESSION_ID.length(), end));
    }

    /** Somebody who waits. Closed on its event loop. */
    final class Waiter
    {
        private final long sessionId;
        private final EventLoop loop;
        private final Runnable look;
        private final AtomicBoolean isAwake = new AtomicBoolean();
        private Future<?> timer;
        private boolean closed;

        private Waiter(final long sessionId, final EventLoop loop, final Runnable look)
        {
            this.sessionId = sessionId;
            this.loop = loop;
            this.look = look;
        }

        private void start()
        {
            timer = loop.scheduleWithFixedDelay(this::wake, 0, LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS);
        }

        private void wake()
        {
            if (isAwake.compareAndSet(false, true))
            {
                loop.execute(() ->
                {
                    isAwake.set(false);
                    if (!closed)
                    {
                        look.run();
                    }
                });
            }
        }

        /** Event loop only; idempotent. */
        void close()
        {
            if (!closed)
            {
                closed = true;
                timer.cancel(false);
                remove(this);
            }
        }
    }
}
