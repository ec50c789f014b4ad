package io.plimsoll.agent;

import io.plimsoll.agent.kernel.KernelStore;
import io.plimsoll.agent.kernel.MemoryKernelStore;
import io.plimsoll.agent.usage.UsageFeed;
import io.plimsoll.transport.link.LinkOptions;
import io.plimsoll.transport.memory.MemoryLinkClient;
import io.plimsoll.transport.memory.MemoryLinkNetwork;
import io.plimsoll.transport.memory.MemoryUplink;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedNanoClock;

/** An agent in a world of memory, stepped by its test; what it stores outlives it. */
final class AgentHarness
{
    static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    static final long MANAGER_PORT = 7078;

    final CachedNanoClock clock = new CachedNanoClock();
    final MemoryLinkNetwork network = new MemoryLinkNetwork(LinkOptions.agentDefaults());
    final MemoryUplink uplinks;
    final FakeKernelRuntime runtime = new FakeKernelRuntime();
    final Map<Long, Long> leases = new HashMap<>();
    final TestManager manager;
    KernelStore kernelStore = new MemoryKernelStore();
    Path kernels;
    String token = "id.secret";
    int reportsUnderWayMax = 64;
    int endedMax = 100;
    int saves;
    MemoryLinkClient client;
    AgentProtocol agent;
    private final AgentMemory memory = new AgentMemory(new UUID(1, 2));

    UsageFeed usage = UsageFeed.NONE;

    AgentHarness()
    {
        this(1024);
    }

    AgentHarness(final int window)
    {
        uplinks = new MemoryUplink(window);
        manager = new TestManager(network.listen("manager", (int)MANAGER_PORT), uplinks.receiver("memory"));
        clock.update(TimeUnit.HOURS.toNanos(1));
    }

    /** Starts the agent, again if it was started before; the one before just ceases to exist. */
    AgentHarness start()
    {
        if (null != client)
        {
            client.crash();
        }
        client = network.newClient("agent");
        agent = new AgentProtocol(options(), new AgentPorts(
            clock, client, null, uplinks.senders(), new Saved(), kernelStore, runtime, new Leases(), new Idle(),
            kernels, usage));
        return this;
    }

    private AgentOptions options()
    {
        return new AgentOptions(
            "node-1", "default", "x86_64", "test", "manager", (int)MANAGER_PORT, token, "ca",
            List.of(new Capacity("cpu", false, 2000), new Capacity("cuda.device", true, 2)),
            Map.of("zone", "z1"), 7,
            reportsUnderWayMax, endedMax, TimeUnit.HOURS.toNanos(1), TimeUnit.SECONDS.toNanos(10), 5,
            TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.SECONDS.toNanos(5));
    }

    /** Some steps of both sides, a millisecond each. */
    AgentHarness step(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            clock.advance(STEP_NS);
            agent.doWork();
            manager.poll();
        }
        return this;
    }

    AgentHarness step()
    {
        return step(10);
    }

    /** Lets time pass in steps of that length. */
    void pass(final long durationNs, final long stepNs)
    {
        for (long passedNs = 0; passedNs < durationNs; passedNs += stepNs)
        {
            clock.advance(stepNs);
            agent.doWork();
            manager.poll();
        }
    }

    AgentHarness active()
    {
        start().step();
        if (AgentState.ACTIVE != agent.status().state())
        {
            throw new AssertionError(agent.status().toString());
        }
        return this;
    }

    AgentState state()
    {
        return agent.status().state();
    }

    private final class Saved implements AgentMemoryStore
    {
        @Override
        public AgentMemory load()
        {
            return memory;
        }

        @Override
        public void save(final AgentMemory changed)
        {
            saves++;
        }
    }

    private final class Leases implements LeaseFile
    {
        @Override
        public Path path(final long clusterIdHi, final long clusterIdLo)
        {
            return Path.of("lease-" + Long.toHexString(clusterIdHi));
        }

        @Override
        public void write(final long clusterIdHi, final long clusterIdLo, final long untilNs)
        {
            leases.put(clusterIdHi, untilNs);
        }
    }

    private static final class Idle implements HostLoad
    {
        @Override
        public void read()
        {
            // Never changes.
        }

        @Override
        public int load1Milli()
        {
            return 0;
        }

        @Override
        public long memoryAvailableBytes()
        {
            return 1;
        }
    }
}
