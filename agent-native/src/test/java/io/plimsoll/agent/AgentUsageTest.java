package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.usage.UsageFeed;
import io.plimsoll.agent.usage.UsageReport;
import io.plimsoll.agent.usage.UsageSubject;
import io.plimsoll.transport.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How what is used comes to the manager. */
class AgentUsageTest
{
    private static final long SECOND_NS = 1_000_000_000L;

    private final AgentHarness harness = new AgentHarness();
    private final List<List<UsageSubject>> subjects = new ArrayList<>();
    private UsageReport next;

    @BeforeEach
    void feed()
    {
        harness.usage = new UsageFeed()
        {
            @Override
            public long subjectsIntervalNs()
            {
                return SECOND_NS;
            }

            @Override
            public void subjects(final List<UsageSubject> kernels)
            {
                subjects.add(kernels);
            }

            @Override
            public UsageReport poll()
            {
                final UsageReport report = next;
                next = null;
                return report;
            }
        };
    }

    private static UsageReport report(final int kernels, final long clusterLo)
    {
        return new UsageReport(
            Usage.NONE, 2, 1, LongStream.rangeClosed(1, kernels)
                .mapToObj(id -> new UsageReport.OfKernel(
                    new KernelKey(Assignments.CLUSTER_HI, clusterLo, id << 10, 1, 1), Usage.NONE))
                .toList(),
            List.of());
    }

    @Test
    void shouldTellOfManyKernelsInSeveralFrames()
    {
        harness.active();
        next = report(100, Assignments.CLUSTER_LO);
        harness.step();
        assertEquals(1, harness.manager.usageHosts);
        assertEquals(LongStream.rangeClosed(1, 100).mapToObj(id -> id << 10).toList(), harness.manager.usageKernels);
    }

    @Test
    void shouldNotTellOneClusterOfKernelsOfAnother()
    {
        harness.active();
        next = report(3, Assignments.CLUSTER_LO + 1);
        harness.step();
        assertEquals(1, harness.manager.usageHosts);
        assertEquals(List.of(), harness.manager.usageKernels);
    }

    @Test
    void shouldKeepQuietBeforeAManagerThatDoesNotKnowUsage()
    {
        harness.manager.version = 3;
        harness.active();
        next = report(3, Assignments.CLUSTER_LO);
        harness.pass(3 * SECOND_NS, SECOND_NS / 10);
        assertEquals(0, harness.manager.usageHosts);
        assertEquals(List.of(), subjects);
        assertEquals(AgentState.ACTIVE, harness.agent.status().state());
    }

    @Test
    void shouldSayWhoRunsOncePerInterval()
    {
        harness.active();
        harness.runtime.running.add(new KernelKey(Assignments.CLUSTER_HI, Assignments.CLUSTER_LO, 1024, 1, 1));
        harness.pass(10 * SECOND_NS, SECOND_NS / 20);
        assertTrue(subjects.size() >= 10 && subjects.size() <= 12, "times " + subjects.size());
        assertEquals(1, subjects.get(subjects.size() - 1).size());
    }

    @Test
    void shouldNotHoldUpHeartbeatsWhenThereIsNoRoom()
    {
        final AgentHarness narrow = new AgentHarness(2);
        narrow.usage = harness.usage;
        narrow.active();
        for (int i = 0; i < 30; i++)
        {
            next = report(1_000, Assignments.CLUSTER_LO);
            narrow.pass(SECOND_NS, SECOND_NS / 10);
        }
        assertTrue(narrow.manager.heartbeats.size() >= 29, "heartbeats " + narrow.manager.heartbeats.size());
    }
}
