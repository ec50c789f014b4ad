package io.plimsoll.manager.history;

import io.plimsoll.manager.view.SessionHistory;
import io.plimsoll.manager.view.SessionView;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What was, beyond what the manager's memory keeps. Answers end with
 * {@link io.plimsoll.manager.database.DatabaseUnavailableException} while there is no database to ask. Any thread.
 */
public interface History
{
    /** None is kept. */
    History NONE = new NoHistory();

    /** Whether anything may be known that memory does not know: there is, or was, a database. */
    boolean isKept();

    /** Sessions that had ended when the journal was read last, in the order asked for; memory may still have some. */
    CompletableFuture<List<SessionView>> sessions(PastQuery query);

    /** A session that has ended; null inside if there is none for whoever asks. */
    CompletableFuture<SessionView> session(long id, Scope scope);

    /** What it went through; null inside if there is no such session for whoever asks. */
    CompletableFuture<SessionHistory> steps(long id, Scope scope);

    /** What was used. */
    CompletableFuture<UsageReport> usage(UsageQuery query);

    /** How far it has come. */
    HistoryStatus status();

    /**
     * Has it made anew.
     *
     * @param acceptLoss also if the journal's first records are gone.
     * @return ends when it has begun; with {@link HistoryPrunedException} if that would lose something.
     */
    CompletableFuture<Void> rebuild(boolean acceptLoss);
}
