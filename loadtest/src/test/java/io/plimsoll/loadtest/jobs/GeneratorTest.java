package io.plimsoll.loadtest.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.simulate.ScenarioException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes into a description comes back out of what is made of it, within the bounds that chance sets. */
class GeneratorTest
{
    private static final double SECOND_NS = 1e9;
    /** Of a normal variable, beyond which it is in one case of 15,000. */
    private static final double BOUND = 4;

    private static Workload generate(final String fields, final long seed)
    {
        return Generator.generate(
            GeneratorYaml.parse("w", "w.yaml", "workload: {name: w, " + fields + "}"), seed);
    }

    @Test
    void shouldMakeTheSameOnEveryMachine() throws IOException
    {
        final String spec = """
            start: 2026-11-23T00:00:00Z, duration: 3d,
            arrivals: {rate: 40/h, hours: [1,1,1,1,1,1,2,3,4,5,5,5,5,5,5,5,4,3,2,2,1,1,1,1], daySigma: 0.3,
              gaps: {weibull: {mean: 1, shape: 0.6}}, bursts: {factor: 5, on: 20m, off: 3h},
              batch: {choice: [{value: 1, weight: 8}, {value: 3, weight: 1}]}},
            shapes: [{cpu: 4, mem: 8g, gpu: 0.5, duration: {lognormal: {median: 10m, sigma: 2}},
              limit: {accuracy: {uniform: {min: 0.05, max: 1}}, round: [15m, 1h, 4h, 1d]}},
              {count: {choice: [{value: 2, weight: 1}, {value: 8, weight: 1}]}, cpu: 1, elements: {exponential: 4},
               duration: {pareto: {min: 10s, alpha: 1.1, max: 2d}}, failures: {share: 0.2, early: true}}],
            users: {count: 20, zipf: 1, shapesEach: 1, sigma: 0.7, repeat: 0.3}
            """;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JobCsv.write(generate(spec, 42), bytes);
        final CRC32 sum = new CRC32();
        sum.update(bytes.toByteArray());
        // Whoever changes the draws on purpose writes the new one here, and says so in the notes of the release.
        assertEquals("2fd5b728", Long.toHexString(sum.getValue()));
        assertNotEquals(generate(spec, 42).jobs(), generate(spec, 43).jobs());
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void shouldArriveAtTheRate(final long seed)
    {
        final Workload workload = generate(
            "duration: 100d, arrivals: {rate: 10/h}, shapes: [{duration: 1m}]", seed);
        assertEquals(24_000, workload.size(), BOUND * Math.sqrt(24_000));
        final Samples gaps = gaps(workload);
        assertEquals(1, gaps.variation(), 0.03);
        // Gaps of a Poisson process are exponential: Kolmogorov and Smirnov's distance at one in 10,000.
        double distance = 0;
        for (double part = 0.01; part < 1; part += 0.01)
        {
            distance = Math.max(distance, Math.abs(1 - Math.exp(-gaps.quantile(part) / 360) - part));
        }
        assertTrue(distance < 2.2 / Math.sqrt(gaps.size()), "distance=" + distance);
    }

    private static Samples gaps(final Workload workload)
    {
        final Samples gaps = new Samples();
        for (int i = 1; i < workload.size(); i++)
        {
            gaps.add((workload.arrivalNs(i) - workload.arrivalNs(i - 1)) / SECOND_NS);
        }
        return gaps;
    }

    @Test
    void shouldFollowTheRhythmOfDaysAndWeeks()
    {
        // A Wednesday: weekdays begin with Monday all the same.
        final Workload workload = generate(
            "start: 2026-11-25T10:30:00Z, duration: 140d, arrivals: {rate: 20/h, hours: [0,0,0,0,0,0,0,0,4,4," +
            "4,4,1,4,4,4,4,0,0,0,0,0,0,0], weekdays: [1, 1, 1, 1, 2, 0, 0]}, shapes: [{duration: 1m}]", 5);
        final WorkloadSummary.Arrivals arrivals = WorkloadSurvey.of(workload).arrivals();
        final double jobs = workload.size();
        assertEquals(20 * 24 * 140, jobs, 0.02 * 20 * 24 * 140);
        for (int hour = 0; hour < 24; hour++)
        {
            final double weight = hour < 8 || hour > 16 ? 0 : 12 == hour ? 1 : 4;
            final double expected = jobs * weight / 33;
            assertEquals(expected, arrivals.byHour().get(hour), BOUND * Math.sqrt(expected), "hour " + hour);
        }
        for (int day = 0; day < 7; day++)
        {
            final double expected = jobs * (day > 4 ? 0 : 4 == day ? 2 : 1) / 6;
            assertEquals(expected, arrivals.byWeekday().get(day), BOUND * Math.sqrt(expected), "day " + day);
        }
    }

    @Test
    void shouldComeInBurstsAndInBatchesAtTheSameRate()
    {
        final Workload bursty = generate(
            "duration: 400d, arrivals: {rate: 6/h, bursts: {factor: 20, on: 30m, off: 5h}}, " +
            "shapes: [{duration: 1m}]", 3);
        assertEquals(6 * 24 * 400, bursty.size(), 0.06 * 6 * 24 * 400);
        assertTrue(gaps(bursty).variation() > 1.8, "variation=" + gaps(bursty).variation());
        final Workload batches = generate(
            "duration: 100d, arrivals: {rate: 60/h, " +
            "batch: {choice: [{value: 1, weight: 1}, {value: 5, weight: 1}]}}, shapes: [{duration: 1m}]", 3);
        assertEquals(60 * 24 * 100, batches.size(), 0.02 * 60 * 24 * 100);
        assertEquals(2.0 / 3, WorkloadSurvey.of(batches).arrivals().atOnce(), 0.01);
        final Workload renewal = generate(
            "duration: 100d, arrivals: {rate: 60/h, gaps: {weibull: {mean: 9, shape: 0.5}}}, " +
            "shapes: [{duration: 1m}]", 3);
        // Of a Weibull distribution of shape k: gamma(1 + 2/k) / gamma(1 + 1/k)^2 - 1, which is 5 for k = 1/2.
        assertEquals(Math.sqrt(5), gaps(renewal).variation(), 0.1);
        assertEquals(60 * 24 * 100, renewal.size(), 0.03 * 60 * 24 * 100);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "{exponential: 60}; 60; 0.01; 41.59",
        "{lognormal: {median: 60, sigma: 1.5}}; 184.8; 0.1; 60",
        "{weibull: {mean: 60, shape: 0.6}}; 60; 0.03; 21.65",
        "{pareto: {min: 10, alpha: 1.2, max: 100000}}; 50.5; 0.1; 17.82",
        "{uniform: {min: 1, max: 3}}; 2; 0.01; 2",
        "{hyperexponential: [{weight: 9, mean: 10}, {weight: 1, mean: 1000}]}; 109; 0.05; 8.03",
        "{histogram: [{to: 10, weight: 1}, {to: 20, weight: 3}]}; 12.07; 0.02; 12.6",
        "{quantiles: [1, 2, 8]}; 2.885; 0.02; 2",
        "{mix: [{weight: 2, of: 5}, {weight: 1, of: {uniform: {min: 10, max: 20}}}]}; 8.333; 0.02; 5"})
    void shouldHaveTheTailsThatAreAskedFor(
        final String distribution, final double mean, final double tolerance, final double median)
    {
        final Workload workload = generate(
            "jobs: 100000, arrivals: {every: 1s}, shapes: [{duration: " + distribution + "}]", 11);
        assertEquals(100_000, workload.size());
        final Samples seconds = new Samples();
        workload.jobs().forEach(job -> seconds.add(job.durationNs() / SECOND_NS));
        assertEquals(mean, seconds.mean(), tolerance * mean);
        assertEquals(median, seconds.quantile(0.5), 0.03 * median);
        final Distribution parsed = GeneratorYaml.parse("w", "w.yaml",
            "workload: {jobs: 1, arrivals: {every: 1s}, shapes: [{duration: " + distribution + "}]}")
            .shapes().get(0).duration();
        assertEquals(mean, parsed.mean(), 0.01 * mean);
    }

