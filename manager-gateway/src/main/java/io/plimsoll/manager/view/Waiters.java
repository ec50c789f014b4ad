package io.plimsoll.manager.view;

import io.plimsoll.manager.control.OverloadedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Who waits for the end of which session. Readers add, egress completes, both may remove. */
final class Waiters
{
    private final Map<Long, List<CompletableFuture<SessionView>>> futuresById = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final int countMax;

    Waiters(final int countMax)
    {
        this.countMax = countMax;
    }

    CompletableFuture<SessionView> add(final long id)
    {
        if (count.incrementAndGet() > countMax)
        {
            count.decrementAndGet();
            return CompletableFuture.failedFuture(new OverloadedException("too-many-waiters", 1));
        }
        final CompletableFuture<SessionView> future = new CompletableFuture<>();
        futuresById.compute(
            id,
            (key, futures) ->
            {
                final List<CompletableFuture<SessionView>> list = null == futures ? new ArrayList<>(1) : futures;
                list.add(future);
                return list;
            });
        // Whoever completes or cancels it, it leaves the table; the count falls exactly once.
        future.whenComplete((view, error) -> remove(id, future));
        return future;
    }

    private void remove(final long id, final CompletableFuture<SessionView> future)
    {
        count.decrementAndGet();
        futuresById.computeIfPresent(
            id,
            (key, futures) ->
            {
                futures.remove(future);
                return futures.isEmpty() ? null : futures;
            });
    }

    boolean isEmpty()
    {
        return 0 == count.get();
    }

    boolean waitsFor(final long id)
    {
        return futuresById.containsKey(id);
    }

    void complete(final long id, final SessionView view)
    {
        final List<CompletableFuture<SessionView>> futures = futuresById.remove(id);
        if (null != futures)
        {
            for (final CompletableFuture<SessionView> future : List.copyOf(futures))
            {
                future.complete(view);
            }
        }
    }

    int count()
    {
        return count.get();
    }
}
