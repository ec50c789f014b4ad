package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionView;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Lists of sessions: filtered, sorted, in pages. Event loops only. */
final class ListRoutes
{
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1000;
    private static final int PAGE_BYTES_MAX = 4 << 20;

    private final ManagerServices services;
    private final PastSessions past;

    ListRoutes(final ManagerServices services)
    {
        this.services = services;
        past = new PastSessions(services);
    }

    List<Route> routes()
    {
        final Set<String> names = new HashSet<>(FilterReader.NAMES);
        names.addAll(List.of("cursor", "limit", "sort", "fields", "history"));
        return List.of(Route.get("/v1/sessions", names, this::list));
    }

    private void list(final Exchange exchange)
    {
        final int limit = (int)exchange.number("limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
        final SessionFilter filter = new FilterReader(services, exchange.caller()).read(exchange.query());
        final FieldSelection fields = FieldSelection.of(exchange);
        final String sort = null == exchange.text("sort") ? "id" : exchange.text("sort");
        final boolean isPast = exchange.flag("history") && past.mayMatch(filter);
        switch (sort)
        {
            // Ids are given in the order of submission.
            case "id", "submittedAt" ->
            {
                final long cursor = exchange.number("cursor", 0, 0, Long.MAX_VALUE);
                if (isPast)
                {
                    page(exchange, fields, PageOrder.BY_ID, past.byId(exchange, filter, true, cursor, limit));
                }
                else
                {
                    write(exchange, fields, PageOrder.BY_ID, services.view().sessions(filter, cursor, limit));
                }
            }
            case "-id", "-submittedAt" ->
            {
                final long cursor = exchange.number("cursor", 0, 0, Long.MAX_VALUE);
                if (isPast)
                {
                    page(exchange, fields, PageOrder.BY_ID, past.byId(exchange, filter, false, cursor, limit));
                }
                else
                {
                    write(exchange, fields, PageOrder.BY_ID, services.view().sessionsDown(filter, cursor, limit));
                }
            }
            case "priority", "-priority" ->
            {
                final PageOrder order = PageOrder.byPriority(exchange, "-priority".equals(sort));
                page(exchange, fields, order, isPast ?
                    past.byPriority(exchange, filter, order, limit) :
                    new SortedPage(services.view(), filter, order, limit).run(exchange));
            }
            default -> throw exchange.badParameter(
                "sort", "id, submittedAt or priority, with a - before it for the highest first");
        }
    }

    private void page(
        final Exchange exchange,
        final FieldSelection fields,
        final PageOrder order,
        final CompletableFuture<SessionPage> page)
    {
        exchange.whenDone(page, found -> write(exchange, fields, order, found));
    }

    /** A page ends early where its sessions are large, so that nobody fills the memory with a thousand of them. */
    private void write(
        final Exchange exchange, final FieldSelection fields, final PageOrder order, final SessionPage page)
    {
        exchange.json(200, json -> write(json, fields, order, page));
    }

    private void write(
        final JsonGenerator json, final FieldSelection fields, final PageOrder order, final SessionPage page)
        throws IOException
    {
        final List<SessionView> sessions = page.sessions();
        json.writeStartObject();
        json.writeArrayFieldStart("sessions");
        int written = 0;
        while (written < sessions.size() && (0 == written || Json.length(json) < PAGE_BYTES_MAX))
        {
            fields.write(json, sessions.get(written), UsageView.NONE, services.facts());
            written++;
        }
        json.writeEndArray();
        order.writeCursor(json, page, written);
        json.writeNumberField("sequence", services.view().sequence());
        json.writeEndObject();
    }
}
