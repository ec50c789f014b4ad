package io.plimsoll.manager.identity;

import io.plimsoll.manager.Counters;
import io.plimsoll.manager.TokenCheck;
import io.plimsoll.manager.control.Configuration;
import io.plimsoll.manager.database.Database;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.transport.auth.Credentials;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Identities as the rest of the manager meets them: a copy in memory for every request, changes that go to the database
 * and come back from it, and accounts of the core that follow. Any thread.
 */
public final class IdentityService implements Identities, TokenCheck, AutoCloseable
{
    /** In front of the bearer token of a keypair: the token is {@code pk.ACCESS_KEY.SECRET}. */
    public static final String TOKEN_PREFIX = "pk.";

    private static final Logger LOGGER = LoggerFactory.getLogger(IdentityService.class);
    private static final long LOAD_TIMEOUT_S = 30;
    private static final long CONFIRM_TIMEOUT_S = 5;

    private final IdentityStore store = new IdentityStore();
    private final Database database;
    private final String administratorHash;
    private final KeypairSecrets secrets;
    private final LiveView view;
    private final InstantSource clock;
    private final AccountSync sync;
    private final AuditRecorder recorder;
    private final IdentityCache cache;
    private final Set<String> usedStale = ConcurrentHashMap.newKeySet();
    private volatile Identity identity = Identity.EMPTY;
    /** When the database said what is known, if that was before the start; null: it has said so since. */
    private volatile Instant staleAsOf;

    /**
     * Knows whom the database knew last, until it is there itself.
     *
     * @param database          may be none.
     * @param cache             of what it said last; null: there is none.
     * @param administratorHash of the token that needs no database.
     * @param secrets           of keypairs.
     * @param configuration     takes accounts.
     * @param view              shows accounts.
     * @param clock             for the expiry of keypairs.
     * @param counters          to register in.
     */
    public IdentityService(
        final Database database,
        final IdentityCache cache,
        final String administratorHash,
        final KeypairSecrets secrets,
        final Configuration configuration,
        final LiveView view,
        final InstantSource clock,
        final Counters counters)
    {
        this.database = database;
        this.cache = cache;
        this.administratorHash = administratorHash;
        this.secrets = secrets;
        this.view = view;
        this.clock = clock;
        final Supplier<Identity> current = () -> identity;
        sync = new AccountSync(configuration, view, current, counters);
        database.register(counters);
        recorder = new AuditRecorder(database, store, counters);
        counters.gauge(
            "identity_stale_seconds", "Age of what is known of identities, while that is from before the start",
            this::staleSeconds);
        takeCached();
        database.onUp(this::loadNow);
        database.onLook(this::loadIfChanged);
    }

    private void takeCached()
    {
        final IdentityCache.Cached cached = null == cache ? null : cache.read();
        if (null != cached)
        {
            identity = cached.identity();
            staleAsOf = cached.asOf();
            LOGGER.info("until the database answers, identities are as of {}", cached.asOf());
        }
    }

    @Override
    public long staleSeconds()
    {
        final Instant asOf = staleAsOf;
        return null == asOf ? 0 : Math.max(1, Duration.between(asOf, clock.instant()).toSeconds());
    }

    /**
     * Whether what is known is too old to let anybody in.
     *
     * @throws io.plimsoll.manager.database.DatabaseUnavailableException while the database does not say otherwise.
     */
    private boolean isTooOld()
    {
        if (staleSeconds() <= IdentityCache.AGE_MAX.toSeconds())
        {
            return false;
        }
        database.checkAnswered();
        return true;
    }

    /** That somebody was let in by what may not hold any more is written down once. */
    private Caller noted(final Caller caller)
    {
        final Instant asOf = staleAsOf;
        if (null != caller && null != asOf && usedStale.add(caller.accessKey()))
        {
            recorder.record(new AuditEntry(
                0, null, caller.name() + " " + caller.accessKey(), caller.role().label(), "", "", "keypair.use-stale",
                caller.accessKey(), AuditEntry.DONE, "at " + clock.instant() + ", known as of " + asOf));
        }
        return caller;
    }

    @Override
    public Identity identity()
    {
        return identity;
    }

    @Override
    public CompletableFuture<Identity> known()
    {
        final Identity current = identity;
        return current.version() >= 0 ?
            CompletableFuture.completedFuture(current) : database.whenThere().thenApply(nothing -> identity);
    }

    @Override
    public Caller callerOf(final String token)
    {
        if (token.startsWith(TOKEN_PREFIX))
        {
            return keypairOf(token);
        }
        return Credentials.matches(token, administratorHash) ? Caller.ADMINISTRATOR : null;
    }

