package io.plimsoll.manager.history;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.JournalException;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.database.Database;
import io.plimsoll.manager.database.DatabaseUnavailableException;
import io.plimsoll.manager.egress.RecordDispatcher;
import io.plimsoll.manager.history.HistoryStore.Gap;
import io.plimsoll.manager.history.HistoryStore.Position;
import io.plimsoll.manager.view.RecordSource;
import io.r2dbc.spi.Connection;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Follows the journal and keeps history in the database up with it: some records at a time, their rows and the position
 * behind them in one transaction, so that each counts once however often this is killed. It reads files like any other
 * reader: nothing waits for it. While the database is away it waits, and catches up afterwards. What was pruned before
 * it was read is taken from a snapshot as far as that goes, and told as a gap. A duty cycle for a thread of its own,
 * which is the only one that writes history.
 */
public final class HistoryTailer implements Agent
{
    private static final Logger LOG = LoggerFactory.getLogger(HistoryTailer.class);
    private static final int RECORDS_MAX = 4_000;
    private static final int RECORDS_MIN = 16;
    private static final int BYTES_MAX = 4 << 20;
    /** A cluster in which little happens is not written down record by record. */
    private static final long LINGER_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long BACKOFF_MIN_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long BACKOFF_MAX_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long SWEEP_NS = TimeUnit.MINUTES.toNanos(10);
    private static final int SWEPT_MAX = 2_000;
    private static final long ANSWER_S = 120;
    private static final int WAITERS_MAX = 1_000;
    private static final long PATIENCE_MS = 2_000;

    private final HistoryOptions options;
    private final Database database;
    private final HistorySource source;
    private final EpochNanoClock epoch;
    private final NanoClock clock;
    private final HistoryStore store = new HistoryStore();
    private final TouchedSessions touched = new TouchedSessions();
    private final RecordDispatcher lookAhead = new RecordDispatcher(touched);
    private final RecordPortion portion = new RecordPortion();
    private final RecordFlyweight record = new RecordFlyweight();
    private final AtomicReference<Rebuild> rebuild = new AtomicReference<>();
    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private final HistoryMeter meter = new HistoryMeter();
    private Projection projection;
    private RecordDispatcher dispatcher;
    private RecordSource.Cursor cursor;
    private volatile Position position;
    private int recordsMax = RECORDS_MAX;
    private long nextNs;
    private long backoffNs = BACKOFF_MIN_NS;
    private long nextSweepNs;
    private boolean isLingering;

    /**
     * Reads nothing yet.
     *
     * @param options  what is kept.
     * @param database to keep it in; nothing is asked of it before somebody else has had it opened.
     * @param source   of records.
     * @param epoch    says what is old.
     * @param clock    monotonic.
     */
    public HistoryTailer(
        final HistoryOptions options,
        final Database database,
        final HistorySource source,
        final EpochNanoClock epoch,
        final NanoClock clock)
    {
        this.options = options;
        this.database = database;
        this.source = source;
        this.epoch = epoch;
        this.clock = clock;
        nextNs = clock.nanoTime();
        nextSweepNs = nextNs;
    }

    /** Has its figures shown. */
    public void register(final Counters counters)
    {
        counters.gauge("history_position", "Journal sequence up to which history is in the database", this::sequence);
        counters.gauge("history_lag_records", "Released records that are not in history yet", this::lag);
        counters.gauge("history_lag_seconds", "Age of the newest record in history while there are newer ones",
            () -> TimeUnit.NANOSECONDS.toSeconds(lagNs()));
        meter.register(counters);
    }

    /** Up to where it has come, 0: nowhere, or that is not known yet. Any thread. */
    public long sequence()
    {
        final Position known = position;
        return null == known ? 0 : known.sequence();
    }

    /** Time of the newest record in history, epoch nanoseconds; 0: none. Any thread. */
    public long atNs()
    {
        final Position known = position;
        return null == known ? 0 : known.atNs();
    }

    /** Records that are still to come; 0 while nothing is to be kept. Any thread. */
    public long lag()
    {
        return Database.State.OFF == database.state() || Database.State.UNUSED == database.state() ?
            0 : Math.max(0, source.released() - sequence());
    }

