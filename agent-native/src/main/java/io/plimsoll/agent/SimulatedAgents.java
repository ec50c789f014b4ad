package io.plimsoll.agent;

import io.plimsoll.agent.kernel.MemoryKernelStore;
import io.plimsoll.agent.runtime.SimulatedKernelRuntime;
import io.plimsoll.agent.usage.UsageFeed;
import io.plimsoll.transport.ContainerSpec;
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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Virtual agents, each with its own connection on the real transport, and kernels that only take time. They share the
 * streams of one uplink, since streams of their own would cost the manager some megabytes each. One thread steps them
 * all, some hundreds in each cycle; the transport adds one event loop, one media driver and one Aeron client, however
 * many there are.
 */
public final class SimulatedAgents implements Agent, AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedAgents.class);
    private static final int LINK_POLL_LIMIT = 1024;
    private static final int STEPS_PER_CYCLE = 512;

    private final List<AgentProtocol> agents = new ArrayList<>();
    private final SharedLinks links;
    private final NanoClock clock;
    private final CachedNanoClock cycleClock = new CachedNanoClock();
    private final List<AutoCloseable> closeables;
    private AgentRunner runner;
    private int next;

    /**
     * Agents that somebody steps.
     *
     * @param context    how.
     * @param clock      of the leases.
     * @param connector  to the manager.
     * @param uplinks    to the manager.
     * @param closeables to close at the end, in order.
     */
    public SimulatedAgents(
        final SimulatedAgentsContext context, final NanoClock clock, final LinkConnector connector,
        final UplinkSenderFactory uplinks, final List<AutoCloseable> closeables)
    {
        this.clock = clock;
        this.closeables = closeables;
        links = new SharedLinks(connector);
        cycleClock.update(clock.nanoTime());
        for (int i = 1; i <= context.count(); i++)
        {
            agents.add(agent(context, i, uplinks));
        }
    }

    /**
     * Launches agents on a thread.
     *
     * @param context how.
     * @return the running agents.
     * @throws IOException that says why they do not run.
     */
    public static SimulatedAgents launch(final SimulatedAgentsContext context) throws IOException
    {
        final List<AutoCloseable> closeables = new ArrayList<>();
        UplinkSenderFactory uplinks = context.uplinks();
        if (null == uplinks)
        {
            final MediaDriverHost driver = MediaDriverHost.launch(MediaDriverOptions.embedded());
            closeables.add(0, driver);
            final AeronUplinks own = new AeronUplinks(driver, UplinkSenderOptions.defaults().shared());
            closeables.add(0, own);
            uplinks = own;
        }
        final DownlinkClient client =
            new DownlinkClient(LinkOptions.defaults(), context.joinToken().caSha256());
        closeables.add(0, client);
        final SimulatedAgents agents =
            new SimulatedAgents(context, SystemNanoClock.INSTANCE, client, uplinks, closeables);
        agents.runner = new AgentRunner(
            new AgentIdleStrategy(), error -> LOG.error("virtual agents", error), null, agents);
        AgentRunner.startOnThread(agents.runner, task -> new Thread(task, "plimsoll-virtual-agents"));
        return agents;
    }

    private AgentProtocol agent(
        final SimulatedAgentsContext context, final int number, final UplinkSenderFactory uplinks)
    {
        final AgentContext parent = new AgentContext()
            .name(context.namePrefix() + number)
            .group(context.group())
            .manager(context.managerHost(), context.managerPort())
            .label(ContainerSpec.ENGINE_LABEL, "simulated")
            .capacity(Capacity.CPU, context.cpuMillis())
            .capacity(Capacity.MEM, context.memoryBytes())
            .retention(1024, TimeUnit.MINUTES.toNanos(10));
        if (context.cudaDevices() > 0)
        {
            parent.capacity("cuda.device", context.cudaDevices());
        }
        final SharedLinks.View view = links.newView();
        final AgentProtocol agent = new AgentProtocol(
            parent.options("", context.joinToken(), context.joinToken().caSha256()),
            new AgentPorts(
                cycleClock, view, null, uplinks, new Forgetful(new UUID(context.seed(), number)),
                new MemoryKernelStore(), new SimulatedKernelRuntime(), new NoLeaseFile(), new NoLoad(), null,
                UsageFeed.NONE));
        view.owner(agent);
        return agent;
    }

    /** How many have reached that state. Any thread. */
    public int count(final AgentState state)
    {
        int count = 0;
        for (final AgentProtocol agent : agents)
        {
            count += state == agent.status().state() ? 1 : 0;
        }
        return count;
    }

    /** The agents, in the order of their numbers. */
    public List<AgentProtocol> agents()
    {
        return List.copyOf(agents);
    }

    @Override
    public String roleName()
    {
        return "virtual-agents";
    }

    @Override
    public int doWork()
    {
        cycleClock.update(clock.nanoTime());
        int workCount = links.poll(LINK_POLL_LIMIT);
        for (int i = Math.min(STEPS_PER_CYCLE, agents.size()); i > 0; i--)
        {
            workCount += agents.get(next).doWork();
            next = (next + 1) % agents.size();
        }
        if (workCount > 0)
        {
            links.flush();
        }
        return workCount;
    }

    @Override
    public void onClose()
    {
        agents.forEach(AgentProtocol::onClose);
        links.flush();
    }

    @Override
    public void close()
    {
        if (null != runner)
        {
            runner.close();
        }
        CloseHelper.quietCloseAll(closeables);
    }

    /** Keeps nothing beyond the process. */
    private static final class Forgetful implements AgentMemoryStore
    {
        private final AgentMemory memory;

        Forgetful(final UUID uuid)
        {
            memory = new AgentMemory(uuid);
        }

        @Override
        public AgentMemory load()
        {
            return memory;
        }

        @Override
        public void save(final AgentMemory changed)
        {
            // Same object.
        }
    }
}