    @Override
    public Signatory signatory(final String accessKey)
    {
        final Identity current = identity;
        final Keypair keypair = current.keypair(accessKey);
        if (null == keypair && (current.version() < 0 || null != staleAsOf) || isTooOld())
        {
            database.checkAnswered();
            return null;
        }
        final String secret = secrets.secret(accessKey);
        // One that was made under another key lets in by its token only.
        final boolean known = null != keypair && Credentials.matches(secret, keypair.secretSha256());
        final Caller caller = known ? current.caller(keypair, clock.instant()) : null;
        return null == caller ? null : new Signatory(noted(caller), secret);
    }

    @Override
    public Caller present(final Caller caller)
    {
        final Identity current = identity;
        final Keypair keypair = current.keypair(caller.accessKey());
        return !caller.isKeypair() ? caller : null == keypair ? null : current.caller(keypair, clock.instant());
    }

    private Caller keypairOf(final String token)
    {
        final Identity current = identity;
        final int end = token.indexOf('.', TOKEN_PREFIX.length());
        final String accessKey = end < 0 ? "" : token.substring(TOKEN_PREFIX.length(), end);
        final Keypair keypair = current.keypair(accessKey);
        if (null == keypair || !Credentials.matches(token.substring(end + 1), keypair.secretSha256()))
        {
            if (current.version() < 0 || null == keypair && null != staleAsOf)
            {
                database.checkAnswered();
            }
            return null;
        }
        return isTooOld() ? null : noted(current.caller(keypair, clock.instant()));
    }

    @Override
    public CompletableFuture<Identity> change(final AuditEntry entry, final Work work)
    {
        return database.inTransaction(connection -> store.begin(connection)
            .then(load(connection))
            .flatMap(current -> work.apply(current, new IdentityChange(store, connection)))
            .then(store.end(connection))
            .then(store.audit(connection, entry))
            .then(Mono.defer(() -> load(connection))))
            .thenCompose(this::adopted);
    }

    private Mono<Identity> load(final io.r2dbc.spi.Connection connection)
    {
        return Mono.defer(() -> store.load(connection, highestAccountId()));
    }

    private CompletableFuture<Identity> adopted(final Identity loaded)
    {
        adopt(loaded);
        // A core that is busy, or refuses, is told again; whoever made the change need not wait for that.
        return sync.confirmed()
            .completeOnTimeout(null, CONFIRM_TIMEOUT_S, TimeUnit.SECONDS)
            .thenApply(nothing -> loaded);
    }

    @Override
    public String newSecret(final String accessKey)
    {
        return secrets.secret(accessKey);
    }

    @Override
    public void record(final AuditEntry entry)
    {
        if (identity.version() >= 0)
        {
            recorder.record(entry);
        }
    }

    @Override
    public CompletableFuture<List<AuditEntry>> audit(final AuditQuery query)
    {
        return database.inTransaction(connection -> store.audit(connection, query));
    }

    private void loadNow()
    {
        adopt(await(database.transaction(
            connection -> store.atOneMoment(connection).then(load(connection)))));
        sync.changed();
    }

    /** Another manager, or somebody with a client of the database, may have changed something. */
    private void loadIfChanged()
    {
        if (await(database.transaction(store::version)) > identity.version())
        {
            loadNow();
        }
        else if (null != cache)
        {
            cache.refresh(identity);
        }
    }

    private synchronized void adopt(final Identity loaded)
    {
        // What is from before the start says nothing against a database that was restored to something earlier.
        if (null != staleAsOf || loaded.version() > identity.version())
        {
            identity = loaded;
            staleAsOf = null;
            usedStale.clear();
            if (null != cache)
            {
                cache.write(loaded);
            }
        }
    }

    private int highestAccountId()
    {
        int highest = 0;
        for (final AccountView account : view.accounts())
        {
            highest = Math.max(highest, account.options().id());
        }
        return highest < Accounts.FIRST_ID ? 0 : highest;
    }

    private static <T> T await(final CompletableFuture<T> future)
    {
        try
        {
            return future.get(LOAD_TIMEOUT_S, TimeUnit.SECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", ex);
        }
        catch (final ExecutionException | TimeoutException ex)
        {
            throw new IllegalStateException("identities cannot be read: " + ex.getMessage(), ex);
        }
    }

    @Override
    public void close()
    {
        sync.close();
        recorder.drain();
        if (null != cache)
        {
            cache.close();
        }
    }
}