    private long lagNs()
    {
        return 0 == lag() ? 0 : Math.max(0, epoch.nanoTime() - atNs());
    }

    /** Why it does not go on; empty: it does. Any thread. */
    public String trouble()
    {
        return meter.trouble();
    }

    /**
     * Completes when history has come as far as that, or soon without. Any thread.
     *
     * @param sequence of the journal.
     */
    CompletableFuture<Void> reached(final long sequence)
    {
        final CompletableFuture<Void> there = new CompletableFuture<>();
        if (sequence() >= sequence || waiters.size() >= WAITERS_MAX)
        {
            there.complete(null);
            return there;
        }
        waiters.add(new Waiter(sequence, there));
        return there.completeOnTimeout(null, PATIENCE_MS, TimeUnit.MILLISECONDS);
    }

    private void tellWaiters()
    {
        waiters.removeIf(waiter ->
        {
            if (waiter.sequence <= sequence())
            {
                waiter.there.complete(null);
            }
            return waiter.there.isDone();
        });
    }

    /** Oldest sequence that the journal still has. Any thread. */
    long oldestSequence()
    {
        return source.oldestSequence();
    }

    /**
     * Has everything made anew from the first record. Any thread.
     *
     * @param acceptLoss also if some of it can only be made from a snapshot any more.
     * @return ends when it has begun, or with {@link HistoryPrunedException}.
     */
    public CompletableFuture<Void> rebuild(final boolean acceptLoss)
    {
        final Rebuild asked = new Rebuild(acceptLoss, new CompletableFuture<>());
        final Rebuild before = rebuild.getAndUpdate(waiting -> null == waiting ? asked : waiting);
        return (null == before ? asked : before).begun;
    }

    @Override
    public String roleName()
    {
        return "history";
    }

    @Override
    public int doWork()
    {
        tellWaiters();
        final boolean isDue = clock.nanoTime() - nextNs >= 0 || isLingering && !waiters.isEmpty();
        if (Database.State.UP != database.state() || !isDue)
        {
            return 0;
        }
        try
        {
            isLingering = false;
            final int count = step();
            backoffNs = BACKOFF_MIN_NS;
            meter.fine();
            return count;
        }
        catch (final RuntimeException | LinkageError ex)
        {
            // Whatever it is, it must not end the manager.
            fail(ex);
        }
        return 0;
    }

    private void fail(final Throwable ex)
    {
        forget();
        recordsMax = Math.max(RECORDS_MIN, recordsMax / 2);
        nextNs = clock.nanoTime() + backoffNs;
        backoffNs = Math.min(2 * backoffNs, BACKOFF_MAX_NS);
        final boolean isKnown = ex instanceof DatabaseUnavailableException || ex instanceof HistoryException ||
            ex instanceof JournalException;
        if (meter.failed(String.valueOf(ex.getMessage())))
        {
            LOG.warn("history waits: {}", ex.getMessage(), isKnown ? null : ex);
        }
    }

    /** Whatever was in hand is read again. */
    private void forget()
    {
        closeCursor();
        projection = null;
        dispatcher = null;
    }

    private int step()
    {
        final Rebuild wanted = rebuild.getAndSet(null);
        if (null != wanted)
        {
            clear(wanted);
            return 1;
        }
        if (null == projection)
        {
            begin();
        }
        if (position.sequence() < source.released())
        {
            final long oldest = source.oldestSequence();
            if (position.sequence() + 1 < oldest)
            {
                bridge();
                return 1;
            }
            return follow();
        }
        return sweep();
    }

    private void begin()
    {
        final String clusterId = source.clusterId();
        final Position found = await(connection -> store.position(connection, clusterId));
        if (!clusterId.equals(found.clusterId()))
        {
            throw new HistoryException("the database holds the history of another cluster, " + found.clusterId() +
                "; plimsoll admin history rebuild replaces it");
        }
        if (HistoryStore.VERSION != found.version())
        {
            throw new HistoryException("the database holds a history of version " + found.version() +
                ", this release makes version " + HistoryStore.VERSION +
                "; plimsoll admin history rebuild replaces it");
        }
        final Names names = await(store::names);
        projection = new Projection(names);
        dispatcher = new RecordDispatcher(names, projection);
        position = found;
        LOG.info("history is at sequence {}, the journal at {}", found.sequence(), source.released());
    }

