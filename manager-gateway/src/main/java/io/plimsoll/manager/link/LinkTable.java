package io.plimsoll.manager.link;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which link an agent is on. Egress attaches, the thread of the links removes, any thread looks. */
public final class LinkTable
{
    private final Map<Integer, AgentLink> linkByAgentId = new ConcurrentHashMap<>();

    /** Returns the link that it replaces, null if there was none. */
    AgentLink attach(final AgentLink link)
    {
        return linkByAgentId.put(link.agentId(), link);
    }

    void remove(final AgentLink link)
    {
        linkByAgentId.remove(link.agentId(), link);
    }

    /** Null if the agent is not connected. */
    public AgentLink link(final int agentId)
    {
        return linkByAgentId.get(agentId);
    }

    /** The link of a connection, null if the agent is on another one or on none. */
    AgentLink link(final int agentId, final long connection)
    {
        final AgentLink link = linkByAgentId.get(agentId);
        return null == link || link.connection() != connection ? null : link;
    }

    Collection<AgentLink> links()
    {
        return linkByAgentId.values();
    }

    public int size()
    {
        return linkByAgentId.size();
    }
}
