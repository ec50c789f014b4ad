package io.plimsoll.loadtest.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.csv.ReadProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class WorkloadSurveyTest
{
    private static final long SECOND_NS = 1_000_000_000L;

    private static Job job(final long atSeconds, final long cores, final long seconds)
    {
        return Job.batch(
            "j" + atSeconds, atSeconds * SECOND_NS, Tenant.of("u" + cores),
            JobRequest.of(1, Need.cpu(cores * 1000, 0)), seconds < 0 ? Job.FOREVER : seconds * SECOND_NS, 0);
    }

    @Test
    void shouldTellWhatWouldBeInUseAtOnce()
    {
        // Buckets of a second: two cores for three seconds, one core for half of the seconds that it touches.
        final Workload workload = new WorkloadBuilder("w").add(job(0, 2, 3)).add(job(2, 4, 2)).add(
            Transform.at(job(5, 1, 1), 5_500_000_000L)).add(job(8, 3, -1)).build();
        final WorkloadSummary.Demand demand = WorkloadSurvey.of(workload).demand();
        assertEquals(1, demand.bucketSeconds());
        assertEquals(
            List.of(2.0, 2.0, 6.0, 4.0, 0.0, 0.5, 0.5, 0.0), demand.series().get(0).values().subList(0, 8));
        assertEquals(6, demand.series().get(0).peak());
    }

    @Test
    void shouldTellHowFarItIs()
    {
        final WorkloadBuilder builder = new WorkloadBuilder("w");
        for (int i = 0; i < 20_000; i++)
        {
            builder.add(job(i, 1 + i % 7, 60));
        }
        final Workload workload = builder.build();
        for (final Supplier<Object> work :
            List.<Supplier<Object>>of(() -> WorkloadSurvey.of(workload), () -> WorkloadFit.of(workload)))
        {
            final List<Double> parts = new ArrayList<>();
            ReadProgress.during(parts::add, work);
            assertTrue(parts.size() >= 5, parts.toString());
            assertEquals(parts.stream().sorted().toList(), parts);
            assertTrue(parts.get(parts.size() - 1) <= 1, parts.toString());
        }
    }

    @Test
    void shouldCountHoursAndWeekdaysFromMonday()
    {
        final WorkloadBuilder builder = new WorkloadBuilder("w");
        // Sunday, 22 November 2026, 23:30 UTC.
        builder.originEpochNs(1_795_390_200L * SECOND_NS);
        final WorkloadSummary summary =
            WorkloadSurvey.of(builder.add(job(0, 1, 60)).add(job(3600, 1, 60)).add(job(3600, 1, 60)).build());
        assertEquals("2026-11-22T23:30:00Z", summary.origin());
        assertEquals(1, summary.arrivals().byHour().get(23));
        assertEquals(2, summary.arrivals().byHour().get(0));
        assertEquals(List.of(2L, 0L, 0L, 0L, 0L, 0L, 1L), summary.arrivals().byWeekday());
        assertEquals(0.5, summary.arrivals().atOnce());
    }

    @Test
    void shouldSayNothingOfNothing()
    {
        final WorkloadSummary summary = WorkloadSurvey.of(new WorkloadBuilder("empty").build());
        assertNull(summary.durations());
        assertEquals(List.of("empty: 0 jobs"), SummaryText.lines(summary));
        assertTrue(SummaryPage.json(summary).startsWith("{\"format\":\"plimsoll-workload\",\"formatVersion\":1,"));
    }

    @Test
    void shouldTellQuantilesAndBins()
    {
        final Samples samples = new Samples();
        for (int i = 1; i <= 1000; i++)
        {
            samples.add(i);
        }
        final WorkloadSummary.Figures figures = samples.figures();
        assertEquals(500, figures.p50());
        assertEquals(990, figures.p99());
        assertEquals(500.5, figures.mean());
        assertEquals(
            "[Bin[to=1.0, count=1], Bin[to=2.0, count=1], Bin[to=4.0, count=2], Bin[to=8.0, count=4], " +
            "Bin[to=16.0, count=8], Bin[to=32.0, count=16], Bin[to=64.0, count=32], Bin[to=128.0, count=64], " +
            "Bin[to=256.0, count=128], Bin[to=512.0, count=256], Bin[to=1024.0, count=488]]",
            figures.histogram().toString());
    }
}
