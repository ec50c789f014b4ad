package io.plimsoll.loadtest.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.SessionSpec;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WorkloadTest
{
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void shouldKeepEveryFieldOfEveryJobInOrderOfArrival()
    {
        final Random random = new Random(1);
        final List<Job> jobs = new ArrayList<>();
        final WorkloadBuilder builder = new WorkloadBuilder("random");
        for (int i = 0; i < 5000; i++)
        {
            jobs.add(job(random, i));
            builder.add(jobs.get(i));
        }
        jobs.sort((one, other) -> Long.compare(one.arrivalNs(), other.arrivalNs()));
        final Workload workload = builder.build();
        assertEquals(jobs, workload.jobs());
        long sessions = 0;
        for (int i = 0; i < jobs.size(); i++)
        {
            assertEquals(jobs.get(i).arrivalNs(), workload.arrivalNs(i));
            assertSame(workload.job(i).request(), workload.request(i));
            assertEquals(jobs.get(i).tenant(), workload.tenant(i));
            sessions += jobs.get(i).elements();
        }
        assertEquals(sessions, workload.sessions());
        assertEquals(3, workload.tenants().size());
        assertEquals(3, workload.requests().size());
    }

    private static Job job(final Random random, final int i)
    {
        final int elements = 0 == i % 10 ? 1 + random.nextInt(3) : 1;
        final List<Life> lives = new ArrayList<>();
        for (int e = 0; e < (0 == i % 20 ? elements : 1); e++)
        {
            lives.add(new Life(random.nextInt(100) * SECOND_NS, random.nextInt(3)));
        }
        return new Job(
            name(i), random.nextInt(500) * SECOND_NS, new Tenant("u" + i % 3, "p", "d", ""),
            SessionType.BATCH, i % 101, 0 == i % 2,
            JobRequest.of(1 + i % 2, new Need(1000, 1 << 20, Need.gpu(0 == i % 4 ? 500 : 2000))),
            i % 7 * SECOND_NS, elements, lives,
            0 == i % 9 ? List.of(new Dependency(name(i - 1), true)) : List.of());
    }

    /** Some of them are numbers, some look like it. */
    private static String name(final int i)
    {
        return switch (i % 4)
        {
            case 0 -> Integer.toString(i);
            case 1 -> "0" + i;
            case 2 -> "job-" + i;
            default -> "12345678901234567890" + i;
        };
    }

    @Test
    void shouldCountWhatIsSkippedByReason()
    {
        final WorkloadBuilder builder = new WorkloadBuilder("w");
        builder.skip("no processors", "line 3");
        builder.skip("no run time", "line 4");
        builder.skip("no processors", "line 9");
        assertEquals(
            List.of(new Skipped("no processors", 2, "line 3"), new Skipped("no run time", 1, "line 4")),
            builder.build().skipped());
    }

    @Test
    void shouldTellNeedsApartByWhatTheyAskFor()
    {
        final Need one = new Need(1, 2, List.of(new SlotAmount("rdma", 125), new SlotAmount("cuda.device", 2)));
        final Need other = new Need(1, 2, List.of(
            new SlotAmount("cuda.device", 2), new SlotAmount("rdma", 125), new SlotAmount("disk", 0)));
        assertEquals(one, other);
        assertEquals(2000, one.gpuMilli());
        assertEquals(250, new JobRequest(List.of(new KernelSet(2, one)), List.of()).slot("rdma"));
        assertEquals(List.of(new SlotAmount("cuda.shares", 460)), Need.gpu(460));
        assertEquals(List.of(), Need.gpu(0));
    }

    @Test
    void shouldBecomeSessionsOfAScenario()
    {
        final Job job = new Job(
            "a", SECOND_NS, new Tenant("alice", "", "", ""), SessionType.INTERACTIVE, 20, false,
            new JobRequest(
                List.of(new KernelSet(1, Need.cpu(1000, 5)), new KernelSet(3, Need.cpu(2000, 6))), List.of()),
            7, 2, List.of(new Life(10, 0), new Life(Job.UNKNOWN, 3)), List.of());
        final SessionSpec first = job.toSession(0, 4, "default", 1);
        final SessionSpec second = job.toSession(1, 4, "default", 1);
        assertEquals("a[0]", first.name());
        assertEquals("default", first.group());
        assertEquals(10, first.behaviour().durationNs(0));
        assertEquals(SessionSpec.FOREVER, second.behaviour().durationNs(0));
        assertEquals(3, second.behaviour().exitCode(0));
        assertEquals(7, second.rules().limitNs());
        assertEquals(1, second.request().kernels());
        assertEquals(3, second.request().parts().get(0).kernels());
        assertEquals(4, job.request().kernelCount());
        assertEquals(7000, job.request().cpuMillis());
        assertFalse(job.isFinite());
        assertTrue(job.isArray());
    }
}
