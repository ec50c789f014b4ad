package io.plimsoll.manager.link;

import io.plimsoll.manager.control.RequestOrigin;
import io.plimsoll.manager.egress.RequestOrigins;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.transport.ContainerSpec;

/**
 * Where agents are for each other: at the address that they say of themselves, by the label {@value #LABEL}, else at
 * the one that their link comes from. Of the egress stage, but for what reads a text.
 */
final class AgentAddresses
{
    /** Label of an agent that others reach by another address than its link comes from. */
    static final String LABEL = "address";

    private final LiveViewStore view;
    private final LinkTable table;
    private final RequestOrigins origins;

    AgentAddresses(final LiveViewStore view, final LinkTable table, final RequestOrigins origins)
    {
        this.view = view;
        this.table = table;
        this.origins = origins;
    }

    /** Id of the request that submitted a session; empty: nobody knows. */
    String requestOf(final long sessionId)
    {
        final RequestOrigin origin = origins.find(sessionId);
        return null == origin ? "" : origin.requestId();
    }

    LiveViewStore view()
    {
        return view;
    }

    /** Empty: nobody knows; the name of the agent is all there is. */
    String of(final int agentId)
    {
        final String own = view.agentLabel(agentId, LABEL);
        if (!own.isEmpty())
        {
            return own;
        }
        final AgentLink link = table.link(agentId);
        return null == link ? "" : link.address();
    }

    /**
     * The same for one who is in the network of containers of {@code reader}, if that is in any: marked as such, since
     * containers find each other there.
     */
    String of(final int agentId, final int reader)
    {
        final String network = view.agentLabel(reader, ContainerSpec.NETWORK_LABEL);
        return !network.isEmpty() && network.equals(view.agentLabel(agentId, ContainerSpec.NETWORK_LABEL)) ?
            of(agentId) + ContainerSpec.IN_NETWORK : of(agentId);
    }

    /** The address of {@code /10.0.0.7:41234}; empty for one of this host, which means another to everybody else. */
    static String ofPeer(final String peer)
    {
        final int port = peer.lastIndexOf(':');
        final String host = peer.substring(peer.lastIndexOf('/') + 1, Math.max(port, peer.lastIndexOf('/') + 1));
        final String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        final int scope = bare.indexOf('%');
        final String address = scope < 0 ? bare : bare.substring(0, scope);
        final boolean isLoopback =
            address.startsWith("127.") || "::1".equals(address) || "0:0:0:0:0:0:0:1".equals(address);
        return isLoopback || !address.matches("[0-9a-fA-F]*[.:][0-9a-fA-F.:]*") ? "" : address;
    }
}
