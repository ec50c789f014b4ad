package io.plimsoll.manager.database;

import io.plimsoll.manager.Counters;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcBadGrammarException;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.R2dbcException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The database, whether it is there or not. Opening and migrating it, and looking after it, happen on one thread of its
 * own, beside everything else; whoever asks something gets a future that ends within the deadline. One of the manager's
 * own that has never been used is started by whoever needs it first, so that a manager that nobody shares pays nothing
 * for it; from then on it is started with the manager. Any thread.
 */
public final class Database implements AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final long WATCH_INTERVAL_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long BACKOFF_MIN_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long BACKOFF_MAX_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long CLOSE_TIMEOUT_S = 30;
    private static final long STARTING_MAX_S = 45;
    private static final int WAITING_MAX = 1_000;
    private static final int RETRY_AFTER_S = 2;
    /** Class of SQL states. */
    private static final String DATA_EXCEPTION = "22";

    private final DatabaseOptions options;
    private final Path directory;
    private final OwnPostgres own;
    private final ScheduledExecutorService keeper;
    private final List<Runnable> upListeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> lookListeners = new CopyOnWriteArrayList<>();
    private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private volatile State state;
    private volatile ConnectionPool pool;
    private volatile String trouble = "";
    private volatile boolean closed;
    private Future<?> nextLook;
    private long backoffNs = BACKOFF_MIN_NS;

    /**
     * Nothing is opened yet.
     *
     * @param options   which.
     * @param directory of the manager's own one.
     * @param random    for its password.
     */
    public Database(final DatabaseOptions options, final Path directory, final SecureRandom random)
    {
        this.options = options;
        this.directory = directory;
        own = DatabaseOptions.Kind.OWN == options.kind() ?
            new OwnPostgres(directory, options.binaries(), random) : null;
        state = DatabaseOptions.Kind.NONE == options.kind() ? State.OFF : State.UNUSED;
        keeper = Executors.newSingleThreadScheduledExecutor(
            task ->
            {
                final Thread thread = new Thread(task, "plimsoll-database");
                thread.setDaemon(true);
                return thread;
            });
    }

    /** Begins to open it, unless there is none, or one of our own that nobody has used so far. */
    public void start()
    {
        if (DatabaseOptions.Kind.GIVEN == options.kind() || null != own && OwnPostgres.isThere(directory))
        {
            demand();
        }
    }

    /** Opens it if nobody has yet. */
    public void demand()
    {
        synchronized (this)
        {
            if (State.UNUSED != state || closed)
            {
                return;
            }
            state = State.STARTING;
        }
        look(0);
    }

    public State state()
    {
        return state;
    }

    /** Why it is not there; empty while it is. */
    public String trouble()
    {
        return trouble;
    }

    /** Called on the keeper's thread each time that it is there again, before anybody else can ask it something. */
    public void onUp(final Runnable listener)
    {
        upListeners.add(listener);
    }

    /** Called on the keeper's thread every other second while it is there; what it throws counts as its absence. */
    public void onLook(final Runnable listener)
    {
        lookListeners.add(listener);
    }

    /** Registers gauges. */
    public void register(final Counters counters)
    {
        counters.gauge("database_up", "1 while the database answers", () -> State.UP == state ? 1 : 0);
        counters.gauge("database_connections", "Connections of the pool", () ->
        {
            final ConnectionPool current = pool;
            return null == current ? 0 : current.getMetrics().map(metrics -> metrics.allocatedSize()).orElse(0);
        });
    }

    /**
     * Asks something in a transaction of its own, which is undone if it fails.
     *
     * @param work asks; is called once, with a connection that is its own until what it returns has ended.
     * @return what it says, null inside if nothing; ends with {@link DatabaseUnavailableException} if the database is
     *         not there or does not answer within the deadline, and with what the database said if it refused.
     */
    public <T> CompletableFuture<T> inTransaction(final Function<Connection, Mono<T>> work)
    {
        return whenThere().thenCompose(nothing -> transaction(work));
    }

    /** As {@link #inTransaction}, without waiting for it to be there: for listeners, which are called when it is. */
    public <T> CompletableFuture<T> transaction(final Function<Connection, Mono<T>> work)
    {
        final ConnectionPool current = pool;
        if (null == current)
        {
            return CompletableFuture.failedFuture(unavailable());
        }
        return Mono.usingWhen(
            current.create(),
            connection -> Mono.usingWhen(
                Mono.from(connection.beginTransaction()).thenReturn(connection),
                begun -> work.apply(begun),
                Connection::commitTransaction,
                (begun, error) -> begun.rollbackTransaction(),
                Connection::rollbackTransaction),
            Connection::close)
            .timeout(Duration.ofNanos(options.deadlineNs()))
            .onErrorMap(this::translated)
            .toFuture();
    }

    private Throwable translated(final Throwable error)
    {
        if (error instanceof R2dbcDataIntegrityViolationException || error instanceof R2dbcBadGrammarException ||
            isOfData(error) || !isOfDatabase(error))
        {
            return error;
        }
        trouble = String.valueOf(error.getMessage());
        look(0);
        return new DatabaseUnavailableException(
            "database-unavailable", "the database did not answer; try again in " + RETRY_AFTER_S + " s", RETRY_AFTER_S);
    }

    /** It answers that a value cannot be one. */
    private static boolean isOfData(final Throwable error)
    {
        return error instanceof final R2dbcException said &&
            null != said.getSqlState() && said.getSqlState().startsWith(DATA_EXCEPTION);
    }

    private static boolean isOfDatabase(final Throwable error)
    {
        return error instanceof R2dbcException || error instanceof IOException ||
            error instanceof java.util.concurrent.TimeoutException;
    }

    /**
     * For whoever finds nothing in what was read of it.
     *
     * @throws DatabaseUnavailableException unless it is there, or cannot hold anything since nobody ever used it.
     */
    public void checkAnswered()
    {
        if (State.STARTING == state || State.DOWN == state)
        {
            throw unavailable();
        }
    }

    /** Completes when it is there: soon while it is being started, at once if it is or cannot be. */
    public CompletableFuture<Void> whenThere()
    {
        demand();
        synchronized (waiting)
        {
            if (State.STARTING == state && waiting.size() < WAITING_MAX)
            {
                final CompletableFuture<Void> there = new CompletableFuture<>();
                waiting.add(there);
                // Not by the keeper, which is busy with the start.
                return there.orTimeout(STARTING_MAX_S, TimeUnit.SECONDS).handle(
                    (nothing, error) ->
                    {
                        if (null != error)
                        {
                            throw unavailable();
                        }
                        return null;
                    });
            }
        }
        return State.UP == state ?
            CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(unavailable());
    }

    private DatabaseUnavailableException unavailable()
    {
        return switch (state)
        {
            case OFF -> DatabaseUnavailableException.off();
            case STARTING, UNUSED -> new DatabaseUnavailableException(
                "database-starting", "the database is being started; try again in " + RETRY_AFTER_S + " s",
                RETRY_AFTER_S);
            default -> new DatabaseUnavailableException(
                "database-unavailable", "the database does not answer; try again in " + RETRY_AFTER_S + " s",
                RETRY_AFTER_S);
        };
    }

    private synchronized void look(final long delayNs)
    {
        if (closed)
        {
            return;
        }
        if (null != nextLook)
        {
            nextLook.cancel(false);
        }
        try
        {
            nextLook = keeper.schedule(this::keep, delayNs, TimeUnit.NANOSECONDS);
        }
        catch (final RejectedExecutionException ex)
        {
            LOG.debug("the database is closed already", ex);
        }
    }

    /** Opens what is not open, asks what is, and says when to look again. Keeper's thread. */
    private void keep()
    {
        if (closed)
        {
            return;
        }
        try
        {
            if (null == pool)
            {
                open();
            }
            else
            {
                transaction(connection -> Mono.from(connection.createStatement("select 1").execute())
                    .flatMap(result -> Mono.from(result.getRowsUpdated()).then()))
                    .get(options.deadlineNs(), TimeUnit.NANOSECONDS);
            }
            backoffNs = BACKOFF_MIN_NS;
            if (State.UP == state)
            {
                lookListeners.forEach(Runnable::run);
            }
            up();
            look(WATCH_INTERVAL_NS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        catch (final Exception | LinkageError ex)
        {
            // A library that does not fit this machine must not end the watch without a word.
            down(ex);
            look(backoffNs);
            backoffNs = Math.min(2 * backoffNs, BACKOFF_MAX_NS);
        }
    }

    private void open() throws Exception
    {
        final DatabaseAddress address;
        if (null == own)
        {
            address = DatabaseAddress.of(options);
        }
        else
        {
            own.close();
            address = own.start();
        }
        Migration.run(address);
        pool = Pools.open(address, Duration.ofNanos(options.deadlineNs()));
    }

    private void up()
    {
        if (State.UP == state)
        {
            return;
        }
        upListeners.forEach(Runnable::run);
        final List<CompletableFuture<Void>> all;
        synchronized (waiting)
        {
            state = State.UP;
            all = new ArrayList<>(waiting);
            waiting.clear();
        }
        trouble = "";
        LOG.info("the database is there");
        all.forEach(future -> future.complete(null));
    }

    private void down(final Throwable cause)
    {
        final Throwable reason = cause instanceof java.util.concurrent.ExecutionException && null != cause.getCause() ?
            cause.getCause() : cause;
        trouble = reason instanceof DatabaseUnavailableException && !trouble.isEmpty() ?
            trouble : String.valueOf(reason.getMessage());
        final List<CompletableFuture<Void>> all;
        synchronized (waiting)
        {
            if (State.DOWN != state)
            {
                LOG.warn("the database is not there; identities stay as they are known until it is: {}", trouble);
            }
            state = State.DOWN;
            all = new ArrayList<>(waiting);
            waiting.clear();
        }
        all.forEach(future -> future.completeExceptionally(unavailable()));
        if (null != own && !own.isAlive())
        {
            closePool();
        }
    }

    private void closePool()
    {
        final ConnectionPool current = pool;
        pool = null;
        if (null != current)
        {
            current.disposeLater().onErrorComplete().block(Duration.ofSeconds(CLOSE_TIMEOUT_S));
        }
    }

    /** Lets go of it, and stops one of our own. Idempotent. */
    @Override
    public void close()
    {
        synchronized (this)
        {
            if (closed)
            {
                return;
            }
            closed = true;
        }
        keeper.shutdownNow();
        try
        {
            if (!keeper.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS))
            {
                LOG.warn("the database is still being opened");
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        closePool();
        closeOwn();
    }

    private void closeOwn()
    {
        if (null != own)
        {
            try
            {
                own.close();
            }
            catch (final IOException ex)
            {
                LOG.warn("PostgreSQL did not stop as it should", ex);
            }
        }
    }

    /** As far as it is there. */
    public enum State
    {
        /** There is none. */
        OFF,
        /** Nobody has needed it so far. */
        UNUSED,
        /** On its way for the first time. */
        STARTING,
        /** It answers. */
        UP,
        /** It does not. */
        DOWN
    }
}
