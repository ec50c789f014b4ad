package io.plimsoll.manager.http;

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
    private final ManagerServices services;
    private final MetricsPage metrics;
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
        metrics = new MetricsPage(services, meters, all);
    }

    List<Route> routes()
    {
        return List.of(
            Route.openGet("/health/live", Route.JSON, this::live),
            Route.openGet("/health/ready", Route.JSON, this::ready),
            Route.openGet("/metrics", Route.TEXT, metrics::answer),
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
