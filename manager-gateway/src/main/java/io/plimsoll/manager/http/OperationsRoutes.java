package io.plimsoll.manager.http;

import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Health;
import io.plimsoll.manager.ManagerServices;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What machines ask: health, metrics and the description of the API. All without a token. Event loops only. */
final class OperationsRoutes
{
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final ManagerServices services;
    private final HttpMeters meters;
    private final List<Route> all;
    private final String openApi = resource("openapi.json");

    /**
     * The routes.
     *
     * @param services of the manager.
     * @param meters   of the HTTP API.
     * @param all      routes whose metrics are shown; may be filled later.
     */
    OperationsRoutes(final ManagerServices services, final HttpMeters meters, final List<Route> all)
    {
        this.services = services;
        this.meters = meters;
        this.all = all;
    }

    List<Route> routes()
    {
        return List.of(
            Route.openGet("/health/live", Route.JSON, this::live),
            Route.openGet("/health/ready", Route.JSON, this::ready),
            Route.openGet("/metrics", Route.TEXT, this::metrics),
            Route.openGet("/openapi.json", Route.JSON, exchange -> exchange.text(200, Route.JSON, openApi)));
    }

    private void live(final Exchange exchange)
    {
        final boolean live = services.health().get().live();
        exchange.json(live ? 200 : 503, json ->
        {
            json.writeStartObject();
            json.writeBooleanField("live", live);
            json.writeEndObject();
        });
    }

    private void ready(final Exchange exchange)
    {
        final Health health = services.health().get();
        exchange.json(health.ready() ? 200 : 503, json ->
        {
            json.writeStartObject();
            json.writeBooleanField("ready", health.ready());
            json.writeArrayFieldStart("checks");
            for (final Health.Check check : health.checks())
            {
                json.writeStartObject();
                json.writeStringField("name", check.name());
                json.writeBooleanField("ok", check.ok());
                json.writeStringField("detail", check.detail());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void metrics(final Exchange exchange)
    {
        final StringBuilder text = new StringBuilder(8192);
        String previous = "";
        for (final Counters.Sample sample : services.counters().snapshot())
        {
            previous = sample(text, sample, previous);
        }
        states(text);
        new UsageMetrics(text).append(services);
        meters.append(text, all);
        exchange.text(200, METRICS_TYPE, text.toString());
    }

    /** Samples of one name differ in labels only and stand together; the first brings the description. */
    private static String sample(final StringBuilder text, final Counters.Sample sample, final String previous)
    {
        final int brace = sample.name().indexOf('{');
        final String name = brace < 0 ? sample.name() : sample.name().substring(0, brace);
        if (!name.equals(previous))
        {
            text.append("# HELP plimsoll_").append(name).append(' ').append(sample.help()).append('\n');
            text.append("# TYPE plimsoll_").append(name).append(sample.monotonic() ? " counter\n" : " gauge\n");
        }
        text.append("plimsoll_").append(sample.name()).append(' ').append(sample.value()).append('\n');
        return name;
    }

    /** What the view knows and no counter does. */
    private void states(final StringBuilder text)
    {
        text.append("# HELP plimsoll_agents Agents that are known, by state\n");
        text.append("# TYPE plimsoll_agents gauge\n");
        final long[] agents = services.view().agentsByLiveness();
        for (final Liveness liveness : ApiNames.LIVENESS)
        {
            text.append("plimsoll_agents{state=\"").append(liveness).append("\"} ")
                .append(agents[liveness.ordinal()]).append('\n');
        }
        HttpMeters.gauge(text, "ready", "1 if the manager can do its work", services.health().get().ready() ? 1 : 0);
    }

    private static String resource(final String name)
    {
        try (InputStream stream = OperationsRoutes.class.getResourceAsStream(name))
        {
            if (null == stream)
            {
                throw new IllegalStateException("resource missing: " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