    private void clear(final Rebuild wanted)
    {
        final long oldest = source.oldestSequence();
        if (oldest > 1 && !wanted.acceptLoss)
        {
            wanted.begun.completeExceptionally(new HistoryPrunedException(oldest));
            return;
        }
        try
        {
            final String clusterId = source.clusterId();
            await(connection -> store.position(connection, clusterId)
                .then(store.clear(connection, clusterId)).thenReturn(true));
            LOG.info("history is made anew from sequence {} on", oldest);
            forget();
            position = new Position(clusterId, HistoryStore.VERSION, 0, 0);
            wanted.begun.complete(null);
        }
        catch (final RuntimeException ex)
        {
            wanted.begun.completeExceptionally(ex);
            throw ex;
        }
    }

    private int follow()
    {
        portion.clear();
        if (null == cursor)
        {
            cursor = source.open(position.sequence() + 1);
        }
        while (portion.size() < recordsMax && portion.bytes() < BYTES_MAX && cursor.next(record))
        {
            portion.add(record);
        }
        final int count = portion.size();
        if (count > 0)
        {
            final boolean isAll = count < recordsMax && portion.bytes() < BYTES_MAX;
            keep();
            recordsMax = Math.min(RECORDS_MAX, 2 * recordsMax);
            linger(isAll);
        }
        return count;
    }

    /** What comes next may wait for more, unless somebody waits for it. */
    private void linger(final boolean isAll)
    {
        isLingering = isAll;
        nextNs = isAll ? clock.nanoTime() + LINGER_NS : clock.nanoTime();
    }

    /** Makes rows of the records at hand, and writes them. */
    private void keep()
    {
        touched.clear();
        portion.show(lookAhead);
        read();
        portion.show(dispatcher);
        final Position to = new Position(
            position.clusterId(), position.version(), portion.lastSequence(), portion.lastAtNs());
        final Position from = position;
        final boolean kept = await(connection -> store.write(connection, projection, from, to));
        if (!kept)
        {
            throw new HistoryException(
                "somebody else has moved history on from sequence " + from.sequence() + "; it is read again");
        }
        meter.kept(portion.size());
        projection.settled();
        position = to;
    }

    private void read()
    {
        final Long[] ids = touched.ids().stream().filter(id -> !projection.isKnown(id)).toArray(Long[]::new);
        if (0 == ids.length)
        {
            return;
        }
        await(connection -> store.sessions(connection, ids)).forEach(projection::known);
        final Long[] elements = Arrays.stream(ids)
            .filter(id -> !projection.isKnown(id) && !projection.isOfArray(id)).toArray(Long[]::new);
        if (elements.length > 0)
        {
            await(connection -> store.arrays(connection, elements)).forEach(projection::known);
        }
    }

    /**
     * The records behind the position are gone. A snapshot keeps those of sessions that were there when it was made;
     * the rest began and was forgotten within the gap, or ended in it in a way that nobody knows.
     */
    private void bridge()
    {
        final long snapshot = source.snapshotSequence();
        if (snapshot <= position.sequence())
        {
            throw new HistoryException("records up to sequence " + (source.oldestSequence() - 1) +
                " are gone, and there is no snapshot that stands for them");
        }
        closeCursor();
        // Of accounts, groups and agents only the last word is kept, which may come behind sessions that name them.
        final PresentSessions present = new PresentSessions(projection.names);
        source.forEachOfSnapshot(snapshot, present::onRecord);
        final Gap gap = new Gap(position.sequence() + 1, snapshot, position.atNs(), present.lastAtNs());
        LOG.warn("the journal was pruned before history had read sequences {} to {}: what of them is kept in a " +
            "snapshot is read from there, and the rest is missing", gap.firstSequence(), gap.lastSequence());
        await(connection -> store.gap(connection, gap).thenReturn(true));
        portion.clear();
        source.forEachOfSnapshot(snapshot, this::bridge);
        flush();
        loseAbsent(present);
        final Position from = position;
        final Position to = new Position(
            from.clusterId(), from.version(), snapshot, Math.max(from.atNs(), present.lastAtNs()));
        if (from.sequence() < snapshot && !await(connection -> store.write(connection, projection, from, to)))
        {
            throw new HistoryException("somebody else has moved history on; it is read again");
        }
        projection.settled();
        position = to;
        meter.missed(gap.lastSequence() - gap.firstSequence() + 1);
    }

