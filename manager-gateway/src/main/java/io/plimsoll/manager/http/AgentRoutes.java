package io.plimsoll.manager.http;

import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.control.Constraint;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.transport.NearMatch;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Agents: list, get, drain, resume. Event loops only. */
final class AgentRoutes
{
    private static final int LABELS_MAX = 64;

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

    private void drain(final Exchange exchange, final boolean drained)
    {
        final AgentView agent = agent(services, exchange.pathParameter());
        exchange.whenDone(
            services.control().drain(agent.id(), drained),
            changed -> exchange.json(200, json -> AgentJson.write(json, changed, services.usage())));
    }
}
