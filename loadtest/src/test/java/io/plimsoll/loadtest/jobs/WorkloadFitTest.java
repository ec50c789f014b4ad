package io.plimsoll.loadtest.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.openb.Traces;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is made of a description that was made of a trace is like the trace, in all that is told of it. */
class WorkloadFitTest
{
    private static Workload like(final Workload workload, final long seed)
    {
        final String text = GeneratorText.of(WorkloadFit.of(workload));
        return Generator.generate(GeneratorYaml.parse("again", "fit", text), seed);
    }

    @Test
    void shouldMakeOneLikePhilly()
    {
        final Workload philly = WorkloadFiles.read(Traces.file("philly/philly.csv.gz"));
        final WorkloadSummary was = WorkloadSurvey.of(philly);
        final WorkloadSummary is = WorkloadSurvey.of(like(philly, 1));
        // Days differ by so much that the number of jobs of as many days does too.
        assertEquals(was.jobs(), is.jobs(), 0.3 * was.jobs());
        assertAlike(was.durations(), is.durations(), 0.15);
        assertEquals(was.sizes().get(1).figures().mean(), is.sizes().get(1).figures().mean(), 0.05);
        assertTrue(correlation(was.arrivals().byHour(), is.arrivals().byHour()) > 0.8);
        assertEquals(was.arrivals().atOnce(), is.arrivals().atOnce(), 0.02);
        assertTrue(is.arrivals().gapVariation() > 3);
        assertShares(was.tenants().get("groups"), was.jobs(), is.tenants().get("groups"), is.jobs());
    }

    @Test
    void shouldMakeOneLikeKth()
    {
        final Workload kth = WorkloadFiles.read(Traces.file("swf/input_KTH-SP2.swf.gz"));
        final WorkloadSummary was = WorkloadSurvey.of(kth);
        final WorkloadSummary is = WorkloadSurvey.of(like(kth, 1));
        assertEquals(was.jobs(), is.jobs(), 0.1 * was.jobs());
        assertAlike(was.durations(), is.durations(), 0.2);
        assertEquals(was.sizes().get(0).figures().mean(), is.sizes().get(0).figures().mean(), 0.4);
        assertEquals(was.sizes().get(0).figures().p90(), is.sizes().get(0).figures().p90());
        assertTrue(correlation(was.arrivals().byHour(), is.arrivals().byHour()) > 0.95);
        assertEquals(was.limits().accuracy().mean(), is.limits().accuracy().mean(), 0.05);
        assertEquals(was.demand().series().get(0).mean(), is.demand().series().get(0).mean(),
            0.2 * was.demand().series().get(0).mean());
        assertShares(was.tenants().get("users"), was.jobs(), is.tenants().get("users"), is.jobs());
        assertTrue(is.limits().jobs() == is.jobs());
    }

    /** Arrays of many lengths, services beside jobs that end, and limits that only some have. */
    @Test
    void shouldMakeOneLikeAMixOfArraysServicesAndLimits()
    {
        final Workload mix = Generator.generate(GeneratorYaml.parse("w", "w.yaml", """
            workload:
              duration: 28d
              arrivals: {rate: 40/h}
              shapes:
                - {weight: 3, cpu: 8, duration: {lognormal: {median: 20m, sigma: 1}},
                   limit: {accuracy: {uniform: {min: 0.05, max: 1}}, round: [1h, 4h, 1d]}}
                - {weight: 1, cpu: 2, elements: {exponential: 50}, duration: 10m}
                - {weight: 1, cpu: 1, duration: {exponential: 1h}, forever: 0.5}
              users: {count: 5, repeat: 0.5}
            """), 8);
        final WorkloadSummary was = WorkloadSurvey.of(mix);
        final WorkloadSummary is = WorkloadSurvey.of(like(mix, 1));
        assertEquals(was.jobs(), is.jobs(), 0.05 * was.jobs());
        assertEquals(was.ends().arrays(), is.ends().arrays(), 0.1 * was.ends().arrays());
        assertEquals(was.sessions(), is.sessions(), 0.1 * was.sessions());
        assertEquals(was.ends().forever(), is.ends().forever(), 0.15 * was.ends().forever());
        assertEquals(was.durations().mean(), is.durations().mean(), 0.1 * was.durations().mean());
        assertEquals(was.limits().jobs(), is.limits().jobs(), 0.05 * was.limits().jobs());
        assertEquals(was.limits().accuracy().mean(), is.limits().accuracy().mean(), 0.05);
    }

