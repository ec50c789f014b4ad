package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.JsonValue;
import io.plimsoll.ops.etcd.EtcdFeed;
import io.plimsoll.ops.etcd.EtcdOptions;
import io.plimsoll.ops.etcd.JetcdStore;
import io.plimsoll.ops.etcd.SeenValues;
import io.plimsoll.transport.link.AgentPortLookup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the manager is, as it says in etcd; without an answer where it was last seen. A manager that has moved is found
 * at the next attempt to connect.
 */
final class EtcdManagerLookup implements AgentPortLookup
{
    private static final long CALL_TIMEOUT_MS = 3_000;
    private static final long INTERVAL_MS = 2_000;

    private final EtcdFeed feed;
    private volatile Endpoint found;

    private EtcdManagerLookup(final EtcdFeed feed)
    {
        this.feed = feed;
    }

    /**
     * Asks once, and follows from then on.
     *
     * @param lastSeen file in which the answer is kept.
     */
    static EtcdManagerLookup start(final EtcdOptions options, final Path lastSeen)
    {
        final EtcdFeed feed = new EtcdFeed(
            () -> JetcdStore.open(options, CALL_TIMEOUT_MS), SeenValues.open(lastSeen), INTERVAL_MS);
        final EtcdManagerLookup lookup = new EtcdManagerLookup(feed);
        feed.readOnce();
        lookup.onValues(feed.values());
        feed.start(lookup::onValues, () -> null);
        return lookup;
    }

    /** Why etcd does not answer; empty if it does. */
    String trouble()
    {
        return feed.trouble();
    }

    /** A manager that has gone takes its address with it; it may come back there, so the last one stays. */
    private void onValues(final Map<String, String> values)
    {
        final String place = values.get(EtcdFeed.MANAGER);
        if (null == place)
        {
            return;
        }
        try
        {
            found = Endpoint.parse(JsonValue.parse(place.getBytes(StandardCharsets.UTF_8)).text("agents"));
        }
        catch (final IOException | IllegalArgumentException ex)
        {
            // Not written by a manager; the one before stays.
            return;
        }
    }

    @Override
    public boolean tryStart(final String host, final int port)
    {
        return true;
    }

    @Override
    public int poll()
    {
        final Endpoint endpoint = found;
        return null == endpoint ? FAILED : endpoint.port();
    }

    @Override
    public String host(final String asked)
    {
        final Endpoint endpoint = found;
        return null == endpoint ? asked : endpoint.host();
    }

    @Override
    public String failure()
    {
        return feed.isUp() ? "no manager has said in etcd where it is" : "etcd does not answer: " + feed.trouble();
    }

    @Override
    public void close()
    {
        feed.close();
    }
}
