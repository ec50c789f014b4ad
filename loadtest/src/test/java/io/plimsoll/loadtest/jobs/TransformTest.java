package io.plimsoll.loadtest.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransformTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DAY_NS = 86_400 * SECOND_NS;

    private static Workload workload(final int jobs, final long originNs)
    {
        final WorkloadBuilder builder = new WorkloadBuilder("w");
        builder.originEpochNs(originNs);
        for (int i = 0; i < jobs; i++)
        {
            final Job job = Job.batch(
                "j" + i, i * 3600L * SECOND_NS, new Tenant("user-" + i % 3, "", "", "g" + i % 2),
                JobRequest.of(1, new Need(1000 * (1 + i % 4), 1L << 30, Need.gpu(i % 3 * 500L))),
                60 * SECOND_NS * (i + 1), 0 == i % 2 ? 0 : 7200 * SECOND_NS);
            builder.add(Transform.named(
                job, job.name(), job.tenant(), 0 == i % 10 && i > 0 ? List.of(new Dependency("j" + (i - 1), false)) :
                List.of()));
        }
        return builder.build();
    }

    private static String names(final Workload workload)
    {
        return workload.jobs().stream().map(Job::name).collect(Collectors.joining(" "));
    }

    @Test
    void shouldAddAndLeaveOutJobsAtTheHoursAtWhichTheyCome()
    {
        final Workload workload = workload(2000, 0);
        final Workload more = Transform.scaleRate(workload, new BigDecimal("2.5"), 3);
        assertEquals(5000, more.size(), 4 * Math.sqrt(2000 * 0.25));
        assertEquals(more.jobs(), Transform.scaleRate(workload, new BigDecimal("2.5"), 3).jobs());
        assertEquals(more.size(), more.jobs().stream().map(Job::name).distinct().count());
        for (final Job job : more.jobs())
        {
            final int original = Integer.parseInt(job.name().substring(1).split("~")[0]);
            final long laterNs = job.arrivalNs() - original * 3600L * SECOND_NS;
            assertTrue(laterNs >= 0 && laterNs < 3600 * SECOND_NS);
        }
        final Workload fewer = Transform.scaleRate(workload, new BigDecimal("0.25"), 3);
        assertEquals(500, fewer.size(), 4 * Math.sqrt(2000 * 0.25 * 0.75));
        final List<String> kept = fewer.jobs().stream().map(Job::name).toList();
        fewer.jobs().forEach(job -> job.after().forEach(before -> assertTrue(kept.contains(before.session()))));
        assertEquals(workload.jobs(), Transform.scaleRate(workload, BigDecimal.ONE, 3).jobs());
    }

    @Test
    void shouldScaleWhatIsAskedForAndHowLongItRuns()
    {
        final Workload larger = Transform.scaleSize(workload(3, 0), new BigDecimal("1.5"));
        assertEquals(
            List.of("1500 0", "3000 750", "4500 2000"),
            larger.jobs().stream().map(job -> job.request().cpuMillis() + " " + job.request().gpuMilli()).toList());
        final Workload shorter = Transform.scaleDuration(workload(2, 0), new BigDecimal("0.5"));
        assertEquals(30 * SECOND_NS, shorter.job(0).durationNs());
        assertEquals(0, shorter.job(0).limitNs());
        assertEquals(3600 * SECOND_NS, shorter.job(1).limitNs());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "user=user-1; j1 j4", "user!=user-1 and cpu>2; j2 j3", "user=*-0|*-2 and not group=g1; j0 j2",
        "(cpu=1 or cpu=2) and limit<3h; j1 j5", "gpu>=0.5 and gpu<1; j1 j4", "duration>=4m and arrival<1d; j3 j4 j5",
        "name='j3' or name=\"j5\"; j3 j5", "arrival>=1970-01-01T04:00:00Z; j4 j5", "kernels=1 and slot.rdma=0; " +
        "j0 j1 j2 j3 j4 j5", "limit>1d; j0 j2 j4"})
    void shouldFilter(final String expression, final String expected)
    {
        final Workload workload = workload(6, 0);
        assertEquals(expected, names(Transform.filter(workload, JobFilter.parse(expression, 0))));
    }

    @Test
    void shouldCountFromTheFirstThatIsLeft()
    {
        final Workload dated = Transform.filter(workload(60, 5), JobFilter.parse("arrival>=30h", 5));
        assertEquals(0, dated.arrivalNs(0));
        assertEquals(5 + 30 * 3600 * SECOND_NS, dated.originEpochNs());
        final Workload undated =
            Transform.filter(workload(60, Workload.NO_ORIGIN), JobFilter.parse("arrival>=30h", Workload.NO_ORIGIN));
        assertEquals(6 * 3600 * SECOND_NS, undated.arrivalNs(0));
        assertEquals(List.of(), undated.job(0).after());
    }

    @Test
    void shouldMergeByTheClockOrFromTheStart()
    {
        final Workload one = workload(2, 10 * DAY_NS);
        final Workload other = workload(2, 11 * DAY_NS);
        final Workload together = Transform.merge(List.of(one, other), false);
        assertEquals("1-w/j0 2-w/j0 1-w/j1 2-w/j1", names(together));
        assertEquals(10 * DAY_NS, together.originEpochNs());
        final Workload byClock = Transform.merge(List.of(other, one), true);
        assertEquals("2-w/j0 2-w/j1 1-w/j0 1-w/j1", names(byClock));
        assertEquals(10 * DAY_NS, byClock.originEpochNs());
        assertEquals(DAY_NS, byClock.arrivalNs(2));
        final Workload chained = Transform.merge(List.of(workload(11, 0), one), false);
        assertEquals("1-w/j9", chained.job(chained.size() - 1).after().get(0).session());
    }

    @Test
    void shouldPutNamesInWordsThatOnlyTheKeyTells()
    {
        final byte[] key = "sixteen bytes ok".getBytes(StandardCharsets.US_ASCII);
        final Workload workload = workload(11, 7);
        final Workload hidden = new Anonymiser(key).apply(workload);
        assertEquals(hidden.jobs(), new Anonymiser(key).apply(workload).jobs());
        key[0]++;
        assertNotEquals(hidden.job(0).name(), new Anonymiser(key).apply(workload).job(0).name());
        assertEquals(3, hidden.tenants().stream().map(Tenant::user).distinct().count());
        assertEquals(hidden.job(9).name(), hidden.job(10).after().get(0).session());
        assertEquals(workload.request(4), hidden.request(4));
        assertEquals(workload.arrivalNs(4), hidden.arrivalNs(4));
        assertEquals("", hidden.tenants().get(0).project());
        assertEquals(
            "the key has 3 bytes; it needs 16 at least",
            assertThrows(IllegalArgumentException.class, () -> new Anonymiser(new byte[3])).getMessage());
    }
}