    @Test
    void shouldGiveUsersHabits()
    {
        final Workload workload = generate(
            "jobs: 40000, arrivals: {every: 10s}, shapes: [{name: a, cpu: 1, duration: 1h}, {cpu: 2, duration: 1h}, " +
            "{cpu: 3, duration: 1h}], users: {count: 50, zipf: 1.0, shapesEach: 1, sigma: 1}", 4);
        final Map<String, Integer> jobs = new HashMap<>();
        final Map<String, String> shapes = new HashMap<>();
        for (final Job job : workload.jobs())
        {
            jobs.merge(job.tenant().user(), 1, Integer::sum);
            final String habit = job.request() + " " + job.durationNs();
            assertEquals(habit, shapes.computeIfAbsent(job.tenant().user(), user -> habit));
        }
        assertEquals(50, jobs.size());
        assertEquals(2.0, jobs.get("user-01") / (double)jobs.get("user-02"), 0.1);
        assertTrue(shapes.values().stream().distinct().count() > 40);
    }

    @Test
    void shouldEndAndFailAndLimitAsAskedFor()
    {
        final Workload workload = generate(
            "jobs: 20000, arrivals: {every: 10s}, longest: 5h, shapes: [{cpu: 1, forever: 0.1, " +
            "duration: {exponential: 1h}, limit: {accuracy: 0.5, round: [30m, 1h, 4h, 1d]}, " +
            "failures: {share: 0.25, exits: {1: 3, 137: 1}}}]", 4);
        final WorkloadSummary summary = WorkloadSurvey.of(workload);
        assertEquals(2000, summary.ends().forever(), BOUND * Math.sqrt(1800));
        assertEquals(5000, summary.ends().failed(), BOUND * Math.sqrt(3750));
        assertEquals(5 * 3600, summary.durations().max());
        for (final Job job : workload.jobs())
        {
            assertTrue(Job.FOREVER == job.durationNs() ? Job.NO_LIMIT == job.limitNs() :
                List.of(1800L, 3600L, 14_400L, 86_400L).contains((long)(job.limitNs() / SECOND_NS)));
        }
    }

