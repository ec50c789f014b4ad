package io.plimsoll.ops.etcd;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what stands in etcd on a thread of its own, so that an etcd that is slow, gone or wiped delays nobody. All is
 * read again whenever a watch says that something has changed, and every few seconds whether or not it does: a watch of
 * a store that was wiped waits for a revision that is far away. Who is to be found is registered under a lease, anew
 * whenever that is lost.
 */
public final class EtcdFeed implements AutoCloseable
{
    /** Key below the prefix under which the manager says where it is. */
    public static final String MANAGER = "discovery/manager";

    private static final Logger LOGGER = LoggerFactory.getLogger(EtcdFeed.class);
    private static final long LEASE_SECONDS = 15;
    private static final long GATHER_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long NO_LEASE = 0;
    private static final long END_MS = 1_500;

    private final Supplier<EtcdStore> stores;
    private final SeenValues seen;
    private final long intervalMs;
    private final Semaphore hint = new Semaphore(0);
    private final Thread thread;
    private volatile Consumer<Map<String, String>> listener = values ->
    {
    };
    private volatile Supplier<String> registration = () -> null;
    private volatile boolean isClosed;
    private volatile boolean isUp;
    private volatile String trouble = "not asked yet";
    private volatile int staleCount;
    private EtcdStore store;
    private long watchedClusterId;
    private long watchedRevision;
    private boolean isWatching;
    private boolean hasFailed;
    private String registered;
    private long lease = NO_LEASE;

    /**
     * Not started.
     *
     * @param stores     makes a client, anew after each failure.
     * @param seen       where values last seen are.
     * @param intervalMs between two readings.
     */
    public EtcdFeed(final Supplier<EtcdStore> stores, final SeenValues seen, final long intervalMs)
    {
        this.stores = stores;
        this.seen = seen;
        this.intervalMs = intervalMs;
        staleCount = seen.staleCount();
        thread = new Thread(this::run, "plimsoll-etcd");
        thread.setDaemon(true);
    }

    /**
     * Reads once, before {@link #start}, within the deadline of the client.
     *
     * @return whether etcd answered; if not, {@link #values} are those last seen.
     */
    public boolean readOnce()
    {
        step();
        return isUp;
    }

    /** Values by key as they were last seen. Before {@link #start}, or for the listener. */
    public Map<String, String> values()
    {
        return seen.values();
    }

    /**
     * Starts following.
     *
     * @param onValues     called on the thread of the feed with all values, after each reading; returns soon.
     * @param whatToSay    what shall stand under {@link #MANAGER}; null: nothing.
     */
    public void start(final Consumer<Map<String, String>> onValues, final Supplier<String> whatToSay)
    {
        listener = onValues;
        registration = whatToSay;
        hint.release();
        thread.start();
    }

    /** Whether the last reading succeeded. Any thread. */
    public boolean isUp()
    {
        return isUp;
    }

    /** Why the last reading did not succeed; empty if it did. Any thread. */
    public String trouble()
    {
        return trouble;
    }

    /** Values that stay although the store that had them is no more. Any thread. */
    public int staleCount()
    {
        return staleCount;
    }

    private void run()
    {
        while (!isClosed)
        {
            try
            {
                if (hint.tryAcquire(intervalMs, TimeUnit.MILLISECONDS))
                {
                    // Somebody who writes many keys is read a few times, not as often as there are keys.
                    LockSupport.parkNanos(GATHER_NS);
                    hint.drainPermits();
                }
                step();
            }
            catch (final InterruptedException ex)
            {
                break;
            }
            catch (final RuntimeException ex)
            {
                LOGGER.error("what stands in etcd could not be followed", ex);
                fail(ex.toString());
            }
        }
        end();
    }

    private void step()
    {
        try
        {
            if (null == store)
            {
                store = stores.get();
            }
            final EtcdSnapshot snapshot = store.read();
            up();
            take(snapshot);
            watch(snapshot);
            register();
        }
        catch (final EtcdException ex)
        {
            fail(ex.getMessage());
        }
    }

    private void up()
    {
        if (!isUp && hasFailed)
        {
            LOGGER.info("etcd answers again");
        }
        isUp = true;
        trouble = "";
    }

    private void take(final EtcdSnapshot snapshot)
    {
        try
        {
            seen.update(snapshot);
        }
        catch (final IOException ex)
        {
            LOGGER.warn("the values seen in etcd cannot be kept for a start without it: {}", ex.getMessage());
        }
        final int stale = seen.staleCount();
        if (stale > staleCount)
        {
            LOGGER.warn("etcd is another one or has been wiped; {} values stay as they were last seen", stale);
        }
        staleCount = stale;
        listener.accept(seen.values());
    }

    private void watch(final EtcdSnapshot snapshot) throws EtcdException
    {
        if (!isWatching || watchedClusterId != snapshot.clusterId() || snapshot.revision() < watchedRevision)
        {
            store.watch(snapshot.revision(), hint::release);
            isWatching = true;
            watchedClusterId = snapshot.clusterId();
        }
        watchedRevision = snapshot.revision();
    }

    private void register() throws EtcdException
    {
        final String wanted = registration.get();
        if (null == wanted)
        {
            return;
        }
        // The key may have been lost with the store while the lease has not, or the other way round.
        final boolean isThere = wanted.equals(registered) && wanted.equals(seen.values().get(MANAGER)) &&
            NO_LEASE != lease && store.renew(lease);
        if (!isThere)
        {
            lease = store.register(MANAGER, wanted, LEASE_SECONDS);
            registered = wanted;
        }
    }

    private void fail(final String message)
    {
        // Before the start whoever asked tells it.
        if (Thread.State.NEW != thread.getState() && (isUp || !hasFailed))
        {
            LOGGER.warn("etcd does not answer, the values last seen stay: {}", message);
        }
        hasFailed = true;
        isUp = false;
        trouble = message;
        isWatching = false;
        // A client whose cluster was replaced may hold connections and tokens of the old one.
        closeStore();
    }

    private void closeStore()
    {
        final EtcdStore old = store;
        store = null;
        if (null != old)
        {
            old.close();
        }
    }

    private void end()
    {
        try
        {
            if (NO_LEASE != lease && null != store && isUp)
            {
                store.revoke(lease);
            }
        }
        catch (final EtcdException ex)
        {
            LOGGER.debug("the lease ends by itself: {}", ex.getMessage());
        }
        closeStore();
    }

    /** Takes itself out of etcd if that answers at once; ends within a few seconds. Idempotent. */
    @Override
    public void close()
    {
        isClosed = true;
        hint.release();
        if (Thread.State.NEW == thread.getState())
        {
            closeStore();
            return;
        }
        try
        {
            thread.join(END_MS);
            // Whatever it still waits for, nobody waits for that.
            thread.interrupt();
            thread.join(END_MS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