    @Test
    void shouldKeepTheMeanOfManyValues()
    {
        final Map<Double, Integer> counts = new HashMap<>();
        for (int i = 1; i <= 1000; i++)
        {
            counts.put((double)i, 7 == i ? 500 : 1);
        }
        final Distribution.Choice few = WorkloadFit.choice(counts, 40);
        assertTrue(few.values().size() <= 40, () -> "values=" + few.values());
        assertEquals(500, few.weights().get(few.values().indexOf(7.0)));
        assertEquals((500_500 + 499 * 7) / 1499.0, few.mean(), 1e-6);
        assertTrue(few.values().get(few.values().size() - 1) > 950, () -> "values=" + few.values());
    }

    private static void assertAlike(
        final WorkloadSummary.Figures was, final WorkloadSummary.Figures is, final double tolerance)
    {
        assertEquals(was.mean(), is.mean(), tolerance * was.mean());
        assertEquals(was.p25(), is.p25(), 2 * tolerance * was.p25());
        assertEquals(was.p50(), is.p50(), tolerance * was.p50());
        assertEquals(was.p90(), is.p90(), tolerance * was.p90());
        assertTrue(is.max() <= was.max());
    }

    private static double correlation(final List<Long> one, final List<Long> other)
    {
        final double meanOne = one.stream().mapToLong(Long::longValue).average().orElse(0);
        final double meanOther = other.stream().mapToLong(Long::longValue).average().orElse(0);
        double both = 0;
        double squaresOne = 0;
        double squaresOther = 0;
        for (int i = 0; i < one.size(); i++)
        {
            both += (one.get(i) - meanOne) * (other.get(i) - meanOther);
            squaresOne += (one.get(i) - meanOne) * (one.get(i) - meanOne);
            squaresOther += (other.get(i) - meanOther) * (other.get(i) - meanOther);
        }
        return both / Math.sqrt(squaresOne * squaresOther);
    }

    /** Those that ask most do so here too. */
    private static void assertShares(
        final List<WorkloadSummary.Share> was,
        final long wasJobs,
        final List<WorkloadSummary.Share> is,
        final long isJobs)
    {
        final Map<String, Double> shares = new HashMap<>();
        is.forEach(share -> shares.put(share.name(), share.jobs() / (double)isJobs));
        for (final WorkloadSummary.Share share : was.subList(0, 5))
        {
            assertEquals(share.jobs() / (double)wasJobs, shares.get(share.name()), 0.02, share.name());
        }
    }

    /** A description that was made of what another one made says what that one said. */
    @Test
    void shouldFindWhatADescriptionSaid()
    {
        final GeneratorSpec said = GeneratorYaml.parse("w", "w.yaml", """
            workload:
              start: 2026-11-23T00:00:00Z
              duration: 140d
              arrivals: {rate: 30/h, hours: [1,1,1,1,1,1,2,3,4,5,5,5,5,5,5,5,4,3,2,2,1,1,1,1]}
              shapes:
                - {weight: 3, group: a, cpu: 4, mem: 8g, gpu: 1, model: [A100, V100],
                   duration: {lognormal: {median: 10m, sigma: 1}}, failures: {share: 0.1}}
                - {weight: 1, group: b, type: inference, preemptible: false, priority: 30, cpu: 1, duration: forever,
                   slots: {rdma: 25}}
            """);
        final GeneratorSpec found = WorkloadFit.of(Generator.generate(said, 8));
        assertEquals(said.arrivals().perSecond(), found.arrivals().perSecond(), 0.02 * said.arrivals().perSecond());
        assertEquals(5.0 / 1, found.arrivals().week().get(12) / found.arrivals().week().get(2), 0.8);
        assertTrue(found.arrivals().daySigma() < 0.05);
        assertEquals(2, found.shapes().size());
        for (int i = 0; i < 2; i++)
        {
            final GeneratorSpec.Shape was = said.shapes().get(i);
            final boolean first = found.shapes().get(0).group().equals(was.group());
            final GeneratorSpec.Shape is = found.shapes().get(first ? 0 : 1);
            assertEquals(was.kernels(), is.kernels());
            assertEquals(was.constraints(), is.constraints());
            assertEquals(was.type(), is.type());
            assertEquals(was.priority(), is.priority());
            assertEquals(was.preemptible(), is.preemptible());
            assertEquals(was.failures().share(), is.failures().share(), 0.01);
        }
        final String text = GeneratorText.of(found);
        assertEquals(text, GeneratorText.of(GeneratorYaml.parse("w", "w.yaml", text)));
    }
}
