package io.plimsoll.loadtest.live;

import io.plimsoll.agent.AgentState;
import io.plimsoll.agent.SimulatedAgents;
import io.plimsoll.agent.SimulatedAgentsContext;
import io.plimsoll.agent.runtime.KernelWatch;
import io.plimsoll.loadtest.live.LoadException.Kind;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.link.ChannelConnector;
import io.plimsoll.transport.link.DownlinkClient;
import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.link.LinkOptions;
import io.plimsoll.transport.uplink.AeronUplinks;
import io.plimsoll.transport.uplink.MediaDriverHost;
import io.plimsoll.transport.uplink.MediaDriverOptions;
import io.plimsoll.transport.uplink.UplinkGrant;
import io.plimsoll.transport.uplink.UplinkSender;
import io.plimsoll.transport.uplink.UplinkSenderOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.SystemNanoClock;

/** Simulated agents on a thread, with a media driver, an Aeron client and an event loop of theirs. */
public final class Swarm implements AutoCloseable
{
    private static final long GIB = 1L << 30;
    /** A stream has a window of 128 KiB, which is a thousand heartbeats, in the time it takes to say that they came. */
    private static final int AGENTS_PER_STREAM = 10_000;

    private final int count;
    private final int agentsPerLink;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final MediaDriverHost driver;
    private final List<AeronUplinks> uplinks = new ArrayList<>();
    private final LinkConnector links;
    private final SimulatedAgents agents;
    private final AgentRunner runner;

    /**
     * Launches agents, which then connect.
     *
     * @param options of theirs.
     * @param manager where it listens for agents.
     * @param port    where it listens for agents.
     * @param token   to join with.
     * @param watch   told of kernels.
     * @param between put between the agents and their links.
     */
    public Swarm(
        final Options options,
        final String manager,
        final int port,
        final JoinToken token,
        final KernelWatch watch,
        final UnaryOperator<LinkConnector> between)
    {
        count = options.agents();
        agentsPerLink = Math.max(1, options.agentsPerLink());
        try
        {
            driver = MediaDriverHost.launch(MediaDriverOptions.embedded());
        }
        catch (final IOException ex)
        {
            throw new LoadException(Kind.SHORT, "the agents' media driver cannot be started: " + ex.getMessage());
        }
        for (int i = 0; i < count; i += AGENTS_PER_STREAM)
        {
            uplinks.add(new AeronUplinks(driver, UplinkSenderOptions.defaults().shared()));
        }
        final DownlinkClient client = new DownlinkClient(LinkOptions.defaults(), token.caSha256());
        links = options.agentsPerLink() > 1 ? new ChannelConnector(client, options.agentsPerLink()) : client;
        agents = new SimulatedAgents(
            new SimulatedAgentsContext(
                count, options.namePrefix(), options.group(), manager, port, token, options.cpuMillis(),
                options.memoryBytes(), 0, options.seed(), this::uplink, watch),
            SystemNanoClock.INSTANCE,
            between.apply(links),
            this::uplink,
            List.of());
        runner = new AgentRunner(
            new BackoffIdleStrategy(10, 5, 10_000, 500_000), error -> failure.compareAndSet(null, error), null, agents);
        AgentRunner.startOnThread(runner, task -> new Thread(task, "plimsoll-virtual-agents"));
    }

    private UplinkSender uplink(final UplinkGrant grant)
    {
        return uplinks.get(Math.floorMod(grant.agentId(), uplinks.size())).open(grant);
    }

    /** How many are connected and reconciled. */
    public int active()
    {
        return agents.count(AgentState.ACTIVE);
    }

    public int count()
    {
        return count;
    }

    /** Connections that they have among them. */
    public int links()
    {
        return (count + agentsPerLink - 1) / agentsPerLink;
    }

    /** What keeps those back that are not connected. */
    public String trouble()
    {
        return agents.agents().stream()
            .map(agent -> agent.status().trouble())
            .filter(trouble -> !trouble.isEmpty())
            .findFirst()
            .orElse("nothing is known of the others");
    }

    /** The first error that nobody had foreseen; null: there was none. */
    public Throwable failure()
    {
        return failure.get();
    }

    /** They themselves. */
    public SimulatedAgents agents()
    {
        return agents;
    }

    @Override
    public void close()
    {
        CloseHelper.quietCloseAll(runner, links);
        CloseHelper.quietCloseAll(uplinks);
        CloseHelper.quietClose(driver);
    }

    /**
     * What they are like.
     *
     * @param agents      of them.
     * @param agentsPerLink that share a connection.
     * @param namePrefix  of their names.
     * @param group       that they join.
     * @param cpuMillis   that each offers.
     * @param memoryBytes that each offers.
     * @param seed        of their identities.
     */
    public record Options(
        int agents, int agentsPerLink, String namePrefix, String group, long cpuMillis, long memoryBytes, long seed)
    {
        /** 64 cores and 256 GiB each. */
        public static Options of(final int agents, final String namePrefix, final String group, final long seed)
        {
            return new Options(agents, 1, namePrefix, group, 64_000, 256 * GIB, seed);
        }

        /** The same, sharing connections. */
        public Options sharing(final int perLink)
        {
            return new Options(agents, perLink, namePrefix, group, cpuMillis, memoryBytes, seed);
        }
    }
}
