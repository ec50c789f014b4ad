package io.plimsoll.ops.cli;

import io.plimsoll.manager.replay.ReplayServer;
import io.plimsoll.manager.replay.ReplayedCluster;
import io.plimsoll.transport.http.ApiTarget;
import java.time.Instant;

/** An open replay, and the API on it for as long as somebody asks. */
final class ReplaySession implements ApiSource, AutoCloseable
{
    private final ReplayedCluster cluster;
    private ReplayServer server;

    ReplaySession(final ReplayedCluster cluster)
    {
        this.cluster = cluster;
    }

    ReplayedCluster cluster()
    {
        return cluster;
    }

    /** One line: where it stands. */
    String place()
    {
        return 0 == cluster.sequence() ? "before the first record" :
            "sequence " + cluster.sequence() + " at " + ReplayedCluster.time(cluster.timestampNs());
    }

    @Override
    public Api connect()
    {
        return api(() ->
        {
            // Others may follow.
        });
    }

    /** For one question: the replay ends with it. */
    Api connectAndClose()
    {
        return api(this::close);
    }

    private Api api(final Runnable onClose)
    {
        if (null == server)
        {
            server = new ReplayServer(cluster, VersionCommand.version());
        }
        return new Api(
            ApiTarget.parse("http://127.0.0.1:" + server.port(), server.token()),
            "the replay has ended",
            () -> Instant.ofEpochSecond(0, cluster.timestampNs()),
            onClose);
    }

    @Override
    public void close()
    {
        if (null != server)
        {
            server.close();
        }
        cluster.close();
    }
}
