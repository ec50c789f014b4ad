package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.manager.ConfigurationView;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** How the manager is configured. */
final class ConfigurationRoutes
{
    private final ConfigurationView configuration;

    ConfigurationRoutes(final ConfigurationView configuration)
    {
        this.configuration = configuration;
    }

    List<Route> routes()
    {
        return List.of(Route.get("/v1/config", Set.of(), this::list));
    }

    private void list(final Exchange exchange)
    {
        if (!Visibility.seesAll(exchange.caller()))
        {
            throw Visibility.notAllowed(exchange.caller(), "the configuration is for superadmins and monitors")
                .asException();
        }
        final List<ConfigurationView.Entry> entries = configuration.entries();
        exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeArrayFieldStart("keys");
            for (final ConfigurationView.Entry entry : entries)
            {
                write(json, entry);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(final JsonGenerator json, final ConfigurationView.Entry entry) throws IOException
    {
        json.writeStartObject();
        json.writeStringField("key", entry.key());
        json.writeStringField("value", entry.value());
        json.writeStringField("from", entry.origin());
        json.writeStringField("wanted", entry.wanted());
        json.writeStringField("wantedFrom", entry.wantedOrigin());
        json.writeBooleanField("restartNeeded", entry.restartNeeded());
        json.writeStringField("refused", entry.refused());
        json.writeEndObject();
    }
}
