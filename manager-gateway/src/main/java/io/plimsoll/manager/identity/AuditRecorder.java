package io.plimsoll.manager.identity;

import io.plimsoll.manager.Counters;
import io.plimsoll.manager.database.Database;
import io.r2dbc.spi.R2dbcException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/**
 * Entries of the audit log on their way to the database; they wait while it is away, as many as there is room for. Any
 * thread.
 */
final class AuditRecorder
{
    private static final int WAITING_MAX = 10_000;
    private static final int BATCH_MAX = 100;
    private static final long DRAIN_MAX_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long DRAIN_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Logger LOGGER = LoggerFactory.getLogger(AuditRecorder.class);

    private final Database database;
    private final IdentityStore store;
    private final BlockingQueue<AuditEntry> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicBoolean isWriting = new AtomicBoolean();
    private final AtomicLong dropped = new AtomicLong();
    private volatile int batchMax = BATCH_MAX;

    AuditRecorder(final Database database, final IdentityStore store, final Counters counters)
    {
        this.database = database;
        this.store = store;
        counters.counter(
            "audit_dropped_total", "Entries of the audit log without room, or that the database refused", dropped::get);
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

    /** Waits a moment for what is on its way to a database that is there. */
    void drain()
    {
        final long startNs = System.nanoTime();
        write();
        while (Database.State.UP == database.state() && !waiting.isEmpty() &&
            System.nanoTime() - startNs < DRAIN_MAX_NS)
        {
            LockSupport.parkNanos(DRAIN_LOOK_NS);
        }
        if (!waiting.isEmpty())
        {
            LOGGER.warn("{} entries of the audit log were not written: the database was not there", waiting.size());
        }
    }

    /**
     * One batch after the other; what could not be written is written at the next look. One that the database refuses
     * must not keep the others waiting: it is looked for, and dropped.
     */
    private void write()
    {
        if (Database.State.UP != database.state() || waiting.isEmpty() || !isWriting.compareAndSet(false, true))
        {
            return;
        }
        final List<AuditEntry> batch = new ArrayList<>();
        waiting.forEach(entry ->
        {
            if (batch.size() < batchMax)
            {
                batch.add(entry);
            }
        });
        database.transaction(connection -> Flux.fromIterable(batch)
            .concatMap(entry -> store.audit(connection, entry))
            .then())
            .whenComplete((nothing, error) ->
            {
                final boolean isRefused = isRefusal(error);
                if (null == error || isRefused && 1 == batch.size())
                {
                    batch.forEach(entry -> waiting.poll());
                }
                batchMax = isRefused ? 1 : BATCH_MAX;
                if (isRefused && 1 == batch.size())
                {
                    dropped.incrementAndGet();
                    LOGGER.warn("the database does not take an entry of the audit log: {}", batch.get(0), error);
                }
                isWriting.set(false);
                if (null == error || isRefused)
                {
                    write();
                }
            });
    }

    private static boolean isRefusal(final Throwable error)
    {
        final Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        return cause instanceof R2dbcException;
    }
}
