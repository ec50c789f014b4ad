package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.manager.ClusterInfo;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.view.GroupView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What the cluster is, and an operator's two decisions about it. Event loops only. */
final class ClusterRoutes
{
    private static final String API_VERSION = "v1";

    private final ManagerServices services;
    private final Authenticator authenticator;

    ClusterRoutes(final ManagerServices services, final Authenticator authenticator)
    {
        this.services = services;
        this.authenticator = authenticator;
    }

    List<Route> routes()
    {
        return List.of(
            Route.openGet("/v1/cluster", Route.JSON, this::cluster),
            Route.post("/v1/recover", this::recover),
            Route.post("/v1/liveness/confirm", this::confirm));
    }

    /** Agents that have yet to join learn from this where to connect; the rest is for those who hold a token. */
    private void cluster(final Exchange exchange)
    {
        final ClusterInfo info = services.info().get();
        if (null == exchange.header(HttpHeaderNames.AUTHORIZATION))
        {
            exchange.json(200, json ->
            {
                json.writeStartObject();
                discovery(json, info);
                json.writeEndObject();
            });
        }
        else
        {
            authenticator.authenticate(exchange);
            whole(exchange, info);
        }
    }

    private void recover(final Exchange exchange)
    {
        CancelParser.expectFlag(exchange.body(), "acceptLoss");
        exchange.whenDone(services.control().acceptLoss(), nothing -> whole(exchange, services.info().get()));
    }

    private void confirm(final Exchange exchange)
    {
        final String group = CancelParser.optionalText(exchange.body(), "group");
        final Collection<String> groups = null == group ? services.failovers().heldGroups() : List.of(group);
        final List<String> released = new ArrayList<>();
        for (final String held : groups)
        {
            if (services.failovers().release(held))
            {
                released.add(held);
            }
        }
        if (released.isEmpty())
        {
            throw new Problem(
                409,
                "nothing-held",
                null == group ?
                    "no fail-over is held back in any group" : "no fail-over is held back in group " + group)
                .asException();
        }
        exchange.json(200, json ->
        {
            json.writeStartObject();
            texts(json, "released", released);
            json.writeEndObject();
        });
    }

    private void whole(final Exchange exchange, final ClusterInfo info)
    {
        exchange.json(200, json ->
        {
            json.writeStartObject();
            discovery(json, info);
            json.writeStringField("clusterId", info.clusterId());
            json.writeNumberField("term", info.term());
            json.writeNumberField("sequence", services.view().sequence());
            json.writeStringField("durability", info.commitMode());
            json.writeBooleanField("lostTail", services.view().lostTail());
            texts(json, "heldFailovers", services.failovers().heldGroups());
            states(json, "sessions", services.view().counts());
            json.writeObjectFieldStart("groups");
            for (final GroupView group : services.view().groupList())
            {
                states(json, group.name(), services.view().counts(group.name()));
            }
            json.writeEndObject();
            json.writeObjectFieldStart("agents");
            final long[] agents = services.view().agentsByLiveness();
            for (final Liveness liveness : ApiNames.LIVENESS)
            {
                json.writeNumberField(liveness.name(), agents[liveness.ordinal()]);
            }
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static void states(final JsonGenerator json, final String name, final Map<LifeState, Long> counts)
        throws IOException
    {
        json.writeObjectFieldStart(name);
        for (final LifeState state : ApiNames.STATES)
        {
            json.writeNumberField(state.name(), counts.getOrDefault(state, 0L));
        }
        json.writeEndObject();
    }

    private static void discovery(final JsonGenerator json, final ClusterInfo info) throws IOException
    {
        json.writeStringField("apiVersion", API_VERSION);
        json.writeNumberField("agentPort", info.agentPort());
        json.writeStringField("build", info.build());
    }

    private static void texts(final JsonGenerator json, final String name, final Collection<String> texts)
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
