package io.plimsoll.manager.callback;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.plimsoll.transport.auth.PemFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * Carries callbacks over HTTP: to the very address that was looked at and found harmless, with no redirection followed,
 * no proxy asked, and no answer read beyond what anybody has to say. Names are looked up beside, since that may take
 * long.
 */
public final class HttpCallbackSender implements CallbackSender
{
    /** Longest answer that is read. */
    static final int ANSWER_LENGTH_MAX = 16 * 1024;

    static final int LOOKUP_THREADS = 4;
    /** As many as attempts that are under way at a time. */
    static final int LOOKUPS_WAITING_MAX = CallbackQueues.UNDER_WAY_MAX;

    private static final int CONNECTIONS_MAX = 64;
    private static final int HEADERS_LENGTH_MAX = 16 * 1024;
    private static final int LINE_LENGTH_MAX = 4 * 1024;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final CallbackOptions options;
    private final CallbackGuard guard;
    private final Names names;
    private final ThreadPoolExecutor lookups = new ThreadPoolExecutor(
        LOOKUP_THREADS, LOOKUP_THREADS, 0, TimeUnit.NANOSECONDS, new ArrayBlockingQueue<>(LOOKUPS_WAITING_MAX), task ->
        {
            final Thread thread = new Thread(task, "plimsoll-callback-names");
            thread.setDaemon(true);
            return thread;
        });
    private final LoopResources loops = LoopResources.create("plimsoll-callbacks", 1, 1, true);
    private final ConnectionProvider connections = ConnectionProvider.builder("callbacks")
        .maxConnections(CONNECTIONS_MAX)
        .pendingAcquireMaxCount(CONNECTIONS_MAX)
        .maxIdleTime(IDLE)
        .evictInBackground(IDLE)
        .disposeInactivePoolsInBackground(IDLE, IDLE)
        .build();
    private final HttpClient client;
    private final HttpClient secureClient;
    private final SslContext tls;

    /**
     * For an operator's rules.
     *
     * @param options where callbacks may go.
     * @throws IllegalArgumentException if there are no certificates in the file that it names.
     */
    public HttpCallbackSender(final CallbackOptions options)
    {
        this(options, InetAddress::getAllByName);
    }

    HttpCallbackSender(final CallbackOptions options, final Names names)
    {
        this.options = options;
        this.names = names;
        guard = new CallbackGuard(options);
        client = strict(HttpClient.create(connections));
        // A connection shows the certificate of one name, and several names may have one address: none is used twice.
        secureClient = strict(HttpClient.newConnection());
        tls = tls(options.caFile());
    }

    private HttpClient strict(final HttpClient any)
    {
        return any
            .runOn(loops)
            .followRedirect(false)
            .disableRetry(true)
            .responseTimeout(Duration.ofNanos(options.timeoutNs()))
            .httpResponseDecoder(spec -> spec
                .maxHeaderSize(HEADERS_LENGTH_MAX)
                .maxInitialLineLength(LINE_LENGTH_MAX));
    }

    private static SslContext tls(final Path caFile)
    {
        try
        {
            final SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .endpointIdentificationAlgorithm("HTTPS");
            return null == caFile ? builder.build() :
                builder.trustManager(PemFiles.certificates(caFile).toArray(new X509Certificate[0])).build();
        }
        catch (final SSLException ex)
        {
            throw new IllegalStateException("this JDK has no TLS: " + ex.getMessage(), ex);
        }
        catch (final IOException ex)
        {
            throw new IllegalArgumentException(ex.getMessage(), ex);
        }
    }

    @Override
    public CompletableFuture<Integer> send(
        final CallbackUrl url, final Map<String, String> headers, final byte[] body)
    {
        return lookUp(url)
            .thenCompose(address -> post(url, address, headers, body))
            .orTimeout(options.timeoutNs(), TimeUnit.NANOSECONDS)
            .exceptionallyCompose(error -> CompletableFuture.failedFuture(named(error)));
    }

