package io.plimsoll.manager.http;

import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.view.SessionView;
import java.util.List;
import java.util.Set;

/** Output of sessions. Event loops only. */
final class LogRoutes
{
    private final ManagerServices services;
    private final HttpLimits limits;
    private final HttpMeters meters;
    private final Visibility visibility;

    LogRoutes(final ManagerServices services, final HttpLimits limits, final HttpMeters meters)
    {
        this.services = services;
        this.limits = limits;
        this.meters = meters;
        visibility = new Visibility(services);
    }

    List<Route> routes()
    {
        return List.of(Route.stream(
            "/v1/sessions/{id}/logs",
            Route.TEXT,
            Set.of("stream", "kernel", "tail", "follow", "offset"),
            this::logs));
    }

    private void logs(final Exchange exchange)
    {
        final SessionView session = visibility.session(exchange);
        final int kernel = kernelIndex(exchange, session);
        final long tail = exchange.number("tail", -1, 0, Integer.MAX_VALUE);
        final long offset = exchange.number("offset", -1, 0, Long.MAX_VALUE);
        if (tail >= 0 && offset >= 0)
        {
            throw new Problem(400, "bad-parameter", "tail, offset: give one of them").field("offset").asException();
        }
        final LogFollower.Selection selection = new LogFollower.Selection(
            session.id(), kernel, isStderr(exchange), exchange.flag("follow"), offset, (int)tail);
        new LogFollower(exchange, services, limits, selection, TerminalRoutes.wantsSocket(exchange))
            .open(meters.streams());
    }

    static int kernelIndex(final Exchange exchange, final SessionView session)
    {
        final int kernel = (int)exchange.number("kernel", 0, 0, SessionDraft.KERNELS_MAX - 1);
        if (kernel >= session.kernels().size())
        {
            throw new Problem(
                404,
                "unknown-kernel",
                "there is no kernel " + kernel + ": kernels are counted from 0, and session " + session.id() +
                    " has " + session.kernels().size()).field("kernel").asException();
        }
        return kernel;
    }

    private static boolean isStderr(final Exchange exchange)
    {
        final String stream = exchange.text("stream");
        if (null == stream || "stdout".equals(stream))
        {
            return false;
        }
        if (!"stderr".equals(stream))
        {
            throw exchange.badParameter("stream", "stdout or stderr");
        }
        return true;
    }
}
