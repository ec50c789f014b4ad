package io.plimsoll.manager.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import io.plimsoll.transport.uplink.UplinkSender;
import io.plimsoll.transport.usage.Usage;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What agents tell of usage, over links in memory and with the real core. */
class UsageTest
{
    private static final long KERNEL = 1L << 10;

    private final ManagerBed bed = new ManagerBed();
    private TestAgent agent;
    private TestAgent.Assigned assigned;

    @BeforeEach
    void runASession()
    {
        bed.context.coreOptions(bed.context.coreOptions().withForgetting(TimeUnit.MINUTES.toNanos(10), 100));
        bed.start();
        agent = bed.join("a");
        assertEquals(1, bed.submit(ManagerBed.session("s", 1, 1, false)).firstId());
        agent.receive();
        assigned = agent.assigned.get(0);
        agent.report(assigned, ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
    }

    @AfterEach
    void shouldNotHaveFailed()
    {
        assertNull(bed.fatal);
    }

    private static Usage usage(final long cpuSeconds, final long cpuMillis, final long memoryBytes)
    {
        return new Usage(
            TimeUnit.SECONDS.toNanos(cpuSeconds), cpuMillis, memoryBytes, -1, 10, 20, -1, -1, -1, 7, -1, -1, 2, -1, -1);
    }

    private UsageView view()
    {
        return bed.stages.usage();
    }

    private void tell(final Usage host, final Usage kernel)
    {
        agent.usage(host, KERNEL, 1, kernel);
        bed.run();
    }

    @Test
    void shouldKeepLatestAndRangeOfAKernelAndItsHost()
    {
        tell(usage(100, 1_000, 500), usage(1, -1, 300));
        tell(usage(110, 3_000, 300), usage(2, 500, 100));
        tell(usage(120, 2_000, 400), usage(4, 1_500, 200));
        final KernelUse kernel = view().kernel(KERNEL, 1);
        final UsageStatistics statistics = kernel.statistics();
        assertEquals(3, statistics.samples());
        assertEquals(TimeUnit.SECONDS.toNanos(4), statistics.last().cpuNs());
        assertEquals(300, statistics.last().memoryPeakBytes());
        final Range cpu = statistics.range(Level.CPU_MILLIS);
        assertEquals(List.of(1_500L, 500L, 1_000L, 1_500L), List.of(cpu.last(), cpu.min(), cpu.average(), cpu.max()));
        final Range memory = statistics.range(Level.MEMORY_BYTES);
        assertEquals(
            List.of(200L, 100L, 200L, 300L), List.of(memory.last(), memory.min(), memory.average(), memory.max()));
        assertEquals(0, statistics.range(Level.GPU_PERCENT).count());
        final AgentUse host = view().agent(agent.agentId);
        assertEquals(4, host.processors());
        assertEquals(3_000, host.statistics().range(Level.CPU_MILLIS).max());
    }

    @Test
    void shouldNotLetTotalsOfAKernelFallWhenItsAgentBeginsAnew()
    {
        tell(usage(100, 0, 1), usage(50, 0, 1));
        tell(usage(1, 0, 1), usage(2, 0, 1));
        assertEquals(TimeUnit.SECONDS.toNanos(50), view().kernel(KERNEL, 1).statistics().last().cpuNs());
        assertEquals(
            TimeUnit.SECONDS.toNanos(1), view().agent(agent.agentId).statistics().last().cpuNs(),
            "a host that has started anew counts from its start");
    }

    @Test
    void shouldShowTheLastOfAKernelThatHasEndedUntilItsSessionIsForgotten()
    {
        tell(usage(1, 0, 1), usage(9, 800, 700));
        assertEquals(1, view().running(null, 10).size());
        agent.report(assigned, ReportKind.EXITED, ReportReason.COMPLETED, 0);
        bed.run();
        assertEquals(LifeState.TERMINATED, bed.view().session(1).state());
        assertEquals(List.of(), view().running(null, 10));
        assertEquals(700, view().kernel(KERNEL, 1).statistics().last().memoryPeakBytes());

        // A last word that comes late counts, and does not bring it back to life.
        tell(usage(1, 0, 1), usage(10, 800, 900));
        assertEquals(900, view().kernel(KERNEL, 1).statistics().last().memoryPeakBytes());
        assertEquals(List.of(), view().running(null, 10));

        bed.pass(11, TimeUnit.MINUTES, agent);
        assertNull(bed.view().session(1));
        assertNull(view().kernel(KERNEL, 1));
        assertEquals(0, view().kernels());
        tell(usage(1, 0, 1), usage(11, 800, 900));
        assertEquals(0, view().kernels(), "of a session that is forgotten nothing is taken");
    }

    @Test
    void shouldNotCountAKernelAsRunningOfWhichItHearsOnlyAfterItsEnd()
    {
        agent.report(assigned, ReportKind.EXITED, ReportReason.COMPLETED, 0);
        bed.run();
        tell(usage(1, 0, 1), usage(3, 800, 700));
        assertNotNull(view().kernel(KERNEL, 1));
        assertEquals(List.of(), view().running(null, 10));
    }

    @Test
    void shouldBelieveAnAgentOnlyOfItsOwnKernels()
    {
        final TestAgent other = bed.join("b");
        other.usage(usage(1, 1, 1), KERNEL, 1, usage(1, 1, 1));
        other.usage(usage(1, 1, 1), KERNEL, 2, usage(1, 1, 1));
        other.usage(usage(1, 1, 1), 77 << 10, 1, usage(1, 1, 1));
        bed.run();
        assertEquals(0, view().kernels());
        assertEquals(3, bed.stages.counters().value(Counter.USAGE_DROPPED));
        assertTrue(bed.links.isOpen(other.linkId));

        tell(usage(1, 1, 1), usage(5, 1, 1));
        other.usage(usage(1, 1, 1), KERNEL, 1, usage(99, 1, 1));
        bed.run();
        assertEquals(TimeUnit.SECONDS.toNanos(5), view().kernel(KERNEL, 1).statistics().last().cpuNs());
    }

    @Test
    void shouldKeepNoMoreKernelsThanThereIsRoomFor()
    {
        final UsageStore store = new UsageStore(bed.view(), () -> 1, new Counters(), 1);
        bed.submit(ManagerBed.session("t", 1, 1, false));
        store.onKernel(agent.agentId, KERNEL, 1, usage(1, 1, 1));
        store.onKernel(agent.agentId, 2 * KERNEL, 1, usage(1, 1, 1));
        assertEquals(1, store.kernels());
        assertNull(store.kernel(2 * KERNEL, 1));
        store.onKernel(agent.agentId, KERNEL, 1, usage(2, 1, 1));
        assertEquals(2, store.kernel(KERNEL, 1).statistics().samples());
    }

    @Test
    void shouldKnowHowDevicesDo()
    {
        agent.deviceUsage("cuda10", 10);
        agent.deviceUsage("cuda2", 20);
        agent.deviceUsage("cuda10", 30);
        bed.run();
        final List<DeviceLoad> devices = view().agent(agent.agentId).devices();
        assertEquals(List.of("cuda2", "cuda10"), devices.stream().map(DeviceLoad::id).toList());
        assertEquals(30, devices.get(1).utilisationPercent());
        assertEquals(61_500, devices.get(1).powerMilliwatt());
    }

    @Test
    void shouldCloseTheLinkOfAnAgentThatSpeaksForAnotherConnection()
    {
        uplink(agent.encodeUsage(agent.connection + 1, usage(1, 1, 1), KERNEL, 1, usage(1, 1, 1)));
        assertFalse(bed.links.isOpen(agent.linkId));
        assertNull(view().agent(agent.agentId));
    }

    @Test
    void shouldOutliveBrokenFrames()
    {
        final Random random = new Random(7);
        for (int round = 0; round < 2_000; round++)
        {
            final byte[] frame = 0 == round % 2 ?
                agent.encodeUsage(agent.connection, usage(1, 1, 1), KERNEL, 1, usage(1, 1, 1)) :
                agent.encodeDeviceUsage("cuda0", 5);
            for (int i = 0; i <= random.nextInt(4); i++)
            {
                frame[random.nextInt(frame.length)] = (byte)random.nextInt();
            }
            uplink(Arrays.copyOf(frame, frame.length - random.nextInt(1 + round % 5)));
            if (!bed.links.isOpen(agent.linkId))
            {
                bed.attach(agent, assigned);
            }
        }
        assertNotNull(bed.view().session(1));
    }

    private void uplink(final byte[] frame)
    {
        bed.uplink.send(agent.agentId, agent.connection, UplinkSender.HEARTBEAT_STREAM, frame);
        bed.run();
    }
}
