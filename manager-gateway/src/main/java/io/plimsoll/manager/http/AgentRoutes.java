package io.plimsoll.manager.http;

import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.view.AgentView;
import java.util.List;
import java.util.Set;

/** Agents: list, get, drain, resume. Event loops only. */
final class AgentRoutes
{
    private final ManagerServices services;

    AgentRoutes(final ManagerServices services)
    {
        this.services = services;
    }

    List<Route> routes()
    {
        return List.of(
            Route.get("/v1/agents", Set.of(), this::list),
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
        final List<AgentView> agents = services.view().agents();
        exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeArrayFieldStart("agents");
            for (final AgentView agent : agents)
            {
                AgentJson.write(json, agent);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void one(final Exchange exchange)
    {
        final AgentView agent = agent(services, exchange.pathParameter());
        exchange.json(200, json -> AgentJson.write(json, agent));
    }

    private void drain(final Exchange exchange, final boolean drained)
    {
        final AgentView agent = agent(services, exchange.pathParameter());
        exchange.whenDone(
            services.control().drain(agent.id(), drained),
            changed -> exchange.json(200, json -> AgentJson.write(json, changed)));
    }
}
