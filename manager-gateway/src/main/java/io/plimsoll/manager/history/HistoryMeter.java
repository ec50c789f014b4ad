package io.plimsoll.manager.history;

import io.plimsoll.manager.Counters;
import java.util.concurrent.atomic.AtomicLong;

/** What is counted of history. One thread counts, any reads. */
final class HistoryMeter
{
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();
    private volatile String trouble = "";

    void register(final Counters counters)
    {
        counters.counter("history_records_total", "Journal records taken into history", records::get);
        counters.counter("history_transactions_total", "Transactions that took them", transactions::get);
        counters.counter("history_errors_total", "Times at which history could not go on and was tried again",
            errors::get);
        counters.counter("history_dropped_total", "Rows of history dropped because they are old", dropped::get);
        counters.counter("history_missed_records_total", "Records that were pruned before history had read them",
            missed::get);
        counters.gauge("history_failing", "1 while history cannot go on, see the log", () -> trouble.isEmpty() ? 0 : 1);
    }

    void kept(final long count)
    {
        records.addAndGet(count);
        transactions.incrementAndGet();
    }

    void dropped(final long count)
    {
        dropped.addAndGet(count);
    }

    void missed(final long count)
    {
        missed.addAndGet(count);
    }

    /** Says whether it is another trouble than the one before. */
    boolean failed(final String what)
    {
        errors.incrementAndGet();
        final boolean isNews = !what.equals(trouble);
        trouble = what;
        return isNews;
    }

    void fine()
    {
        trouble = "";
    }

    String trouble()
    {
        return trouble;
    }
}
