package io.plimsoll.manager.http;

import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.plimsoll.manager.Gateway;
import io.plimsoll.manager.ManagerServices;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * The HTTP API of a manager. Reading starts here: each connection has a {@link ConnectionGuard} in front, each request
 * goes through {@link ApiHandler} to the handler of its {@link Route}, which answers through its {@link Exchange}.
 * Everything runs on a few event-loop threads, over epoll where it is, else NIO.
 */
public final class HttpGateway implements Gateway
{
    private static final int BACKLOG = 1024;
    private static final long TLS_INTERVAL_MS = 2_000;
    /** What others may need to end. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);
    /** For what depends on this machine alone, and would fail if it were given up half done. */
    private static final Duration DISPOSE_TIMEOUT = Duration.ofSeconds(30);

    private final DisposableServer server;
    private final ReloadingTls tls;
    private final LoopResources loops;
    private final HttpMeters meters;
    private final ChannelGroup channels;
    private final List<Route> routes;

    private HttpGateway(
        final DisposableServer server,
        final ReloadingTls tls,
        final LoopResources loops,
        final HttpMeters meters,
        final ChannelGroup channels,
        final List<Route> routes)
    {
        this.server = server;
        this.tls = tls;
        this.loops = loops;
        this.meters = meters;
        this.channels = channels;
        this.routes = routes;
    }

    /**
     * Opens the API.
     *
     * @param context  how to serve it.
     * @param services of the manager.
     * @return the running server.
     * @throws IllegalArgumentException if the context is unsafe or incomplete.
     * @throws IllegalStateException    if the address cannot be listened on.
     */
    public static HttpGateway launch(final HttpContext context, final ManagerServices services)
    {
        return launch(context, services, new RequestRates(context.limits(), System::nanoTime));
    }

    /**
     * Opens the API beside other ways into the same manager.
     *
     * @param context  how to serve it.
     * @param services of the manager.
     * @param rates    of all ways.
     * @return the running server.
     */
    static HttpGateway launch(final HttpContext context, final ManagerServices services, final RequestRates rates)
    {
        return launch(context, services, rates, route -> true);
    }

    /**
     * Opens the part of the API that reads what is there and changes nothing.
     *
     * @param context  how to serve it.
     * @param services of something that can be looked at; those that change something or go on may be null.
     * @return the running server.
     */
    public static HttpGateway launchReadOnly(final HttpContext context, final ManagerServices services)
    {
        return launch(
            context, services, new RequestRates(context.limits(), System::nanoTime),
            route -> "GET".equals(route.method()) && !route.streaming());
    }

    private static HttpGateway launch(
        final HttpContext context,
        final ManagerServices services,
        final RequestRates rates,
        final Predicate<Route> offered)
    {
        HttpContextValidator.validate(context);
        final ReloadingTls tls = null == context.tls() ? null : ReloadingTls.open(context.tls(), TLS_INTERVAL_MS);
        final HttpMeters meters = new HttpMeters(context.limits());
        final ApiHandler handler = handler(context, services, rates, meters, offered);
        final LoopResources loops = LoopResources.create("plimsoll-http", 1, context.threads(), true);
        final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        try
        {
            final DisposableServer server = server(context, tls, meters, loops, channels)
                .handle(handler::onRequest)
                .bindNow();
            if (null != tls)
            {
                tls.register(services.counters());
            }
            return new HttpGateway(server, tls, loops, meters, channels, handler.routes());
        }
        catch (final ChannelBindException ex)
        {
            loops.dispose();
            close(tls);
            throw new IllegalStateException(unbindable(context.address(), ex), ex);
        }
        catch (final RuntimeException ex)
        {
            loops.dispose();
            close(tls);
            throw ex;
        }
    }

    @Override
    public int port()
    {
        return server.port();
    }

    @Override
    public void close()
    {
        if (!server.isDisposed())
        {
            server.disposeNow(DISPOSE_TIMEOUT);
            awaitAnswers();
            channels.close().awaitUninterruptibly(CLOSE_TIMEOUT.toMillis());
            close(tls);
            loops.disposeLater(Duration.ZERO, DISPOSE_TIMEOUT).block(DISPOSE_TIMEOUT);
        }
    }

    private static void close(final ReloadingTls tls)
    {
        if (null != tls)
        {
            tls.close();
        }
    }

