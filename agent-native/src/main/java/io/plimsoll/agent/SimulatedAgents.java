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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Virtual agents, each with its own connection on the real transport, and kernels that only take time. They share the
 * streams of one uplink, since streams of their own would cost the manager some megabytes each. One thread steps them
 * all: those that something came in for at once, all others in turn when something of theirs is due, so that an agent
 * with nothing to do costs next to nothing however many there are. The transport adds one event loop, one media driver
 * and one Aeron client.
 */
public final class SimulatedAgents implements Agent, AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedAgents.class);
    private static final int LINK_POLL_LIMIT = 1024;
    /** In which each agent has its turn: how late a kernel's end or a heartbeat may be seen. */
    private static final long ROUND_NS = TimeUnit.MILLISECONDS.toNanos(20);
    /** Kernels that have ended have left nothing that somebody could ask for. */
    private static final int ENDED_MAX = 4;
    private static final int REASONS_MAX = 20;
    private static final String CUDA = "cuda.device";
    private static final String OTHER_REASONS = "other reasons";

    private final List<AgentProtocol> agents = new ArrayList<>();
    private final List<SharedLinks.View> views = new ArrayList<>();
    /** Agents that are to lose their link, each at most once, so that there is room for all of them. */
    private final ManyToOneConcurrentArrayQueue<Integer> dropped;
    private final AtomicIntegerArray isDropped;
    private final AtomicBoolean areAllDropped = new AtomicBoolean();
    private final SharedLinks links;
    private final NanoClock clock;
    private final CachedNanoClock cycleClock = new CachedNanoClock();
    private final Listening listening = new Listening();
    private final List<AutoCloseable> closeables;
    /** How each stood when it was last stepped; beside each other, so that a look at all of them is cheap. */
    private final AgentState[] states;
    private final Map<String, Long> losses = new ConcurrentHashMap<>();
    /** By the ordinal of the state. */
    private final AtomicIntegerArray countByState = new AtomicIntegerArray(AgentState.values().length);
    private final AtomicLongArray slowNs;
    private final long[] nextStepNs;
    private final long[] idleUntilNs;
    private AgentRunner runner;
    private int next;
    private int connecting;
    private int connectingMax;
    private long steppedNs;

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
        connectingMax = context.connectingMax();
        states = new AgentState[context.count()];
        Arrays.fill(states, AgentState.DISCONNECTED);
        countByState.set(AgentState.DISCONNECTED.ordinal(), context.count());
        dropped = new ManyToOneConcurrentArrayQueue<>(Math.max(2, context.count()));
        isDropped = new AtomicIntegerArray(context.count());
        slowNs = new AtomicLongArray(context.count());
        nextStepNs = new long[context.count()];
        idleUntilNs = new long[context.count()];
        Arrays.fill(idleUntilNs, Long.MIN_VALUE);
        steppedNs = clock.nanoTime();
        cycleClock.update(steppedNs);
        final Offer offer = offer(context);
        for (int i = 0; i < context.count(); i++)
        {
            agents.add(agent(context, i, offer, uplinks));
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

    /** The same of all, so that it is there once, and the host is not asked what it has for each of them. */
    private static Offer offer(final SimulatedAgentsContext context)
    {
        final List<Capacity> capacities = new ArrayList<>();
        capacities.add(new Capacity(Capacity.CPU, false, context.cpuMillis()));
        capacities.add(new Capacity(Capacity.MEM, false, context.memoryBytes()));
        if (context.cudaDevices() > 0)
        {
            capacities.add(new Capacity(CUDA, Capacity.isDevice(CUDA), context.cudaDevices()));
        }
        return new Offer(List.copyOf(capacities), Map.of(ContainerSpec.ENGINE_LABEL, "simulated"));
    }

    private AgentProtocol agent(
        final SimulatedAgentsContext context, final int index, final Offer offer, final UplinkSenderFactory uplinks)
    {
        final int number = context.first() + index;
        final AgentContext parent = new AgentContext()
            .name(context.namePrefix() + number)
            .group(context.group())
            .manager(context.managerHost(), context.managerPort())
            .retention(ENDED_MAX, TimeUnit.MINUTES.toNanos(10));
        final SharedLinks.View view = links.newView(index);
        final AgentProtocol agent = new AgentProtocol(
            parent.options("", context.joinToken(), context.joinToken().caSha256(), offer),
            new AgentPorts(
                cycleClock, view, null, uplinks, new Forgetful(new UUID(context.seed(), number)),
                new MemoryKernelStore(), new SimulatedKernelRuntime(context.watch()), new NoLeaseFile(), new NoLoad(),
                null, UsageFeed.NONE),
            listening);
        view.owner(agent);
        views.add(view);
        return agent;
    }

    /** How many were in that state when they were last stepped. Any thread. */
    public int count(final AgentState state)
    {
        return countByState.get(state.ordinal());
    }

    /** How often agents that were connected have lost or given up their links so far, by reason. Any thread. */
    public Map<String, Long> losses()
    {
        return new TreeMap<>(losses);
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

    /**
     * Has an agent lose its link, from which it recovers by itself. Any thread.
     *
     * @param index of the agent, from 0.
     * @return false if it is to lose it already.
     */
    public boolean drop(final int index)
    {
        return isDropped.compareAndSet(index, 0, 1) && dropped.offer(index);
    }

    /**
     * Has all agents lose their links at once, and come back as agents do: without waiting for each other. Any thread.
     *
     * @return false if they are to lose them already.
     */
    public boolean dropAll()
    {
        return areAllDropped.compareAndSet(false, true);
    }

    /**
     * Has an agent look at what is to be done only from time to time. Any thread.
     *
     * @param index      of the agent, from 0.
     * @param intervalNs between two looks; 0: as all others.
     */
    public void slow(final int index, final long intervalNs)
    {
        slowNs.set(index, intervalNs);
    }

    @Override
    public int doWork()
    {
        final long nowNs = clock.nanoTime();
        cycleClock.update(nowNs);
        int workCount = dropLinks();
        final int received = links.poll(LINK_POLL_LIMIT);
        listening.onLook(nowNs, received < LINK_POLL_LIMIT);
        workCount += received;
        workCount += stepWoken(nowNs);
        workCount += stepInTurn(nowNs);
        if (workCount > 0)
        {
            links.flush();
        }
        return workCount;
    }

    private int dropLinks()
    {
        int workCount = 0;
        Integer index = dropped.poll();
        while (null != index)
        {
            // From here on it may be asked for again.
            isDropped.set(index, 0);
            agents.get(index).dropLink("dropped");
            idleUntilNs[index] = Long.MIN_VALUE;
            workCount++;
            index = workCount < agents.size() ? dropped.poll() : null;
        }
        if (areAllDropped.compareAndSet(true, false))
        {
            connectingMax = agents.size();
            agents.forEach(agent -> agent.dropLink("dropped with all others"));
            Arrays.fill(idleUntilNs, Long.MIN_VALUE);
            workCount++;
        }
        return workCount;
    }

    /** Those that something came in for, and those that had work in the cycle before. */
    private int stepWoken(final long nowNs)
    {
        int workCount = 0;
        for (int i = links.wokenCount(); i > 0; i--)
        {
            final int index = links.takeWoken();
            workCount += stepAndWake(index, nowNs);
        }
        return workCount;
    }

    private int stepInTurn(final long nowNs)
    {
        final long due = Math.min(agents.size(), agents.size() * (nowNs - steppedNs) / ROUND_NS);
        if (0 == due)
        {
            return 0;
        }
        steppedNs = nowNs;
        int workCount = 0;
        for (long i = due; i > 0; i--)
        {
            if (nowNs >= idleUntilNs[next] && !mustWait(next))
            {
                workCount += stepAndWake(next, nowNs);
            }
            next = (next + 1) % agents.size();
        }
        return workCount;
    }

    /** Who had work, and does not know until when it has none, has its turn again in the next cycle. */
    private int stepAndWake(final int index, final long nowNs)
    {
        final int workCount = step(index, nowNs);
        if (workCount > 0 && nowNs >= idleUntilNs[index])
        {
            links.wake(views.get(index));
        }
        return workCount;
    }

    /** Whether others connect first. */
    private boolean mustWait(final int index)
    {
        return connecting >= connectingMax && AgentState.DISCONNECTED == states[index];
    }

    private int step(final int index, final long nowNs)
    {
        final long intervalNs = slowNs.get(index);
        if (intervalNs > 0)
        {
            if (nowNs < nextStepNs[index])
            {
                idleUntilNs[index] = nextStepNs[index];
                return 0;
            }
            nextStepNs[index] = nowNs + intervalNs;
        }
        if (mustWait(index))
        {
            idleUntilNs[index] = Long.MIN_VALUE;
            return 0;
        }
        final AgentProtocol agent = agents.get(index);
        final int workCount = agent.doWork();
        idleUntilNs[index] = agent.idleUntilNs();
        state(index, agent.status());
        return workCount;
    }

    private void state(final int index, final AgentStatus status)
    {
        final AgentState before = states[index];
        final AgentState now = status.state();
        if (before == now)
        {
            return;
        }
        states[index] = now;
        countByState.decrementAndGet(before.ordinal());
        countByState.incrementAndGet(now.ordinal());
        connecting += (isConnecting(now) ? 1 : 0) - (isConnecting(before) ? 1 : 0);
        if (AgentState.ACTIVE == before)
        {
            final boolean isKnown = losses.size() < REASONS_MAX || losses.containsKey(status.trouble());
            losses.merge(isKnown ? status.trouble() : OTHER_REASONS, 1L, Long::sum);
        }
    }

    private static boolean isConnecting(final AgentState state)
    {
        return AgentState.DISCONNECTED != state && AgentState.ACTIVE != state;
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