    @Test
    void shouldSayWhatIsWrongWithADescription()
    {
        assertEquals("w.yaml, line 1: workload: duration or jobs must say where it ends, such as duration: 7d",
            problem("arrivals: {rate: 1/h}, shapes: [{duration: 1m}]"));
        assertEquals(
            "w.yaml, line 1: workload.arrivals.rate: 5 is no rate: use jobs in a time, such as 90/h, with s, m, h or d",
            problem("jobs: 1, arrivals: {rate: 5}, shapes: [{duration: 1m}]"));
        for (final String unknown : List.of("gauss: 5m", "gauss: [1m, 2m]", "gauss: {mean: 5m}"))
        {
            final String said = problem(
                "jobs: 1, arrivals: {rate: 5/h}, shapes: [{duration: {" + unknown + "}}]");
            assertTrue(said.contains("shapes[0].duration.gauss: is no distribution: expected a value, or one"), said);
        }
        assertEquals("w.yaml, line 1: workload.shapes[0].duration.normal: is no distribution: expected a value, or " +
            "one of exponential, lognormal, weibull, pareto, uniform, hyperexponential, mix, " +
            "quantiles, histogram, choice",
            problem("jobs: 1, arrivals: {rate: 5/h}, shapes: [{duration: {normal: {mean: 1}}}]"));
        assertEquals("w.yaml, line 1: workload.arrivals.hours: expected 24 weights, not all of them 0, but there are 2",
            problem("jobs: 1, arrivals: {rate: 5/h, hours: [1, 2]}, shapes: [{duration: 1m}]"));
        assertEquals("w.yaml, line 1: workload.users.list[0].shapes.b: there is no shape of the name b",
            problem("jobs: 1, arrivals: {rate: 5/h}, shapes: [{name: a, duration: 1m}], " +
                "users: {list: [{name: u, shapes: {b: 1}}]}"));
        assertEquals("w.yaml, line 1: workload.shapes[0]: the field duration is missing",
            problem("jobs: 1, arrivals: {rate: 5/h}, shapes: [{cpu: 1}]"));
        assertTrue(problem("jobs: 1, arrivals: {rate: 5/h}, shapes: [{weight: 0, duration: 1m}]")
            .contains("all weights are 0"));
        assertTrue(problem("jobs: 1, arrivals: {rate: 5/h}, shapes: [{name: a, duration: 1m}], " +
            "users: {list: [{name: u, shapes: {a: 0}}]}").contains("all weights are 0"));
    }

    private static String problem(final String fields)
    {
        return assertThrows(ScenarioException.class, () -> generate(fields, 1)).getMessage();
    }
}