    private void bridge(final RecordFlyweight kept)
    {
        if (kept.sequence() > position.sequence())
        {
            // All of one sequence stay together: behind it is a place to go on from.
            if (portion.size() >= recordsMax && kept.sequence() != portion.lastSequence())
            {
                flush();
            }
            portion.add(kept);
        }
    }

    private void flush()
    {
        if (portion.size() > 0)
        {
            keep();
            portion.clear();
        }
    }

    private void loseAbsent(final PresentSessions present)
    {
        final long atNs = present.lastAtNs();
        long from = 1;
        while (from > 0)
        {
            final long first = from;
            final List<Long> unended =
                await(connection -> store.unended(connection, first, SWEPT_MAX));
            final Long[] lost = unended.stream().filter(id -> !present.contains(id)).toArray(Long[]::new);
            if (lost.length > 0)
            {
                await(connection -> store.lose(connection, lost, atNs).thenReturn(true));
            }
            from = unended.size() < SWEPT_MAX ? 0 : unended.get(unended.size() - 1) + 1;
        }
        final Long[] arrays = await(store::arrays).stream().filter(id -> !present.contains(id)).toArray(Long[]::new);
        if (arrays.length > 0)
        {
            await(connection -> store.dropArrays(connection, arrays).thenReturn(true));
        }
        // Some of them may be among those at hand.
        projection.forgetRows();
    }

    /** Removes what need not be kept, a little at a time. */
    private int sweep()
    {
        linger(true);
        if (clock.nanoTime() - nextSweepNs < 0)
        {
            return 0;
        }
        final long nowNs = epoch.nanoTime();
        long dropped = 0;
        if (options.retentionNs() > 0)
        {
            final long beforeNs = nowNs - options.retentionNs();
            dropped = await(connection -> store.dropSessions(connection, beforeNs, SWEPT_MAX)) +
                await(connection -> store.dropSpecs(connection, beforeNs, SWEPT_MAX));
        }
        if (options.usageRetentionNs() > 0)
        {
            final LocalDate before =
                LocalDate.ofEpochDay(Math.floorDiv(nowNs - options.usageRetentionNs(), UsageTally.DAY_NS));
            dropped += await(connection -> store.dropUsage(connection, before, SWEPT_MAX));
        }
        meter.dropped(dropped);
        nextSweepNs = dropped > 0 ? clock.nanoTime() : clock.nanoTime() + SWEEP_NS;
        return (int)dropped;
    }

    private <T> T await(final Function<Connection, Mono<T>> work)
    {
        final CompletableFuture<T> answer = database.transaction(work);
        try
        {
            return answer.get(ANSWER_S, TimeUnit.SECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            answer.cancel(true);
            throw new HistoryException("interrupted");
        }
        catch (final ExecutionException ex)
        {
            throw ex.getCause() instanceof final RuntimeException cause ?
                cause : new HistoryException(String.valueOf(ex.getCause()));
        }
        catch (final TimeoutException ex)
        {
            answer.cancel(true);
            throw new HistoryException("the database gave no answer");
        }
    }

    private void closeCursor()
    {
        if (null != cursor)
        {
            cursor.close();
            cursor = null;
        }
    }

    @Override
    public void onClose()
    {
        closeCursor();
        final Rebuild waiting = rebuild.getAndSet(null);
        if (null != waiting)
        {
            waiting.begun.completeExceptionally(new HistoryException("the manager is being stopped"));
        }
    }

    private record Waiter(long sequence, CompletableFuture<Void> there)
    {
    }

    private record Rebuild(boolean acceptLoss, CompletableFuture<Void> begun)
    {
    }
}
