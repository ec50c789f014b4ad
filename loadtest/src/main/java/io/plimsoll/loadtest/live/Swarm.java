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
import io.plimsoll.transport.uplink.UplinkSenderFactory;
import io.plimsoll.transport.uplink.UplinkSenderOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Simulated agents on threads, with a media driver. Each thread has a share of the agents, next to each other by their
 * numbers, with an event loop and Aeron clients of its own, so that threads have nothing in common but the driver.
 */
public final class Swarm implements AutoCloseable
{
    private static final long GIB = 1L << 30;
    /** A stream has a window of 128 KiB, which is a thousand heartbeats, in the time it takes to say that they came. */
    private static final int AGENTS_PER_STREAM = 10_000;

    private final Options options;
    private final Endpoint manager;
    private final KernelWatch watch;
    private final int agentsPerThread;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final MediaDriverHost driver;
    private final List<AeronUplinks> uplinks = new ArrayList<>();
    private final List<LinkConnector> links = new ArrayList<>();
    private final List<SimulatedAgents> shares = new ArrayList<>();
    private final List<AgentRunner> runners = new ArrayList<>();

    /**
     * Launches agents, which then connect.
     *
     * @param options of theirs.
     * @param manager where it listens for agents, and what they join with.
     * @param watch   told of kernels, by any of the threads.
     * @param between put between the agents of a thread and their links.
     */
    public Swarm(
        final Options options,
        final Endpoint manager,
        final KernelWatch watch,
        final UnaryOperator<LinkConnector> between)
    {
        this.options = options;
        this.manager = manager;
        this.watch = watch;
        try
        {
            driver = MediaDriverHost.launch(MediaDriverOptions.embedded());
        }
        catch (final IOException ex)
        {
            throw new LoadException(Kind.SHORT, "the agents' media driver cannot be started: " + ex.getMessage());
        }
        // Whole links, so that there are no more of them than with one thread.
        final int linksPerThread = (links() + options.threads() - 1) / options.threads();
        agentsPerThread = linksPerThread * options.agentsPerLink();
        for (int first = 0; first < options.agents(); first += agentsPerThread)
        {
            add(first, Math.min(agentsPerThread, options.agents() - first), between);
        }
        for (final SimulatedAgents share : shares)
        {
            final AgentRunner runner = new AgentRunner(
                new BackoffIdleStrategy(10, 5, 10_000, 500_000), error -> failure.compareAndSet(null, error), null,
                share);
            runners.add(runner);
            AgentRunner.startOnThread(runner, task -> new Thread(task, "plimsoll-virtual-agents"));
        }
    }

    private void add(final int first, final int count, final UnaryOperator<LinkConnector> between)
    {
        final List<AeronUplinks> ofThread = new ArrayList<>();
        for (int i = 0; i < count; i += AGENTS_PER_STREAM)
        {
            ofThread.add(new AeronUplinks(driver, UplinkSenderOptions.defaults().shared()));
        }
        uplinks.addAll(ofThread);
        final UplinkSenderFactory factory = grant ->
            ofThread.get(Math.floorMod(grant.agentId(), ofThread.size())).open(grant);
        final DownlinkClient client = new DownlinkClient(LinkOptions.defaults(), manager.token().caSha256());
        final LinkConnector connector =
            options.agentsPerLink() > 1 ? new ChannelConnector(client, options.agentsPerLink()) : client;
        links.add(connector);
        shares.add(new SimulatedAgents(
            new SimulatedAgentsContext(
                count, 1 + first, Math.max(1, SimulatedAgentsContext.CONNECTING_MAX / options.threads()),
                options.namePrefix(), options.group(), manager.host(), manager.port(), manager.token(),
                options.cpuMillis(), options.memoryBytes(), 0, options.seed(), factory, watch),
            SystemNanoClock.INSTANCE,
            between.apply(connector),
            factory,
            List.of()));
    }

    /** How many are connected and reconciled. */
    public int active()
    {
        int active = 0;
        for (final SimulatedAgents share : shares)
        {
            active += share.count(AgentState.ACTIVE);
        }
        return active;
    }

    public int count()
    {
        return options.agents();
    }

    /** Connections that they have among them. */
    public int links()
    {
        return (options.agents() + options.agentsPerLink() - 1) / options.agentsPerLink();
    }

    /** What keeps those back that are not connected. */
    public String trouble()
    {
        return shares.stream()
            .flatMap(share -> share.agents().stream())
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

    /** How often agents that were connected have lost or given up their links so far, by reason. */
    public Map<String, Long> losses()
    {
        final Map<String, Long> losses = new TreeMap<>();
        shares.forEach(share -> share.losses().forEach((reason, count) -> losses.merge(reason, count, Long::sum)));
        return losses;
    }

    /**
     * Has an agent lose its link, from which it recovers by itself.
     *
     * @param index of the agent, from 0.
     * @return false if it is to lose it already.
     */
    public boolean drop(final int index)
    {
        return shares.get(index / agentsPerThread).drop(index % agentsPerThread);
    }

    /**
     * Has all agents lose their links at once.
     *
     * @return false if they all are to lose them already.
     */
    public boolean dropAll()
    {
        boolean isAny = false;
        for (final SimulatedAgents share : shares)
        {
            isAny |= share.dropAll();
        }
        return isAny;
    }

    /**
     * Has an agent look at what is to be done only from time to time.
     *
     * @param index      of the agent, from 0.
     * @param intervalNs between two looks; 0: as all others.
     */
    public void slow(final int index, final long intervalNs)
    {
        shares.get(index / agentsPerThread).slow(index % agentsPerThread, intervalNs);
    }

    @Override
    public void close()
    {
        CloseHelper.quietCloseAll(runners);
        CloseHelper.quietCloseAll(links);
        CloseHelper.quietCloseAll(uplinks);
        CloseHelper.quietClose(driver);
    }

    /**
     * Where a manager listens for agents.
     *
     * @param host  of it.
     * @param port  of it.
     * @param token to join with.
     */
    public record Endpoint(String host, int port, JoinToken token)
    {
    }

    /**
     * What they are like.
     *
     * @param agents      of them.
     * @param agentsPerLink that share a connection.
     * @param threads     that step them; fewer, if there are not as many links.
     * @param namePrefix  of their names.
     * @param group       that they join.
     * @param cpuMillis   that each offers.
     * @param memoryBytes that each offers.
     * @param seed        of their identities.
     */
    public record Options(
        int agents, int agentsPerLink, int threads, String namePrefix, String group, long cpuMillis, long memoryBytes,
        long seed)
    {
        /** 64 cores and 256 GiB each, all on one thread, with a link each. */
        public static Options of(final int agents, final String namePrefix, final String group, final long seed)
        {
            return new Options(agents, 1, 1, namePrefix, group, 64_000, 256 * GIB, seed);
        }

        /** The same, sharing connections. */
        public Options sharing(final int perLink)
        {
            return new Options(
                agents, Math.max(1, perLink), threads, namePrefix, group, cpuMillis, memoryBytes, seed);
        }

        /** The same on so many threads. */
        public Options on(final int count)
        {
            return new Options(
                agents, agentsPerLink, Math.max(1, count), namePrefix, group, cpuMillis, memoryBytes, seed);
        }
    }
}
