package io.plimsoll.manager.http;

import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.identity.AuditEntry;
import io.plimsoll.manager.identity.AuditQuery;
import java.util.List;
import java.util.Set;

/** Who changed what. For superadmins and monitors: entries name others. Event loops only. */
final class AuditRoutes
{
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1_000;

    private final ManagerServices services;

    AuditRoutes(final ManagerServices services)
    {
        this.services = services;
    }

    List<Route> routes()
    {
        return List.of(
            Route.get("/v1/audit", Set.of("actor", "action", "target", "cursor", "limit"), this::list));
    }

    private void list(final Exchange exchange)
    {
        if (!Visibility.seesAll(exchange.caller()))
        {
            throw Visibility.notAllowed(exchange.caller(), "the audit log is for superadmins and monitors")
                .asException();
        }
        final int limit = (int)exchange.number("limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
        final AuditQuery query = new AuditQuery(
            exchange.text("actor"),
            exchange.text("action"),
            exchange.text("target"),
            exchange.number("cursor", 0, 1, Long.MAX_VALUE),
            limit);
        exchange.whenDone(services.identities().audit(query), entries -> answer(exchange, entries, limit));
    }

    private static void answer(final Exchange exchange, final List<AuditEntry> entries, final int limit)
    {
        exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeArrayFieldStart("entries");
            for (final AuditEntry entry : entries)
            {
                json.writeStartObject();
                json.writeNumberField("id", entry.id());
                SubjectJson.time(json, "at", entry.at());
                json.writeStringField("actor", entry.actor());
                json.writeStringField("role", entry.role());
                json.writeStringField("source", entry.source());
                json.writeStringField("requestId", entry.requestId());
                json.writeStringField("action", entry.action());
                json.writeStringField("target", entry.target());
                json.writeStringField("result", entry.result());
                json.writeStringField("detail", entry.detail());
                json.writeEndObject();
            }
            json.writeEndArray();
            JsonFields.longOrNull(
                json, "nextCursor", entries.size() < limit ? 0 : entries.get(entries.size() - 1).id(), 0);
            json.writeEndObject();
        });
    }
}
