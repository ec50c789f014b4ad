package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.control.Constraint;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.transport.HostDocument;
import io.plimsoll.transport.NearMatch;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Agents: list, get, drain, resume. Event loops only. */
final class AgentRoutes
{
    private static final int LABELS_MAX = 64;
    private static final JsonFactory JSON = new JsonFactory();

    private final ManagerServices services;

    AgentRoutes(final ManagerServices services)
    {
        this.services = services;
    }

    List<Route> routes()
    {
        return List.of(
            Route.get("/v1/agents", Set.of("label"), this::list),
            Route.get("/v1/agents/{agent}", Set.of(), this::one),
            Route.get("/v1/agents/{agent}/topology", Set.of(), this::topology),
            Route.action("POST", "/v1/agents/{agent}/drain", exchange -> drain(exchange, true)),
            Route.action("POST", "/v1/agents/{agent}/resume", exchange -> drain(exchange, false)));
    }

    /** An agent by id or by name; 404 if there is neither. */
    static AgentView agent(final ManagerServices services, final String idOrName)
    {
        final long id = IdRanges.id(idOrName);
        AgentView agent = services.view().agent(idOrName);
        if (null == agent && id > 0 && id <= Integer.MAX_VALUE)
        {
            agent = services.view().agent((int)id);
        }
        if (null == agent)
        {
            final List<String> names = services.view().agents().stream().map(AgentView::name).toList();
            throw new Problem(
                404, "unknown-agent", "there is no agent with the id or name " + idOrName +
                    NearMatch.hint(NearMatch.find(idOrName, names))).asException();
        }
        return agent;
    }

    private void list(final Exchange exchange)
    {
        final Predicate<AgentView> filter = filter(exchange);
        final List<AgentView> agents = services.view().agents().stream().filter(filter).toList();
        exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeArrayFieldStart("agents");
            for (final AgentView agent : agents)
            {
                AgentJson.write(json, agent, services.usage());
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static Predicate<AgentView> filter(final Exchange exchange)
    {
        Predicate<AgentView> filter = agent -> true;
        final String text = exchange.text("label");
        for (final String condition : null == text ? new String[0] : text.split(",", LABELS_MAX))
        {
            final Constraint constraint = TermsDraft.label(condition);
            if (null == constraint)
            {
                throw exchange.badParameter("label", "conditions such as zone=z1|z2, disk!=hdd, ssd or !spot");
            }
            filter = filter.and(agent -> holds(constraint, agent.labels().get(constraint.key())));
        }
        return filter;
    }

    private static boolean holds(final Constraint constraint, final String value)
    {
        return switch (constraint.kind())
        {
            case LABEL_IN -> null != value && constraint.valueList().contains(value);
            case LABEL_NOT_IN -> null == value || !constraint.valueList().contains(value);
            case LABEL_EXISTS -> null != value;
            default -> null == value;
        };
    }

    private void one(final Exchange exchange)
    {
        final AgentView agent = agent(services, exchange.pathParameter());
        exchange.json(200, json -> AgentJson.write(json, agent, services.usage()));
    }

    /** What the agent sent is not trusted: it is answered if it is a document at all. */
    private void topology(final Exchange exchange)
    {
        final AgentView agent = agent(services, exchange.pathParameter());
        final byte[] deflated = services.hosts().document(agent.id());
        if (null == deflated)
        {
            throw new Problem(
                404, "no-topology", "agent " + agent.name() + " has not described its host since this manager " +
                    "started; one of this release does so when it connects").asException();
        }
        final String document = HostDocument.inflate(deflated);
        if (null == document || !isDocument(document))
        {
            throw new Problem(
                502, "bad-topology", "what agent " + agent.name() + " sent is no description of a host: is it of " +
                    "this release?").asException();
        }
        exchange.text(200, Route.JSON, document);
    }

    /** One JSON object with nodes; every byte is looked at, since it is passed on as it is. */
    private static boolean isDocument(final String text)
    {
        try (JsonParser json = JSON.createParser(text))
        {
            boolean hasNodes = false;
            if (JsonToken.START_OBJECT != json.nextToken())
            {
                return false;
            }
            while (JsonToken.END_OBJECT != json.nextToken())
            {
                final boolean isNodes = "numa".equals(json.currentName());
                final JsonToken value = json.nextToken();
                hasNodes |= isNodes && JsonToken.START_ARRAY == value;
                json.skipChildren();
            }
            return hasNodes && null == json.nextToken();
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    private void drain(final Exchange exchange, final boolean drained)
    {
        final AgentView agent = agent(services, exchange.pathParameter());
        exchange.whenDone(
            services.control().drain(agent.id(), drained),
            changed -> exchange.json(200, json -> AgentJson.write(json, changed, services.usage())));
    }
}
