package io.plimsoll.agent;

import static io.plimsoll.transport.sbe.ReportKind.ACKNOWLEDGED;
import static io.plimsoll.transport.sbe.ReportKind.EXITED;
import static io.plimsoll.transport.sbe.ReportKind.FAILED;
import static io.plimsoll.transport.sbe.ReportKind.PREPARING;
import static io.plimsoll.transport.sbe.ReportKind.RUNNING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.MemoryKernelStore;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AgentKernelsTest
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final AgentHarness harness = new AgentHarness();
    private final TestManager manager = harness.manager;
    private final FakeKernelRuntime runtime = harness.runtime;
    private final KernelKey key = Assignments.key(1, 1, 1);

    @Test
    void shouldReportEachStepOfAKernel()
    {
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
        runtime.start(key, harness.clock.nanoTime());
        harness.step();
        assertEquals("0-1", manager.lastReport().cpus());
        runtime.end(key, KernelEnd.exited(3));
        harness.step();

        assertEquals(List.of(ACKNOWLEDGED, PREPARING, RUNNING, EXITED), manager.kinds(key));
        assertEquals(3, manager.lastReport().exitCode());
        assertEquals(ReportReason.EXIT_CODE, manager.lastReport().reason());
        assertEquals(4, manager.lastReport().reportNo());
    }

    /** A limit may be days away, and kernels take no more than milliseconds. */
    @Test
    void shouldForgetLimitOfKernelThatHasEnded()
    {
        harness.active();
        final long limitNs = 300 * AgentHarness.STEP_NS;
        manager.assign(Assignments.of(1).walltime(limitNs, 0).make());
        harness.step();
        final long startNs = harness.clock.nanoTime();
        runtime.start(key, startNs);
        harness.step();
        runtime.end(key, KernelEnd.exited(0));
        harness.step();
        assertTrue(harness.agent.idleUntilNs() > startNs + limitNs);
    }

    @Test
    void shouldTellKernelsWherePortsOfOthersAre()
    {
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
        runtime.start(key, harness.clock.nanoTime());
        harness.step();
        manager.tellPorts(Assignments.key(1, 1, 2), 3, "80=30000");
        manager.tellPorts(Assignments.key(2, 1, 1), 3, "80=30000");
        manager.tellPorts(key, 4, "80=30001");
        harness.step();
        assertEquals(Map.of(key, Map.of(4, "80=30001")), runtime.portsTold);
        runtime.end(key, KernelEnd.exited(0));
        harness.step();
        runtime.portsTold.clear();
        manager.tellPorts(key, 4, "80=30002");
        harness.step();
        assertEquals(Map.of(), runtime.portsTold);
    }

    @Test
    void shouldStartKernelOnceThoughItIsAssignedTwice()
    {
        harness.active();
        manager.assign(Assignments.of(1).make());
        manager.assign(Assignments.of(1).make());
        harness.step();
        manager.assign(Assignments.of(1).make());
        harness.step();
        assertEquals(1, runtime.launches.size());
    }

    @Test
    void shouldStartNothingWithoutLease()
    {
        manager.grants = false;
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
        assertEquals(0, runtime.launches.size());
        assertEquals(List.of(ACKNOWLEDGED), manager.kinds(key));

        manager.grant(1, TestManager.LEASE_NS);
        harness.step();
        assertEquals(1, runtime.launches.size());
    }

    @Test
    void shouldStartNothingOnceLeaseHasRunOut()
    {
        harness.active();
        runtime.refusesLaunches = true;
        manager.assign(Assignments.of(1).make());
        harness.step();
        manager.grants = false;
        harness.client.reachable(false);
        manager.closeLink();
        harness.pass(31 * SECOND_NS, 100 * AgentHarness.STEP_NS);
        runtime.refusesLaunches = false;
        harness.step();
        assertEquals(0, runtime.launches.size());
    }

    @Test
    void shouldGiveLeaseFileToKernelsThatRestartOnly()
    {
        harness.active();
        manager.assign(Assignments.of(1).make());
        manager.assign(Assignments.of(2).restartOnLoss().make());
        harness.step();
        assertNull(runtime.launches.get(0).leaseFile());
        assertEquals("lease-123456789abcdef", runtime.launches.get(1).leaseFile().toString());
    }

    @Test
    void shouldKillKernelWithTheReasonGiven()
    {
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
        runtime.start(key, harness.clock.nanoTime());
        manager.kill(key, 5, ReportReason.USER_REQUESTED);
        harness.step();
        assertEquals(5L, runtime.kills.get(key));
        runtime.end(key, KernelEnd.exited(143));
        harness.step();
        assertEquals(ReportReason.USER_REQUESTED, manager.lastReport().reason());
        assertEquals(143, manager.lastReport().exitCode());
    }

    @Test
    void shouldNeverStartKernelThatWasKilledBefore()
    {
        harness.active();
        manager.kill(key, 5, ReportReason.USER_REQUESTED);
        harness.step();
        assertEquals(List.of(FAILED), manager.kinds(key));
        assertEquals(ReportReason.NEVER_STARTED, manager.lastReport().reason());

        manager.assign(Assignments.of(1).make());
        harness.step();
        assertEquals(0, runtime.launches.size());
        assertEquals(List.of(FAILED, FAILED), manager.kinds(key));

        harness.start().step();
        manager.assign(Assignments.of(1).make());
        harness.step();
        assertEquals(0, runtime.launches.size());
    }

    @Test
    void shouldForestallKernelThatWaitsForItsStart()
    {
        manager.grants = false;
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
        manager.kill(key, 5, ReportReason.USER_REQUESTED);
        harness.step();
        assertTrue(runtime.forestalled.contains(key));
        assertEquals(List.of(ACKNOWLEDGED, FAILED), manager.kinds(key));
        manager.grant(1, TestManager.LEASE_NS);
        harness.step();
        assertEquals(0, runtime.launches.size());
    }

    @Test
    void shouldIgnoreKillThatNamesAnotherCluster()
    {
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
        manager.kill(new KernelKey(1, 2, 1, 1, 1), 5, ReportReason.USER_REQUESTED);
        harness.step();
        assertTrue(runtime.kills.isEmpty());
        assertEquals(AgentState.ACTIVE, harness.state());
    }

    @Test
    void shouldRefuseLowerEpochThanOneKnown()
    {
        harness.active();
        manager.assign(Assignments.of(1).epoch(1, 2).number(2).make());
        manager.assign(Assignments.of(1).epoch(1, 1).number(3).make());
        harness.step();
        assertEquals(1, runtime.launches.size());
        assertEquals(List.of(FAILED), manager.kinds(key));
        assertEquals(ReportReason.SUPERSEDED, manager.reports.stream()
            .filter(report -> 1 == report.attempt()).findFirst().orElseThrow().reason());
    }

    @Test
    void shouldStartHigherEpochOnlyOnceTheLowerIsGone()
    {
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
        final KernelKey next = Assignments.key(1, 1, 2);
        manager.assign(Assignments.of(1).epoch(1, 2).number(2).make());
        harness.step();
        assertEquals(1, runtime.launches.size());
        assertEquals(0L, runtime.kills.get(key));
        runtime.end(key, KernelEnd.exited(137));
        harness.step();
        assertEquals(2, runtime.launches.size());
        assertEquals(next, runtime.launches.get(1).assignment().key());
    }

    @Test
    void shouldEndKernelAtItsWalltime()
    {
        harness.active();
        manager.assign(Assignments.of(1).walltime(10 * SECOND_NS, 7).make());
        harness.step();
        runtime.start(key, harness.clock.nanoTime());
        harness.pass(9 * SECOND_NS, 100 * AgentHarness.STEP_NS);
        assertTrue(runtime.kills.isEmpty());
        harness.pass(2 * SECOND_NS, 100 * AgentHarness.STEP_NS);
        assertEquals(7L, runtime.kills.get(key));
        runtime.end(key, KernelEnd.exited(143));
        harness.step();
        assertEquals(ReportReason.WALLTIME, manager.lastReport().reason());
    }

    @Test
    void shouldEndKernelAtTheWalltimeThatItWasGivenLater()
    {
        harness.active();
        manager.assign(Assignments.of(1).walltime(10 * SECOND_NS, 7).make());
        harness.step();
        manager.limit(key, 20 * SECOND_NS);
        harness.step();
        runtime.start(key, harness.clock.nanoTime());
        harness.pass(19 * SECOND_NS, 100 * AgentHarness.STEP_NS);
        manager.limit(key, 0);
        harness.pass(11 * SECOND_NS, 100 * AgentHarness.STEP_NS);
        assertTrue(runtime.kills.isEmpty());
        manager.limit(key, 25 * SECOND_NS);
        harness.pass(SECOND_NS, 100 * AgentHarness.STEP_NS);
        assertEquals(7L, runtime.kills.get(key));
    }

    @Test
    void shouldFailKernelWithBrokenLaunchSpec()
    {
        harness.active();
        manager.assign(Assignments.of(1).rawSpec("{".getBytes(StandardCharsets.US_ASCII)).make());
        harness.step();
        assertEquals(ReportReason.LAUNCH_FAILED, manager.lastReport().reason());
        assertEquals(FAILED, manager.lastReport().kind());
        assertTrue(manager.lastReport().detail().startsWith("bad launch spec"));
    }

    @Test
    void shouldRepeatWhatIsNotAcknowledgedOnTheNextConnection()
    {
        manager.acks = false;
        harness.active();
        manager.assign(Assignments.of(1).make());
        manager.assign(Assignments.of(2).make());
        harness.step();
        runtime.start(key, harness.clock.nanoTime());
        runtime.end(key, KernelEnd.exited(0));
        harness.step();
        manager.closeLink();
        manager.reports.clear();
        manager.acks = true;
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);

        final TestManager.Part part = manager.inventory.get(1);
        assertEquals(2, part.highestAssignment());
        assertEquals(List.of(EXITED, PREPARING), part.entries().stream().map(TestManager.Entry::kind).toList());
        assertEquals(0, part.entries().get(0).exitCode());
        assertEquals(List.of(EXITED), manager.kinds(key));
        assertEquals(1, manager.reports.get(0).reportNo());

        manager.closeLink();
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        assertEquals(1, manager.inventory.get(2).entries().size());
    }

    @Test
    void shouldIgnoreAcknowledgementsOfEarlierConnections()
    {
        manager.acks = false;
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
        runtime.start(key, harness.clock.nanoTime());
        runtime.end(key, KernelEnd.exited(0));
        harness.step();
        manager.connection--;
        manager.ack(100);
        manager.connection++;
        manager.closeLink();
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        assertEquals(1, manager.inventory.get(1).entries().size());
    }

    @Test
    void shouldLoseNothingWhenMoreHappensThanMayBeUnderWay()
    {
        harness.reportsUnderWayMax = 2;
        manager.acks = false;
        harness.active();
        for (int i = 1; i <= 5; i++)
        {
            manager.assign(Assignments.of(i).make());
        }
        harness.step();
        assertEquals(2, manager.reports.size());
        for (int i = 1; i <= 5; i++)
        {
            runtime.start(Assignments.key(i, 1, 1), harness.clock.nanoTime());
            runtime.end(Assignments.key(i, 1, 1), KernelEnd.exited(i));
        }
        harness.step();
        assertEquals(2, manager.reports.size());

        manager.acks = true;
        manager.ack(2);
        harness.step();
        for (int i = 1; i <= 5; i++)
        {
            final List<ReportKind> kinds = manager.kinds(Assignments.key(i, 1, 1));
            assertEquals(List.of(RUNNING, EXITED), kinds.subList(kinds.size() - 2, kinds.size()));
        }
        manager.closeLink();
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        assertEquals(0, manager.inventory.get(1).entries().size());
    }

    @Test
    void shouldKeepReportsWhileUplinkIsBackPressured()
    {
        final AgentHarness narrow = new AgentHarness(1);
        narrow.active();
        for (int i = 1; i <= 20; i++)
        {
            narrow.manager.assign(Assignments.of(i).make());
        }
        narrow.step(100);
        for (int i = 1; i <= 20; i++)
        {
            assertTrue(narrow.manager.kinds(Assignments.key(i, 1, 1)).contains(PREPARING));
        }
    }

    @Test
    void shouldSendInventoryInParts()
    {
        harness.active();
        manager.acks = false;
        final int count = 2 * InventoryWriter.KERNELS_PER_PART + 1;
        for (int i = 1; i <= count; i++)
        {
            manager.assign(Assignments.of(i).make());
        }
        harness.step(100);
        manager.closeLink();
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        final List<TestManager.Part> parts = manager.inventory.subList(1, manager.inventory.size());
        assertEquals(List.of(0, 1, 2), parts.stream().map(TestManager.Part::part).toList());
        assertEquals(List.of(false, false, true), parts.stream().map(TestManager.Part::last).toList());
        assertEquals(count, parts.stream().mapToInt(part -> part.entries().size()).sum());
        assertTrue(parts.stream().allMatch(part -> count == part.highestAssignment()));
    }

    @Test
    void shouldAdoptWhatRunsAndStartWhatDoesNotAfterRestart()
    {
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
        runtime.refusesLaunches = true;
        manager.assign(Assignments.of(2).make());
        harness.step();
        runtime.refusesLaunches = false;
        harness.start().step(100);

        assertEquals(2, runtime.launches.size());
        assertEquals(2, runtime.launches.get(1).assignment().key().kernelId());
        assertEquals(RUNNING, manager.inventory.get(1).entries().get(0).kind());
        assertEquals(2, manager.inventory.get(1).highestAssignment());
    }

    @Test
    void shouldListRunningKernelsOfAnotherClusterAsItsOwn()
    {
        harness.active();
        manager.assign(Assignments.of(1).make());
        manager.assign(Assignments.of(2).make());
        harness.step();
        runtime.end(Assignments.key(2, 1, 1), KernelEnd.exited(0));
        manager.closeLink();
        manager.clusterHi = 1;
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);

        final TestManager.Part part = manager.inventory.get(1);
        assertEquals(0, part.highestAssignment());
        assertEquals(1, part.entries().size());
        assertEquals(Assignments.CLUSTER_HI, part.entries().get(0).clusterHi());
        assertTrue(runtime.kills.isEmpty());
        assertEquals(2, manager.reports.stream().filter(report -> 1 == report.connection() &&
            PREPARING == report.kind()).count());
        assertFalse(manager.reports.stream().anyMatch(report -> 2 == report.connection()));
    }

    @Test
    void shouldForgetWhatIsDiscardedOnceItHasEnded()
    {
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
        manager.discard(key);
        harness.step();
        assertFalse(runtime.discarded.contains(key));
        runtime.end(key, KernelEnd.exited(0));
        harness.step();
        manager.discard(key);
        harness.step();
        assertTrue(runtime.discarded.contains(key));
        assertEquals(0, ((MemoryKernelStore)harness.kernelStore).size());
    }

    @Test
    void shouldKeepNoMoreEndedKernelsThanItMay()
    {
        harness.endedMax = 3;
        harness.active();
        for (int i = 1; i <= 10; i++)
        {
            manager.assign(Assignments.of(i).make());
            harness.step();
            runtime.end(Assignments.key(i, 1, 1), KernelEnd.exited(0));
            harness.step();
        }
        assertEquals(3, ((MemoryKernelStore)harness.kernelStore).size());
    }
}
