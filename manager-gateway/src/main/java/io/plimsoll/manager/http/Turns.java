package io.plimsoll.manager.http;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Does things with one session one after the other, each when the one before is done, so that what one of them looks at
 * is what the others have made. What has to do with different sessions goes on at the same time. Any thread.
 */
final class Turns
{
    private final Map<Long, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

    /**
     * Does something behind all that was asked for before.
     *
     * @param id       of the session.
     * @param executor on which it begins if it has to wait; at once and here otherwise.
     * @param action   what it is; ends, however it does, before the next one begins.
     * @param <T>      of its result.
     * @return its end.
     */
    <T> CompletableFuture<T> inTurn(
        final long id, final Executor executor, final Supplier<CompletableFuture<T>> action)
    {
        final CompletableFuture<Void> turn = new CompletableFuture<>();
        final CompletableFuture<Void> before = last.put(id, turn);
        final CompletableFuture<T> result = null == before ?
            CompletableFuture.<Void>completedFuture(null).thenCompose(nothing -> action.get()) :
            before.thenComposeAsync(nothing -> action.get(), executor);
        return result.whenComplete((value, error) ->
        {
            last.remove(id, turn);
            turn.complete(null);
        });
    }

    /** Sessions with which something is being done. */
    int size()
    {
        return last.size();
    }
}