    /** For tests: looks at the certificate files now. */
    void lookAtCertificates()
    {
        tls.look();
    }

    /** Streams would go on for ever; everything else gets a moment to end. */
    private void awaitAnswers()
    {
        final long startNs = System.nanoTime();
        while (meters.exchanges().get() > meters.streams().get() &&
            System.nanoTime() - startNs < CLOSE_TIMEOUT.toNanos())
        {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** For tests: what must be back at zero when everyone has gone. */
    HttpMeters meters()
    {
        return meters;
    }

    /** The certificate that it shows, as the files have it; null: no TLS. */
    SslContext tls()
    {
        return tls;
    }

    List<Route> routes()
    {
        return routes;
    }

    private static ApiHandler handler(
        final HttpContext context,
        final ManagerServices services,
        final RequestRates rates,
        final HttpMeters meters,
        final Predicate<Route> offered)
    {
        final HttpLimits limits = context.limits();
        final List<Route> routes = new ArrayList<>();
        final Authenticator authenticator =
            new Authenticator(services.tokens(), limits, rates, InstantSource.system(), System::nanoTime);
        authenticator.register(services.counters());
        routes.addAll(new SessionRoutes(services, limits, meters).routes());
        routes.addAll(new ListRoutes(services).routes());
        routes.addAll(new TemplateRoutes(services).routes());
        routes.addAll(new UpdateRoutes(services).routes());
        routes.addAll(new WaitRoutes(services, limits).routes());
        routes.addAll(new StoryRoutes(services).routes());
        routes.addAll(new ExplainRoutes(services).routes());
        routes.addAll(new LogRoutes(services, limits, meters).routes());
        routes.addAll(new TerminalRoutes(services, limits, meters).routes());
        routes.addAll(new EventRoutes(services, limits, meters).routes());
        routes.addAll(new AgentRoutes(services).routes());
        routes.addAll(new UsageRoutes(services).routes());
        routes.addAll(new HistoryRoutes(services).routes());
        routes.addAll(new GroupRoutes(services).routes());
        routes.addAll(new AccountRoutes(services).routes());
        routes.addAll(new IdentityRoutes(services).routes());
        routes.addAll(new AuditRoutes(services).routes());
        routes.addAll(new ClusterRoutes(services, authenticator).routes());
        routes.addAll(new ConfigurationRoutes(context.configuration()).routes());
        routes.addAll(new OperationsRoutes(services, meters, routes).routes());
        final List<Route> open = routes.stream().filter(offered).toList();
        return new ApiHandler(
            new Router(open), authenticator, new AuditTrail(services.identities()), limits, meters,
            services.tracing());
    }

    private static HttpServer server(
        final HttpContext context,
        final ReloadingTls tls,
        final HttpMeters meters,
        final LoopResources loops,
        final ChannelGroup channels)
    {
        final HttpLimits limits = context.limits();
        final HttpServer server = HttpServer.create()
            .runOn(loops, isEpollPreferred())
            .bindAddress(context::address)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .httpRequestDecoder(spec -> spec
                .maxInitialLineLength(limits.lineBytesMax())
                .maxHeaderSize(limits.headerBytesMax()))
            .doOnChannelInit((observer, channel, remote) ->
            {
                channels.add(channel);
                channel.pipeline().addBefore(
                    NettyPipeline.HttpTrafficHandler, ConnectionGuard.NAME, new ConnectionGuard(limits, meters));
            });
        return null == tls ? server : server.secure(spec -> spec.sslContext(tls));
    }

    /** Epoll costs a sixth less than NIO; but reactor-netty would take io_uring where it is, whose waits look busy. */
    private static boolean isEpollPreferred()
    {
        try
        {
            Class.forName("io.netty.channel.uring.IoUring", false, HttpGateway.class.getClassLoader());
            return false;
        }
        catch (final ClassNotFoundException ex)
        {
            return true;
        }
    }

    private static String unbindable(final InetSocketAddress address, final ChannelBindException thrown)
    {
        final String place = address.getHostString() + ":" + address.getPort();
        final Throwable cause = thrown.getCause();
        final boolean taken = cause instanceof BindException ||
            (null != cause && String.valueOf(cause.getMessage()).contains("Address already in use"));
        return taken ?
            "cannot listen on " + place + ": the port is taken, by another manager perhaps; choose another with" +
                " --listen" :
            "cannot listen on " + place + ": " + thrown.getMessage();
    }
}