    /** What is not found in time is not looked up any more, and nothing is sent to it however late it is found. */
    private CompletableFuture<InetSocketAddress> lookUp(final CallbackUrl url)
    {
        final CompletableFuture<InetSocketAddress> found = new CompletableFuture<>();
        final Runnable lookup = () ->
        {
            try
            {
                found.complete(address(url));
            }
            catch (final IOException | RuntimeException ex)
            {
                found.completeExceptionally(ex);
            }
        };
        try
        {
            lookups.execute(lookup);
        }
        catch (final RejectedExecutionException ex)
        {
            return CompletableFuture.failedFuture(new IOException(
                "the host " + url.host() + " is not looked up: " + LOOKUPS_WAITING_MAX + " others wait for that", ex));
        }
        return found.orTimeout(options.timeoutNs(), TimeUnit.NANOSECONDS)
            .whenComplete((address, error) -> lookups.remove(lookup));
    }

    /** The first address of a host that may be sent to. */
    private InetSocketAddress address(final CallbackUrl url) throws IOException
    {
        final InetAddress[] addresses;
        try
        {
            addresses = names.addresses(url.host());
        }
        catch (final UnknownHostException ex)
        {
            throw new IOException("the host " + url.host() + " is not known", ex);
        }
        String objection = null;
        for (final InetAddress address : addresses)
        {
            final String one = guard.objection(url, address);
            if (null == one)
            {
                return pinned(url, address);
            }
            objection = one;
        }
        throw new IOException(objection);
    }

    /** The address, with the name for certificates, so that nobody looks it up a second time. */
    private static InetSocketAddress pinned(final CallbackUrl url, final InetAddress address)
    {
        try
        {
            return new InetSocketAddress(InetAddress.getByAddress(url.host(), address.getAddress()), url.port());
        }
        catch (final UnknownHostException ex)
        {
            throw new IllegalStateException("it was an address before", ex);
        }
    }

    private CompletableFuture<Integer> post(
        final CallbackUrl url, final InetSocketAddress address, final Map<String, String> headers, final byte[] body)
    {
        final HttpClient plain = (url.secure() ? secureClient : client).remoteAddress(() -> address).headers(all ->
        {
            headers.forEach(all::set);
            all.set("Host", hostHeader(url));
            all.set("User-Agent", "plimsoll");
            all.set("Content-Length", body.length);
            if (url.secure())
            {
                all.set("Connection", "close");
            }
        });
        final HttpClient secured = url.secure() ?
            plain.secure(spec -> spec.sslContext(tls).handlerConfigurator(handler ->
            {
                if (!url.host().matches("[0-9.]+|.*:.*"))
                {
                    final SSLParameters parameters = handler.engine().getSSLParameters();
                    parameters.setServerNames(List.of(new SNIHostName(url.host())));
                    handler.engine().setSSLParameters(parameters);
                }
            })) : plain;
        return secured.post()
            .uri(url.path())
            .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
            .response((response, content) -> content.map(ByteBuf::readableBytes)
                .scan(0, Integer::sum)
                .takeUntil(length -> length > ANSWER_LENGTH_MAX)
                .last(0)
                .map(length -> status(response, length)))
            .next()
            // Ends the connection too, of whoever sends an answer a byte at a time.
            .timeout(Duration.ofNanos(options.timeoutNs()))
            .toFuture();
    }

    private static int status(final HttpClientResponse response, final int length)
    {
        if (length > ANSWER_LENGTH_MAX)
        {
            throw new CompletionException(
                new IOException("its answer is longer than " + ANSWER_LENGTH_MAX + " bytes"));
        }
        return response.status().code();
    }

    private static String hostHeader(final CallbackUrl url)
    {
        final String host = url.host().indexOf(':') < 0 ? url.host() : "[" + url.host() + "]";
        return url.port() == (url.secure() ? 443 : 80) ? host : host + ":" + url.port();
    }

    private Throwable named(final Throwable error)
    {
        Throwable cause = error;
        while (cause instanceof CompletionException && null != cause.getCause())
        {
            cause = cause.getCause();
        }
        return cause instanceof TimeoutException ?
            new IOException("no answer within " + TimeUnit.NANOSECONDS.toMillis(options.timeoutNs()) + " ms") : cause;
    }

    @Override
    public void close()
    {
        lookups.shutdownNow();
        connections.dispose();
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block(Duration.ofSeconds(5));
    }

    /** Who knows what a name means; may take long. */
    @FunctionalInterface
    interface Names
    {
        /** All addresses of a host, at least one. */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }
}
