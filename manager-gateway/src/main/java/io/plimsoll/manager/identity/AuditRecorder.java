package io.plimsoll.manager.identity;

import io.plimsoll.manager.Counters;
import io.plimsoll.manager.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;

/**
 * Entries of the audit log on their way to the database; they wait while it is away, as many as there is room for. Any
 * thread.
 */
final class AuditRecorder
{
    private static final int WAITING_MAX = 10_000;
    private static final int BATCH_MAX = 100;

    private final Database database;
    private final IdentityStore store;
    private final BlockingQueue<AuditEntry> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicBoolean isWriting = new AtomicBoolean();
    private final AtomicLong dropped = new AtomicLong();

    AuditRecorder(final Database database, final IdentityStore store, final Counters counters)
    {
        this.database = database;
        this.store = store;
        counters.counter("audit_dropped_total", "Entries of the audit log for which there was no room", dropped::get);
        counters.gauge("audit_waiting", "Entries of the audit log that are not written yet", waiting::size);
        database.onLook(this::write);
    }

    void record(final AuditEntry entry)
    {
        if (!waiting.offer(entry))
        {
            dropped.incrementAndGet();
        }
        write();
    }

    /** One batch after the other; what could not be written is written at the next look. */
    private void write()
    {
        if (Database.State.UP != database.state() || waiting.isEmpty() || !isWriting.compareAndSet(false, true))
        {
            return;
        }
        final List<AuditEntry> batch = new ArrayList<>();
        waiting.forEach(entry ->
        {
            if (batch.size() < BATCH_MAX)
            {
                batch.add(entry);
            }
        });
        database.transaction(connection -> Flux.fromIterable(batch)
            .concatMap(entry -> store.audit(connection, entry))
            .then())
            .whenComplete((nothing, error) ->
            {
                if (null == error)
                {
                    batch.forEach(entry -> waiting.poll());
                }
                isWriting.set(false);
                if (null == error)
                {
                    write();
                }
            });
    }
}
