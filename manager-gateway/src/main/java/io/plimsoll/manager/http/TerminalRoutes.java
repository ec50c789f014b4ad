package io.plimsoll.manager.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.view.KernelView;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.manager.view.TerminalSource;
import io.plimsoll.transport.StdinMode;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Commands beside kernels and the kernels' own input and output, over WebSockets. Event loops only. */
final class TerminalRoutes
{
    private final ManagerServices services;
    private final HttpLimits limits;
    private final HttpMeters meters;
    private final Visibility visibility;

    TerminalRoutes(final ManagerServices services, final HttpLimits limits, final HttpMeters meters)
    {
        this.services = services;
        this.limits = limits;
        this.meters = meters;
        visibility = new Visibility(services);
    }

    List<Route> routes()
    {
        return List.of(
            Route.stream("/v1/sessions/{id}/exec", Route.JSON, Set.of("kernel"), this::exec),
            Route.stream("/v1/sessions/{id}/attach", Route.JSON, Set.of("kernel", "output"), this::attach));
    }

    private void exec(final Exchange exchange)
    {
        final KernelView kernel = running(exchange);
        new TerminalSocket(
            exchange,
            limits,
            (request, window, listener) ->
                services.terminals().open(kernel.kernelId(), kernel.attempt(), request, window, listener))
            .open(meters.streams());
    }

    private void attach(final Exchange exchange)
    {
        final boolean output = null == exchange.text("output") || exchange.flag("output");
        final SessionView session = visibility.session(exchange);
        final KernelView kernel = running(exchange);
        final boolean input = null != session.spec() && StdinMode.NONE != session.spec().stdinOf(kernel.index());
        if (!input && !output)
        {
            throw new Problem(
                409, "no-input", "session " + session.id() + " takes no input: it was submitted without stdin")
                .asException();
        }
        final TerminalSocket socket = new TerminalSocket(
            exchange,
            limits,
            (request, window, listener) -> new AttachedKernel(
                services, session.id(), kernel, exchange.channel().eventLoop(), listener)
                .open(output ? window : 0, input));
        socket.openAtOnce(meters.streams());
    }

    private KernelView running(final Exchange exchange)
    {
        final SessionView session = visibility.session(exchange);
        final KernelView kernel = session.kernels().get(LogRoutes.kernelIndex(exchange, session));
        if (LifeState.RUNNING != kernel.state())
        {
            throw new Problem(
                409,
                "not-running",
                "kernel " + kernel.index() + " of session " + session.id() + " is " + kernel.state() +
                    (ApiNames.hasEnded(kernel.state()) ? "" : "; wait until it is RUNNING")).asException();
        }
        if (!wantsSocket(exchange))
        {
            throw new Problem(
                426, "upgrade-required", "this is a WebSocket: send \"Upgrade: websocket\" and what belongs to it")
                .asException();
        }
        return kernel;
    }

    /** Whether the client asks for a WebSocket. */
    static boolean wantsSocket(final Exchange exchange)
    {
        final String upgrade = exchange.header(HttpHeaderNames.UPGRADE);
        return null != upgrade && upgrade.toLowerCase(Locale.ROOT).contains(HttpHeaderValues.WEBSOCKET);
    }

    /** Opens what a socket is about. */
    @FunctionalInterface
    interface Opener
    {
        /** May tell the listener before it returns, and from any thread. */
        TerminalSource.Stream open(TerminalSource.Request request, int windowBytes, TerminalSource.Listener listener);
    }
}
