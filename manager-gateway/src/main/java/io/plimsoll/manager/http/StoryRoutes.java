package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.view.SessionGraph;
import io.plimsoll.manager.view.SessionHistory;
import io.plimsoll.manager.view.SessionStep;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;

/** What a session went through, and what it depends on. Event loops only. */
final class StoryRoutes
{
    private static final int NODES_DEFAULT = 1_000;
    private static final int NODES_MAX = 10_000;

    private final ManagerServices services;
    private final Visibility visibility;
    private final PastSessions past;

    StoryRoutes(final ManagerServices services)
    {
        this.services = services;
        visibility = new Visibility(services);
        past = new PastSessions(services);
    }

    List<Route> routes()
    {
        return List.of(
            Route.get("/v1/sessions/{id}/history", Set.of(), this::history),
            Route.get("/v1/sessions/{id}/dependencies", Set.of("direction", "limit"), this::dependencies));
    }

    private void history(final Exchange exchange)
    {
        final long id = SessionRoutes.id(exchange);
        final CompletableFuture<SessionHistory> steps = past.isPast(id) ?
            services.history().steps(id, Visibility.scope(exchange.caller())) :
            CompletableFuture.completedFuture(services.view().history(visibility.session(exchange).id()));
        PastSessions.answer(exchange, id, steps, history -> history(exchange, id, history));
    }

    private static void history(final Exchange exchange, final long id, final SessionHistory history)
    {
        exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeNumberField("id", id);
            json.writeNumberField("dropped", history.dropped());
            json.writeArrayFieldStart("steps");
            long lastNs = 0;
            for (final SessionStep step : history.steps())
            {
                write(json, step, lastNs);
                lastNs = step.atNs();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(final JsonGenerator json, final SessionStep step, final long lastNs) throws IOException
    {
        json.writeStartObject();
        JsonFields.time(json, "at", step.atNs());
        JsonFields.seconds(json, "afterSeconds", lastNs, step.atNs());
        json.writeStringField("state", step.state().name());
        json.writeStringField("result", step.result().name().toLowerCase(Locale.ROOT));
        json.writeStringField("reason", ApiNames.reason(step.reason()));
        json.writeNumberField("attempt", step.attempt());
        JsonFields.longOrNull(json, "exitCode", step.exitCode(), -1);
        json.writeEndObject();
    }

    private void dependencies(final Exchange exchange)
    {
        final long id = visibility.session(exchange).id();
        final String direction = null == exchange.text("direction") ? "both" : exchange.text("direction");
        if (!Set.of("both", "before", "behind").contains(direction))
        {
            throw exchange.badParameter("direction", "both, before (what it waits for) or behind (what waits for it)");
        }
        final int most = (int)exchange.number("limit", NODES_DEFAULT, 1, NODES_MAX);
        final SessionGraph graph =
            services.view().graph(id, !"behind".equals(direction), !"before".equals(direction), most);
        if (null == graph)
        {
            throw SessionRoutes.unknownSession(Long.toString(id)).asException();
        }
        exchange.json(200, json -> write(json, id, graph, visibility.owners(exchange.caller())));
    }

    /** Of sessions that somebody may not see it learns that there is a dependency, and nothing else. */
    private void write(final JsonGenerator json, final long id, final SessionGraph graph, final IntPredicate owners)
        throws IOException
    {
        json.writeStartObject();
        json.writeNumberField("id", id);
        json.writeBooleanField("truncated", graph.truncated());
        json.writeArrayFieldStart("nodes");
        for (final SessionGraph.Node node : graph.nodes())
        {
            final boolean shown = null == owners || owners.test(services.view().ownerOf(node.id()));
            json.writeStartObject();
            json.writeNumberField("id", node.id());
            json.writeNumberField("lastId", node.lastId());
            JsonFields.textOrNull(json, "name", shown ? node.name() : null);
            JsonFields.textOrNull(json, "state", shown && null != node.state() ? node.state().name() : null);
            JsonFields.textOrNull(
                json,
                "result",
                shown && null != node.result() ? node.result().name().toLowerCase(Locale.ROOT) : null);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("edges");
        for (final SessionGraph.Edge edge : graph.edges())
        {
            json.writeStartObject();
            json.writeNumberField("from", edge.fromId());
            json.writeNumberField("to", edge.toId());
            json.writeStringField("condition", edge.anyEnd() ? "any-end" : "success");
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
