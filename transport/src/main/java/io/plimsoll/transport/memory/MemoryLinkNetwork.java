package io.plimsoll.transport.memory;

import io.plimsoll.transport.link.LinkOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Connects clients to servers by host and port, and breaks what it connected when told to. Frames travel when the
 * receiving side polls, after the sending side has flushed.
 */
public final class MemoryLinkNetwork
{
    private final Map<String, MemoryLinkServer> servers = new HashMap<>();
    private final LinkOptions options;
    private long lastLinkId;

    /**
     * Makes a network.
     *
     * @param options whose bounds of outbox and of links hold here too; times are not kept.
     */
    public MemoryLinkNetwork(final LinkOptions options)
    {
        this.options = options;
    }

    /**
     * Starts to listen.
     *
     * @param host that clients name.
     * @param port that clients name.
     * @return the server.
     */
    public MemoryLinkServer listen(final String host, final int port)
    {
        final MemoryLinkServer server = new MemoryLinkServer(this, host + ":" + port, options);
        if (null != servers.putIfAbsent(host + ":" + port, server))
        {
            throw new IllegalStateException("address in use: " + host + ":" + port);
        }
        return server;
    }

    /**
     * Makes an agent's side.
     *
     * @param host its own address, that the server sees.
     * @return the client.
     */
    public MemoryLinkClient newClient(final String host)
    {
        return new MemoryLinkClient(this, host, options);
    }

    /** All links that stand, oldest first; for faults. */
    public List<MemoryLink> links()
    {
        final List<MemoryLink> links = new ArrayList<>();
        for (final MemoryLinkServer server : servers.values())
        {
            links.addAll(server.links());
        }
        links.sort((a, b) -> Long.compare(a.linkId(), b.linkId()));
        return links;
    }

    MemoryLinkServer server(final String address)
    {
        return servers.get(address);
    }

    void remove(final String address)
    {
        servers.remove(address);
    }

    long nextLinkId()
    {
        return ++lastLinkId;
    }
}
