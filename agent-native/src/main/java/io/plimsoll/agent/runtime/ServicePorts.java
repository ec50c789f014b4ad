package io.plimsoll.agent.runtime;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ports of the host that stand for ports of containers. Of the agent's thread. */
final class ServicePorts
{
    private final PortPool pool;

    ServicePorts(final PortPool pool)
    {
        this.pool = pool;
    }

    /** Ports of the container by those of the host; null: there are not enough. */
    Map<Integer, Integer> acquire(final List<Integer> wanted, final long nowNs)
    {
        final Map<Integer, Integer> published = new LinkedHashMap<>();
        for (final int port : wanted)
        {
            final int host = pool.acquire(nowNs);
            if (PortPool.NONE == host)
            {
                release(published.keySet(), nowNs);
                return null;
            }
            published.put(host, port);
        }
        return published;
    }

    /** Takes up what a label says, as {@code 8080=30000,8081=30001}. */
    Map<Integer, Integer> claim(final String label)
    {
        final Map<Integer, Integer> published = new LinkedHashMap<>();
        if (null != label)
        {
            for (final String pair : label.split(","))
            {
                final int equals = pair.indexOf('=');
                if (equals > 0)
                {
                    final int host = Integer.parseInt(pair.substring(equals + 1));
                    pool.claim(host);
                    published.put(host, Integer.parseInt(pair.substring(0, equals)));
                }
            }
        }
        return published;
    }

    void release(final Collection<Integer> hosts, final long nowNs)
    {
        hosts.forEach(host -> pool.release(host, nowNs));
    }
}
