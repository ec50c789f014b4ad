package io.plimsoll.manager.identity;

import io.plimsoll.manager.Counters;
import io.plimsoll.manager.control.AccountOptions;
import io.plimsoll.manager.control.Configuration;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.LiveView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the accounts of the core what the identities say, and does not rest before the live view, which shows what is
 * journalled, shows them so: a command that was refused, lost with a manager or overtaken is sent again. On a thread of
 * its own.
 */
final class AccountSync implements AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(AccountSync.class);
    private static final int AT_ONCE_MAX = 200;
    private static final long LOOK_INTERVAL_MS = 10_000;
    private static final long BACKOFF_MIN_MS = 100;
    private static final long BACKOFF_MAX_MS = 10_000;
    private static final long ROUND_TIMEOUT_S = 60;

    private final Configuration configuration;
    private final LiveView view;
    private final Supplier<Identity> identities;
    /** Runs at most one round that was asked for, one that is tried again, and those in between. */
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicBoolean isAsked = new AtomicBoolean();
    private final List<Waiter> waiters = new ArrayList<>();
    private volatile int differing;
    private Future<?> retry;
    private long backoffMs = BACKOFF_MIN_MS;
    private boolean isComplaining;

    AccountSync(
        final Configuration configuration,
        final LiveView view,
        final Supplier<Identity> identities,
        final Counters counters)
    {
        this.configuration = configuration;
        this.view = view;
        this.identities = identities;
        thread = new ScheduledThreadPoolExecutor(
            1,
            task ->
            {
                final Thread created = new Thread(task, "plimsoll-accounts");
                created.setDaemon(true);
                return created;
            });
        thread.setRemoveOnCancelPolicy(true);
        counters.gauge("identity_accounts_unconfirmed", "Accounts that the core has yet to confirm", () -> differing);
        thread.scheduleWithFixedDelay(this::round, LOOK_INTERVAL_MS, LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Completes when the core has confirmed what was known at the time of the call, or something newer. Whoever asks
     * sets a deadline: what is done is not kept.
     */
    CompletableFuture<Void> confirmed()
    {
        final Waiter waiter = new Waiter(identities.get().version(), new CompletableFuture<>());
        synchronized (waiters)
        {
            waiters.removeIf(other -> other.future.isDone());
            waiters.add(waiter);
        }
        changed();
        return waiter.future;
    }

    /** There may be something to confirm. */
    void changed()
    {
        if (!thread.isShutdown() && isAsked.compareAndSet(false, true))
        {
            thread.execute(this::round);
        }
    }

    /** Rounds that are to come. */
    int roundsAhead()
    {
        return thread.getQueue().size();
    }

    private void round()
    {
        isAsked.set(false);
        try
        {
            final Identity identity = identities.get();
            final List<AccountOptions> commands = -1 == identity.version() ? List.of() : commands(identity);
            differing = commands.size();
            if (commands.isEmpty())
            {
                backoffMs = BACKOFF_MIN_MS;
                isComplaining = false;
                complete(identity.version());
                return;
            }
            send(commands.subList(0, Math.min(AT_ONCE_MAX, commands.size())));
            changed();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        catch (final Exception ex)
        {
            if (!isComplaining)
            {
                LOG.warn("accounts are not confirmed yet, and are sent again until they are: {}", ex.toString());
            }
            isComplaining = true;
            if (!thread.isShutdown())
            {
                if (null != retry)
                {
                    retry.cancel(false);
                }
                retry = thread.schedule(this::round, backoffMs, TimeUnit.MILLISECONDS);
            }
            backoffMs = Math.min(2 * backoffMs, BACKOFF_MAX_MS);
        }
    }

    private void send(final List<AccountOptions> commands) throws Exception
    {
        final CompletableFuture<?>[] answers = commands.stream()
            .map(account -> configuration.configureAccount(
                Integer.toString(account.id()), (current, known) -> account))
            .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(answers).get(ROUND_TIMEOUT_S, TimeUnit.SECONDS);
    }

    /** Those that free a name come first, then the others, parents before those below them. */
    private List<AccountOptions> commands(final Identity identity)
    {
        final Map<Integer, AccountOptions> currentById = new HashMap<>();
        final Map<String, AccountOptions> currentByName = new HashMap<>();
        for (final AccountView account : view.accounts())
        {
            currentById.put(account.options().id(), account.options());
            currentByName.put(account.options().name(), account.options());
        }
        final List<AccountOptions> wanted = Accounts.of(identity);
        final List<AccountOptions> freeing = new ArrayList<>();
        final List<AccountOptions> others = new ArrayList<>();
        final Map<Integer, AccountOptions> gone = new HashMap<>(currentById);
        for (final AccountOptions account : wanted)
        {
            gone.remove(account.id());
            if (!account.equals(currentById.get(account.id())))
            {
                others.add(account);
                final AccountOptions namesake = currentByName.get(account.name());
                if (null != namesake && namesake.id() != account.id() && namesake.id() >= Accounts.FIRST_ID)
                {
                    freeing.add(Accounts.setAside(namesake));
                }
            }
        }
        for (final AccountOptions account : gone.values())
        {
            if (account.id() >= Accounts.FIRST_ID && !Accounts.deleted(account).equals(account))
            {
                freeing.add(Accounts.deleted(account));
            }
        }
        freeing.addAll(others);
        return freeing;
    }

    private void complete(final long version)
    {
        final List<Waiter> done = new ArrayList<>();
        synchronized (waiters)
        {
            waiters.removeIf(waiter -> waiter.version <= version && done.add(waiter));
        }
        done.forEach(waiter -> waiter.future.complete(null));
    }

    @Override
    public void close()
    {
        thread.shutdownNow();
    }

    private record Waiter(long version, CompletableFuture<Void> future)
    {
    }
}
