package io.plimsoll.loadtest.sim;

import io.plimsoll.agent.AgentMemory;
import io.plimsoll.agent.AgentMemoryStore;
import io.plimsoll.agent.AgentOptions;
import io.plimsoll.agent.AgentPorts;
import io.plimsoll.agent.AgentProtocol;
import io.plimsoll.agent.AgentState;
import io.plimsoll.agent.Capacity;
import io.plimsoll.agent.HostLoad;
import io.plimsoll.agent.kernel.MemoryKernelStore;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** A machine with its agent's process, which may crash, freeze and start again, and what survives that. */
final class SimHost
{
    static final String JOIN_TOKEN = "join.secret";

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long GIB = 1L << 30;
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
    private final HostKernels kernels;
    private final MemoryKernelStore store = new MemoryKernelStore();
    private final AgentMemory memory;
    private final AgentOptions options;
    private AgentProtocol agent;
    private long frozenUntilNs;

    SimHost(
        final int index,
        final SimTime time,
        final SimNetwork network,
        final SimUplink uplink,
        final KernelWorld world,
        final SplittableRandom random)
    {
        this.index = index;
        this.time = time;
        this.network = network;
        this.uplink = uplink;
        kernels = new HostKernels(index, world, random);
        memory = new AgentMemory(new UUID(0x73696d, index + 1L));
        options = new AgentOptions(
            "host-" + index, "default", "x86_64", "sim", "manager", 1, JOIN_TOKEN, "",
            List.of(new Capacity(Capacity.CPU, false, 4_000), new Capacity(Capacity.MEM, false, 16 * GIB)),
            Map.of(), -1, 64, 1_000, 3_600 * SECOND_NS, 10 * SECOND_NS, 5, SECOND_NS / 10, 5 * SECOND_NS);
    }

    int index()
    {
        return index;
    }

    HostKernels kernels()
    {
        return kernels;
    }

    boolean isUp()
    {
        return null != agent;
    }

    boolean isActive()
    {
        return null != agent && AgentState.ACTIVE == agent.status().state();
    }

    void start()
    {
        final AgentMemoryStore memoryStore = new AgentMemoryStore()
        {
            @Override
            public AgentMemory load()
            {
                return memory;
            }

            @Override
            public void save(final AgentMemory saved)
            {
                // One object lives as long as the host: the store is never behind.
            }
        };
        agent = new AgentProtocol(
            options,
            new AgentPorts(
                time::nowNs, network.connector(index), null, uplink.factory(index), memoryStore, store, kernels,
                kernels, NO_LOAD, null));
    }

    /** The agent's process ends as if killed; its kernels go on. */
    void crash()
    {
        agent = null;
        kernels.onAgentGone();
        network.onAgentDown(index);
        uplink.onAgentDown(index);
    }

    /** The machine loses power. */
    void reboot()
    {
        if (isUp())
        {
            crash();
        }
        kernels.reboot();
    }

    /** The agent's process gets no time until then. */
    void freeze(final long untilNs)
    {
        frozenUntilNs = untilNs;
    }

    void step()
    {
        kernels.step(time.nowNs());
        if (null != agent && time.nowNs() >= frozenUntilNs)
        {
            agent.doWork();
        }
    }
}
