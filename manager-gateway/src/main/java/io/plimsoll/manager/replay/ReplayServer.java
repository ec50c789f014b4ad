package io.plimsoll.manager.replay;

import io.plimsoll.manager.ClusterInfo;
import io.plimsoll.manager.FailoverControl;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.ServicesBuilder;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.http.HttpContext;
import io.plimsoll.manager.http.HttpGateway;
import io.plimsoll.transport.auth.Credentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Set;

/**
 * The HTTP API on a replayed cluster: what a live manager answers is answered by the same routes, from the same view.
 * Only what reads is there. On the loopback interface, for whoever has the token, as long as the replay is open.
 */
public final class ReplayServer implements AutoCloseable
{
    private final String token = Credentials.newSecret(new SecureRandom());
    private final HttpGateway gateway;

    /**
     * Serves a replay.
     *
     * @param cluster that is shown, wherever it stands at the moment.
     * @param build   of this program.
     */
    public ReplayServer(final ReplayedCluster cluster, final String build)
    {
        final HttpContext context = HttpContext.plain(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        gateway = HttpGateway.launchReadOnly(context, services(cluster, build));
    }

    private ManagerServices services(final ReplayedCluster cluster, final String build)
    {
        final String tokenHash = Credentials.hash(token);
        final String clusterId = cluster.journal().clusterId().toString();
        return new ServicesBuilder()
            .explanations(new ReplayedExplanations(cluster))
            .view(new ReplayedView(cluster))
            .tokens(given -> Credentials.matches(given, tokenHash) ? Caller.ADMINISTRATOR : null)
            .failovers(new NothingHeld())
            .info(() -> new ClusterInfo(clusterId, cluster.core().term(), 0, "", "replay", build))
            .build();
    }

    public int port()
    {
        return gateway.port();
    }

    /** Opens the door; new with every replay. */
    public String token()
    {
        return token;
    }

    @Override
    public void close()
    {
        gateway.close();
    }

    /** What a tracker of living agents holds back is not in the journal. */
    private static final class NothingHeld implements FailoverControl
    {
        @Override
        public Set<String> heldGroups()
        {
            return Set.of();
        }

        @Override
        public boolean release(final String group)
        {
            return false;
        }
    }
}
