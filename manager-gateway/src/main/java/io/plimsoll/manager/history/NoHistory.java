package io.plimsoll.manager.history;

import io.plimsoll.manager.database.DatabaseUnavailableException;
import io.plimsoll.manager.view.SessionHistory;
import io.plimsoll.manager.view.SessionView;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Of a manager that keeps none. */
final class NoHistory implements History
{
    private static <T> CompletableFuture<T> off()
    {
        return CompletableFuture.failedFuture(new DatabaseUnavailableException(
            "history-off", "this manager keeps no history (history: off, or database: none)", 0));
    }

    @Override
    public boolean isKept()
    {
        return false;
    }

    @Override
    public CompletableFuture<List<SessionView>> sessions(final PastQuery query)
    {
        return off();
    }

    @Override
    public CompletableFuture<SessionView> session(final long id, final Scope scope)
    {
        return off();
    }

    @Override
    public CompletableFuture<SessionHistory> steps(final long id, final Scope scope)
    {
        return off();
    }

    @Override
    public CompletableFuture<UsageReport> usage(final UsageQuery query)
    {
        return off();
    }

    @Override
    public HistoryStatus status()
    {
        return new HistoryStatus("off", 0, 0, 0, 0, "");
    }

    @Override
    public CompletableFuture<Void> rebuild(final boolean acceptLoss)
    {
        return off();
    }
}
