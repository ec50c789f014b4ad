package io.plimsoll.loadtest.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.fleet.Devices;
import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.Machine;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.JobRequest;
import io.plimsoll.loadtest.jobs.Need;
import io.plimsoll.loadtest.jobs.Tenant;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadBuilder;
import io.plimsoll.loadtest.virtual.RunSeries.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunSeriesTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final double CLOSE = 1e-6;

    /** One machine of two cores: a takes both for 100 s, b waits from 20 on and takes one from 100 to 150. */
    @Test
    void shouldTellWhatHappenedWhen()
    {
        final RunSeries series = RunSeries.of(
            watched(fleet(1, 2000, 0), job("a", 0, 2000, 0, 100), job("b", 20, 1000, 0, 50)), 0);
        assertEquals(1, series.bucketSeconds());
        assertNull(series.origin());
        assertEquals(150, series.waiting().length);
        assertEquals(0, series.waiting()[19]);
        assertEquals(1, series.waiting()[20]);
        assertEquals(1, series.waiting()[99]);
        assertEquals(0, series.waiting()[100]);
        assertEquals(80, series.waits().maxSeconds()[20]);
        assertNull(series.waits().maxSeconds()[21]);
        final Slot cpu = series.slots().get(0);
        assertEquals(List.of("cpu"), series.slots().stream().map(Slot::slot).toList());
        assertEquals(100, cpu.usedPercent()[99]);
        assertEquals(50, cpu.usedPercent()[100]);
        assertEquals(50, cpu.machinesPercent()[0][149]);
        assertEquals(List.of("m-0"), series.machineRows());
        // The end of a bucket is looked at before what happens then.
        assertEquals(List.of("resources: cpu"), List.copyOf(series.waitingByCause().keySet()));
        assertEquals(1, series.waitingByCause().get("resources: cpu")[50]);
        assertEquals(2, series.waitHistogram().stream().mapToLong(RunSeries.Bin::sessions).sum());
        assertEquals(1, series.waitHistogram().get(0).sessions());
    }

    /**
     * A GPU of each of two machines is taken by a third; what is free is of use to who asks for a third, and of none to
     * who asks for a whole one, which are half of the requests each.
     */
    @Test
    void shouldMeasureWhatIsFreeAndOfNoUse()
    {
        final RunSeries series = RunSeries.of(
            watched(
                fleet(1, 4000, 1), job("third", 0, 1000, 334, 100), job("whole", 10, 1000, 1000, 100)), 0);
        final Slot gpu = series.slots().get(1);
        assertEquals("gpu", gpu.slot());
        assertEquals(50, gpu.fragmentationPercent()[5], CLOSE);
        assertEquals(33.4, gpu.usedPercent()[5], CLOSE);
        // Nothing is free then.
        assertNull(gpu.fragmentationPercent()[150]);
    }

    /** However long it lasts, and however late its end: sums stay. */
    @Test
    void shouldBecomeCoarserAsItGoesOn()
    {
        final List<Job> jobs = new ArrayList<>();
        double coreSeconds = 0;
        for (int i = 0; i < 100; i++)
        {
            jobs.add(job("j" + i, i * 3, 1000, 0, i == 50 ? 100_000 : 7 + i));
            coreSeconds += i == 50 ? 100_000 : 7 + i;
        }
        final ClusterRun run = watched(fleet(200, 1000, 0), jobs.toArray(new Job[0]));
        final RunSeries series = RunSeries.of(run, 0);
        assertTrue(series.waiting().length <= RunWatch.INTERVALS);
        assertEquals(300, series.bucketSeconds());
        assertEquals(64, series.machineRows().size(), 14);
        double told = 0;
        for (int bucket = 0; bucket < series.running().length; bucket++)
        {
            final double length = Math.min(
                series.bucketSeconds(), run.endNs() / 1e9 - bucket * series.bucketSeconds());
            told += series.running()[bucket] * length;
        }
        assertEquals(coreSeconds, told, CLOSE * coreSeconds);
        assertEquals(100, Arrays.stream(series.waits().arrived()).sum());
    }

    @Test
    void shouldChangeNothingByWatching()
    {
        final Job[] jobs = {job("a", 0, 2000, 0, 100), job("b", 20, 1000, 0, 50), job("c", 30, 1000, 0, 5)};
        assertEquals(
            new ClusterRun(workload(jobs), fleet(1, 2000, 0), RunSetup.PLAIN).run().stateHash(),
            watched(fleet(1, 2000, 0), jobs).stateHash());
    }

    private static ClusterRun watched(final Fleet fleet, final Job... jobs)
    {
        return new ClusterRun(workload(jobs), fleet, RunSetup.PLAIN).watched().run();
    }

    private static Workload workload(final Job... jobs)
    {
        final WorkloadBuilder builder = new WorkloadBuilder("w");
        for (final Job job : jobs)
        {
            builder.add(job);
        }
        return builder.build();
    }

    private static Fleet fleet(final int count, final long cpuMillis, final int devices)
    {
        final MachineKind kind = MachineKind.of(
            "m", cpuMillis, MachineKind.UNLIMITED,
            0 == devices ? List.of() : List.of(new Devices("cuda", "", devices)));
        final List<Machine> machines = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            machines.add(new Machine("m-" + i, "", kind));
        }
        return new Fleet("f", machines, List.of());
    }

    private static Job job(
        final String name, final long atSeconds, final long cpuMillis, final long gpuMilli, final long seconds)
    {
        return Job.batch(
            name, atSeconds * SECOND_NS, Tenant.UNKNOWN,
            JobRequest.of(1, new Need(cpuMillis, 0, Need.gpu(gpuMilli))), seconds * SECOND_NS, Job.NO_LIMIT);
    }
}
