package io.plimsoll.manager.identity;

import io.plimsoll.manager.Counters;
import io.plimsoll.manager.TokenCheck;
import io.plimsoll.manager.control.Configuration;
import io.plimsoll.manager.database.Database;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.transport.auth.Credentials;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Identities as the rest of the manager meets them: a copy in memory for every request, changes that go to the database
 * and come back from it, and accounts of the core that follow. Any thread.
 */
public final class IdentityService implements Identities, TokenCheck, AutoCloseable
{
    /** In front of the bearer token of a keypair: the token is {@code pk.ACCESS_KEY.SECRET}. */
    public static final String TOKEN_PREFIX = "pk.";

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
    private volatile Identity identity = Identity.EMPTY;

    /**
     * Knows nobody until the database is there.
     *
     * @param database          may be none.
     * @param administratorHash of the token that needs no database.
     * @param secrets           of keypairs.
     * @param configuration     takes accounts.
     * @param view              shows accounts.
     * @param clock             for the expiry of keypairs.
     * @param counters          to register in.
     */
    public IdentityService(
        final Database database,
        final String administratorHash,
        final KeypairSecrets secrets,
        final Configuration configuration,
        final LiveView view,
        final InstantSource clock,
        final Counters counters)
    {
        this.database = database;
        this.administratorHash = administratorHash;
        this.secrets = secrets;
        this.view = view;
        this.clock = clock;
        final Supplier<Identity> current = () -> identity;
        sync = new AccountSync(configuration, view, current, counters);
        database.register(counters);
        recorder = new AuditRecorder(database, store, counters);
        database.onUp(this::loadNow);
        database.onLook(this::loadIfChanged);
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
        if (null == keypair && current.version() < 0)
        {
            database.checkAnswered();
        }
        final String secret = secrets.secret(accessKey);
        // One that was made under another key lets in by its token only.
        final boolean known = null != keypair && Credentials.matches(secret, keypair.secretSha256());
        final Caller caller = known ? current.caller(keypair, clock.instant()) : null;
        return null == caller ? null : new Signatory(caller, secret);
    }

    private Caller keypairOf(final String token)
    {
        final Identity current = identity;
        final int end = token.indexOf('.', TOKEN_PREFIX.length());
        final String accessKey = end < 0 ? "" : token.substring(TOKEN_PREFIX.length(), end);
        final Keypair keypair = current.keypair(accessKey);
        if (null == keypair || !Credentials.matches(token.substring(end + 1), keypair.secretSha256()))
        {
            if (current.version() < 0)
            {
                database.checkAnswered();
            }
            return null;
        }
        return current.caller(keypair, clock.instant());
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
        sync.confirmed();
    }

    /** Another manager, or somebody with a client of the database, may have changed something. */
    private void loadIfChanged()
    {
        if (await(database.transaction(store::version)) > identity.version())
        {
            loadNow();
        }
    }

    private synchronized void adopt(final Identity loaded)
    {
        if (loaded.version() > identity.version())
        {
            identity = loaded;
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
    }
}
