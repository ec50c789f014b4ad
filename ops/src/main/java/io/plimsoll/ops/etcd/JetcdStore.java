package io.plimsoll.ops.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;

/** etcd through jetcd. */
public final class JetcdStore implements EtcdStore
{
    private static final int KEYS_MAX = 10_000;
    private static final int MESSAGE_MAX = 16 << 20;

    /** Says on standard error what it finds, while what goes wrong is an exception. Held, or its level is forgotten. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private final Client client;
    private final String prefix;
    private final long timeoutMs;
    private Watch.Watcher watcher;

    private JetcdStore(final Client client, final String prefix, final long timeoutMs)
    {
        this.client = client;
        this.prefix = prefix + "/";
        this.timeoutMs = timeoutMs;
    }

    /**
     * Makes a client; connects when something is asked.
     *
     * @param timeoutMs of each call.
     * @throws IllegalArgumentException if a file or a URL cannot be used; the message is for people.
     */
    public static JetcdStore open(final EtcdOptions options, final long timeoutMs)
    {
        GRPC.setLevel(Level.SEVERE);
        final ClientBuilder builder = Client.builder()
            .endpoints(options.endpoints().toArray(new String[0]))
            .connectTimeout(Duration.ofMillis(timeoutMs))
            .keepaliveTime(Duration.ofSeconds(10))
            .keepaliveTimeout(Duration.ofSeconds(5))
            .keepaliveWithoutCalls(true)
            .retryMaxAttempts(1)
            .waitForReady(false)
            .maxInboundMessageSize(MESSAGE_MAX);
        if (null != options.user())
        {
            builder.user(bytes(options.user())).password(bytes(options.password()));
        }
        if (options.endpoints().get(0).startsWith("https:"))
        {
            secure(builder, options);
        }
        return new JetcdStore(builder.build(), options.prefix(), timeoutMs);
    }

    private static void secure(final ClientBuilder builder, final EtcdOptions options)
    {
        try
        {
            builder.sslContext(tls ->
            {
                if (null != options.authority())
                {
                    tls.trustManager(options.authority().toFile());
                }
                if (null != options.certificate())
                {
                    tls.keyManager(options.certificate().toFile(), options.key().toFile());
                }
            });
        }
        catch (final SSLException ex)
        {
            throw new IllegalArgumentException("etcd.tls: " + ex.getMessage(), ex);
        }
    }

    @Override
    public EtcdSnapshot read() throws EtcdException
    {
        final GetResponse response = await(client.getKVClient().get(
            bytes(prefix), GetOption.builder().isPrefix(true).withLimit(KEYS_MAX).build()));
        if (response.isMore())
        {
            throw new EtcdException("there are more than " + KEYS_MAX + " keys below " + prefix);
        }
        final Map<String, String> values = new LinkedHashMap<>();
        for (final KeyValue pair : response.getKvs())
        {
            values.put(
                pair.getKey().toString(StandardCharsets.UTF_8).substring(prefix.length()),
                pair.getValue().toString(StandardCharsets.UTF_8));
        }
        return new EtcdSnapshot(values, response.getHeader().getClusterId(), response.getHeader().getRevision());
    }

    @Override
    public void watch(final long revision, final Runnable onChange)
    {
        unwatch();
        watcher = client.getWatchClient().watch(
            bytes(prefix),
            WatchOption.builder().isPrefix(true).withRevision(revision + 1).build(),
            Watch.listener(response -> onChange.run(), error -> onChange.run(), onChange::run));
    }

    @Override
    public long register(final String key, final String value, final long ttlSeconds) throws EtcdException
    {
        final long lease = await(client.getLeaseClient().grant(ttlSeconds, timeoutMs, TimeUnit.MILLISECONDS)).getID();
        await(client.getKVClient().put(
            bytes(prefix + key), bytes(value), PutOption.builder().withLeaseId(lease).build()));
        return lease;
    }

    @Override
    public boolean renew(final long lease) throws EtcdException
    {
        try
        {
            return await(client.getLeaseClient().keepAliveOnce(lease)).getTTL() > 0;
        }
        catch (final EtcdException ex)
        {
            if (String.valueOf(ex.getMessage()).contains("lease not found"))
            {
                return false;
            }
            throw ex;
        }
    }

    @Override
    public void revoke(final long lease) throws EtcdException
    {
        await(client.getLeaseClient().revoke(lease));
    }

    @Override
    public void close()
    {
        unwatch();
        client.close();
    }

    private void unwatch()
    {
        if (null != watcher)
        {
            watcher.close();
            watcher = null;
        }
    }

    private <T> T await(final CompletableFuture<T> future) throws EtcdException
    {
        try
        {
            return future.get(timeoutMs, TimeUnit.MILLISECONDS);
        }
        catch (final TimeoutException ex)
        {
            future.cancel(true);
            throw new EtcdException("no answer within " + timeoutMs + " ms");
        }
        catch (final ExecutionException ex)
        {
            Throwable cause = ex.getCause();
            while (null != cause.getCause() && cause != cause.getCause())
            {
                cause = cause.getCause();
            }
            throw new EtcdException(String.valueOf(cause.getMessage()).replaceAll("\\s+", " "));
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new EtcdException("interrupted");
        }
    }

    private static ByteSequence bytes(final String text)
    {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
