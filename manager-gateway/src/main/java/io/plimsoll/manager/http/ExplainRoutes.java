package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.core.Explanation;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.view.ExplanationView;
import io.plimsoll.manager.view.GroupView;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Why is a session where it is, and who waits before it? Event loops only. */
final class ExplainRoutes
{
    private static final int QUEUE_DEFAULT = 20;
    private static final int QUEUE_MAX = 1_000;

    private final ManagerServices services;
    private final Visibility visibility;

    ExplainRoutes(final ManagerServices services)
    {
        this.services = services;
        visibility = new Visibility(services);
    }

    List<Route> routes()
    {
        return List.of(
            Route.get("/v1/sessions/{id}/explain", Set.of(), this::explain),
            Route.get("/v1/groups/{group}/queue", Set.of("limit"), this::queue));
    }

    private void queue(final Exchange exchange)
    {
        final GroupView group = new GroupRoutes(services).group(exchange);
        final int limit = (int)exchange.number("limit", QUEUE_DEFAULT, 1, QUEUE_MAX);
        exchange.whenDone(services.explanations().queue(group.id(), limit), listing -> exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeStringField("group", group.name());
            json.writeNumberField("sequence", listing.sequence());
            json.writeNumberField("waiting", listing.waiting());
            ids(json, "ready", visible(exchange, listing.ready()));
            ids(json, "held", visible(exchange, listing.held()));
            json.writeEndObject();
        }));
    }

    private long[] visible(final Exchange exchange, final long[] ids)
    {
        return Arrays.stream(ids)
            .filter(id -> visibility.sees(exchange.caller(), services.view().ownerOf(id)))
            .toArray();
    }

    private static void ids(final JsonGenerator json, final String name, final long[] ids) throws IOException
    {
        json.writeArrayFieldStart(name);
        for (final long id : ids)
        {
            json.writeNumber(id);
        }
        json.writeEndArray();
    }

    private void explain(final Exchange exchange)
    {
        final long id = SessionRoutes.id(exchange);
        if (!visibility.sees(exchange.caller(), services.view().ownerOf(id)))
        {
            throw SessionRoutes.unknownSession(Long.toString(id)).asException();
        }
        exchange.whenDone(services.explanations().explain(id), view ->
        {
            if (null == view)
            {
                throw SessionRoutes.unknownSession(Long.toString(id)).asException();
            }
            exchange.json(200, json -> write(json, view));
        });
    }

    private static void write(final JsonGenerator json, final ExplanationView view) throws IOException
    {
        final Explanation answer = view.answer();
        json.writeStartObject();
        json.writeNumberField("id", answer.sessionId());
        // The view may be a little ahead of the answer, which is the one that is explained.
        json.writeStringField("state", LifeState.get((short)answer.state()).name());
        json.writeStringField("summary", ExplanationText.summary(view));
        texts(json, "waitsFor", ExplanationText.waitsFor(view));
        json.writeStringField("group", view.group());
        JsonFields.longOrNull(json, "position", answer.position(), 0);
        json.writeBooleanField("positionExact", answer.positionExact());
        json.writeNumberField("waiting", answer.waiting());
        json.writeArrayFieldStart("dependencies");
        for (final Explanation.Unmet unmet : answer.unmet())
        {
            json.writeStartObject();
            json.writeNumberField("id", unmet.sessionId());
            json.writeStringField("needs", unmet.anyEnd() ? "end" : "success");
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("dependencyCount", answer.unmetCount());
        JsonFields.time(json, "startAt", answer.startsAtNs());
        JsonFields.time(json, "notBefore", answer.notBeforeNs());
        texts(json, "limits", view.limits());
        agents(json, view);
        JsonFields.time(json, "expectedStart", answer.expectedNs());
        json.writeBooleanField("reserved", answer.reserved());
        json.writeNumberField("sequence", answer.sequence());
        JsonFields.time(json, "at", answer.timestampNs());
        json.writeEndObject();
    }

    private static void agents(final JsonGenerator json, final ExplanationView view) throws IOException
    {
        final Explanation.Agents agents = view.answer().agents();
        if (null == agents)
        {
            json.writeNullField("agents");
            json.writeNullField("shortfall");
            return;
        }
        json.writeObjectFieldStart("agents");
        json.writeNumberField("total", agents.total());
        counts(json, "rejected", view.rejected());
        counts(json, "lacking", view.lacking());
        json.writeNumberField("fitting", agents.fitting());
        json.writeNumberField("places", agents.places());
        json.writeNumberField("kernels", agents.kernels());
        json.writeNumberField("part", agents.part());
        json.writeNumberField("parts", agents.parts());
        json.writeEndObject();
        if (null == agents.shortfall())
        {
            json.writeNullField("shortfall");
            return;
        }
        json.writeObjectFieldStart("shortfall");
        json.writeNumberField("agents", agents.shortfall().agents());
        JsonFields.slots(json, "missing", view.missing());
        json.writeEndObject();
    }

    private static void counts(final JsonGenerator json, final String name, final Map<String, Integer> counts)
        throws IOException
    {
        json.writeObjectFieldStart(name);
        for (final Map.Entry<String, Integer> count : counts.entrySet())
        {
            json.writeNumberField(count.getKey(), count.getValue());
        }
        json.writeEndObject();
    }

    private static void texts(final JsonGenerator json, final String name, final List<String> texts)
        throws IOException
    {
        json.writeArrayFieldStart(name);
        for (final String text : texts)
        {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
