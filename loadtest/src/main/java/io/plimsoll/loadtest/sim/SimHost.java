package io.plimsoll.loadtest.sim;

import io.plimsoll.agent.AgentMemory;
import io.plimsoll.agent.AgentMemoryStore;
import io.plimsoll.agent.AgentOptions;
import io.plimsoll.agent.AgentPorts;
import io.plimsoll.agent.AgentProtocol;
import io.plimsoll.agent.AgentState;
import io.plimsoll.agent.Capacity;
import io.plimsoll.agent.HostLoad;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.usage.UsageFeed;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/** A machine with its agent's process, which may crash, freeze and start again, and what survives that. */
final class SimHost
{
    static final String JOIN_TOKEN = "join.secret";

    private static final long SECOND_NS = SimTime.SECOND_NS;
    private static final long GIB = 1L << 30;
    private static final long COPY_INTERVAL_NS = 5 * SECOND_NS;
    private static final int COPIES_MAX = 8;
    private static final long WRITEBACK_MAX_NS = 30 * SECOND_NS;
    private static final HostLoad NO_LOAD = new HostLoad()
    {
        @Override
        public void read()
        {
            // Nothing to read.
        }

        @Override
        public int load1Milli()
        {
            return 0;
        }

        @Override
        public long memoryAvailableBytes()
        {
            return GIB;
        }
    };

    private final int index;
    private final SimTime time;
    private final SimNetwork network;
    private final SimUplink uplink;
    private final SimWiring wiring;
    private final Countdown countdown = new Countdown();
    private final HostKernels kernels;
    private final SimKernelStore store;
    private final AgentOptions options;
    private final ArrayDeque<Copy> copies = new ArrayDeque<>();
    private SimClock clock;
    private AgentMemory memory;
    private AgentProtocol agent;
    private long frozenUntilNs;
    private long nextCopyNs;
    private long backNs;

    SimHost(
        final int index,
        final SimTime time,
        final SimNetwork network,
        final SimUplink uplink,
        final KernelWorld world,
        final SimWiring wiring,
        final SplittableRandom random)
    {
        this.index = index;
        this.time = time;
        this.network = network;
        this.uplink = uplink;
        this.wiring = wiring;
        clock = new SimClock(time, (1 + index) * 1_000 * SECOND_NS);
        kernels = new HostKernels(index, world, countdown, random);
        store = new SimKernelStore(time, countdown);
        memory = new AgentMemory(new UUID(0x73696d, index + 1L));
        options = new AgentOptions(
            "host-" + index, isGpu() ? SimClient.GPU_GROUP : SimClient.GROUP, "x86_64", "sim", "manager", 1,
            JOIN_TOKEN, "", capacities(), Map.of("rack", "r" + index / 2), -1, 8, 1_000, 3_600 * SECOND_NS,
            10 * SECOND_NS, 5, SECOND_NS / 10, 5 * SECOND_NS);
        options.capacities().forEach(capacity -> world.capacity(index, capacity.name(), capacity.amount()));
    }

    private boolean isGpu()
    {
        return 1 == index % 2;
    }

    private List<Capacity> capacities()
    {
        final Capacity cpu = new Capacity(Capacity.CPU, false, 4_000);
        final Capacity mem = new Capacity(Capacity.MEM, false, 16 * GIB);
        return isGpu() ?
            List.of(
                cpu, mem, new Capacity(SimClient.DEVICE, true, 4)) :
            List.of(cpu, mem);
    }

    HostKernels kernels()
    {
        return kernels;
    }

    SimClock clock()
    {
        return clock;
    }

    boolean isUp()
    {
        return null != agent;
    }

    boolean isActive()
    {
        return null != agent && AgentState.ACTIVE == agent.status().state();
    }

    /** When it may start again. */
    long backNs()
    {
        return backNs;
    }

    void start()
    {
        countdown.stop();
        agent = new AgentProtocol(
            options,
            wiring.agent(index, new AgentPorts(
                () -> clock.nowNs(), network.connector(index), null, uplink.factory(index), new MemoryStore(), store,
                kernels, kernels, NO_LOAD, null, UsageFeed.NONE)));
    }

    /** The agent's process ends as if killed; its kernels go on. */
    void crash(final long untilNs)
    {
        backNs = untilNs;
        countdown.stop();
        if (null != agent)
        {
            agent = null;
            kernels.onAgentGone();
            network.onAgentDown(index);
            uplink.onAgentDown(index);
        }
    }

    /** The agent's process ends a little later, in the middle of something. */
    void crashAfter(final int operations, final long untilNs)
    {
        backNs = untilNs;
        countdown.start(operations);
    }

    /** The machine starts again; its files are there. */
    void reboot(final long untilNs)
    {
        crash(untilNs);
        kernels.reboot();
    }

    /** The machine loses power: of its files, young ones may be lost. */
    void powerCut(final long untilNs, final long choice)
    {
        crash(untilNs);
        store.powerCut(Long.remainderUnsigned(choice, WRITEBACK_MAX_NS), choice);
        kernels.powerCut(store.keys());
        clock = new SimClock(time, SECOND_NS);
    }

    /** The machine is restored from a copy of a while ago. */
    void restoreOld(final long untilNs, final long choice)
    {
        crash(untilNs);
        if (!copies.isEmpty())
        {
            final Copy copy = List.copyOf(copies).get((int)Long.remainderUnsigned(choice, copies.size()));
            memory = copy.memory.copy();
            store.become(copy.store);
            kernels.powerCut(Set.of());
            kernels.become(copy.kernels, fences(copy.store));
            clock = new SimClock(time, SECOND_NS);
        }
    }

    private static Set<KernelKey> fences(final Map<KernelKey, SimKernelStore.Kept> kept)
    {
        final Set<KernelKey> fences = new HashSet<>();
        kept.forEach((key, value) ->
        {
            if (null == value.assignment())
            {
                fences.add(key);
            }
        });
        return fences;
    }

    /** The agent's process gets no time until then. */
    void freeze(final long untilNs)
    {
        frozenUntilNs = untilNs;
    }

    /** Remembers now and then how it is, to be restored from that. */
    void keepCopy()
    {
        if (time.nowNs() >= nextCopyNs)
        {
            nextCopyNs = time.nowNs() + COPY_INTERVAL_NS;
            copies.add(new Copy(memory.copy(), store.copy(), kernels.copy()));
            if (copies.size() > COPIES_MAX)
            {
                copies.poll();
            }
        }
    }

    void step()
    {
        kernels.step(clock.nowNs());
        if (null != agent && time.nowNs() >= frozenUntilNs)
        {
            try
            {
                agent.doWork();
            }
            catch (final ProcessEnd end)
            {
                crash(backNs);
            }
        }
    }

    private record Copy(
        AgentMemory memory, Map<KernelKey, SimKernelStore.Kept> store, Map<KernelKey, KernelEnd> kernels)
    {
    }

    /** What the agent saves is forced to disk. */
    private final class MemoryStore implements AgentMemoryStore
    {
        @Override
        public AgentMemory load()
        {
            return memory.copy();
        }

        @Override
        public void save(final AgentMemory saved)
        {
            countdown.step();
            memory = saved.copy();
            countdown.step();
        }
    }
}
