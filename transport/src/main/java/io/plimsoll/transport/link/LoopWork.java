package io.plimsoll.transport.link;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What other threads ask of one event loop, gathered: however many links have something to write, or wait for room in
 * the queue of what came in, the loop gets one task.
 */
final class LoopWork
{
    private static final long SWEEP_INTERVAL_MS = 500;

    private final EventLoop eventLoop;
    /**
     * The newest of the links that have something to write; each names the one before it. A link is in this list once
     * at most, so the list is bounded by the number of links, and nothing is allocated for it.
     */
    private final AtomicReference<Link> dirty = new AtomicReference<>();
    private final AtomicBoolean isWriteScheduled = new AtomicBoolean();
    private final AtomicBoolean isResumeScheduled = new AtomicBoolean();
    private final Runnable write = this::write;
    private final Runnable resume = this::resume;
    /** A stalled link delivers nothing, so it is in here once at most. */
    private final ArrayDeque<Link> stalled = new ArrayDeque<>();
    private final Set<Link> links = new HashSet<>();
    private final ScheduledFuture<?> sweep;
    private volatile boolean hasStalled;

    LoopWork(final EventLoop eventLoop)
    {
        this.eventLoop = eventLoop;
        this.sweep = eventLoop.scheduleAtFixedRate(
            this::sweep, SWEEP_INTERVAL_MS, SWEEP_INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    EventLoop eventLoop()
    {
        return eventLoop;
    }

    /** Any thread, for a link that is not in the list: see {@link Link#takeFromDirty}. */
    void addDirty(final Link link)
    {
        Link previous;
        do
        {
            previous = dirty.get();
            link.previousDirty(previous);
        }
        while (!dirty.compareAndSet(previous, link));
    }

    /** Any thread. */
    void flush()
    {
        if (null != dirty.get() && isWriteScheduled.compareAndSet(false, true))
        {
            execute(write);
        }
    }

    /** Polling thread, once there is room again. */
    void resumeStalled()
    {
        if (hasStalled && isResumeScheduled.compareAndSet(false, true))
        {
            execute(resume);
        }
    }

    boolean hasStalled()
    {
        return hasStalled;
    }

    /** Any thread; a loop that has ended runs nothing, and there is nothing left to do then. */
    void execute(final Runnable task)
    {
        if (!eventLoop.isShuttingDown())
        {
            try
            {
                eventLoop.execute(task);
            }
            catch (final RejectedExecutionException ex)
            {
                // It shut down meanwhile; its channels have been closed and their buffers released.
                assert eventLoop.isShuttingDown();
            }
        }
    }

    void close()
    {
        sweep.cancel(false);
    }

    /** Event loop only, like all below. */
    void add(final Link link)
    {
        links.add(link);
    }

    void remove(final Link link)
    {
        links.remove(link);
    }

    void addStalled(final Link link)
    {
        stalled.addLast(link);
        hasStalled = true;
    }

    private void write()
    {
        isWriteScheduled.set(false);
        Link link = dirty.getAndSet(null);
        while (null != link)
        {
            final Link previous = link.takeFromDirty();
            link.writeQueued();
            link = previous;
        }
    }

    private void resume()
    {
        isResumeScheduled.set(false);
        for (int count = stalled.size(); count > 0; count--)
        {
            final Link link = stalled.pollFirst();
            if (!link.tryResume())
            {
                stalled.addLast(link);
            }
        }
        hasStalled = !stalled.isEmpty();
    }

    private void sweep()
    {
        final long nowNs = System.nanoTime();
        for (final Link link : links.toArray(new Link[0]))
        {
            link.checkTimeouts(nowNs);
        }
    }
}
