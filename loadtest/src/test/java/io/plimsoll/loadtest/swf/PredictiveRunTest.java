package io.plimsoll.loadtest.swf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.SwfRun;
import io.plimsoll.loadtest.swf.ReferenceBackfill.Order;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Backfilling with a promise in the real core, held to the reference that docs/BACKFILL.md names. */
class PredictiveRunTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int PROCESSORS = PromisedBackfillTest.PROCESSORS;

    @ParameterizedTest
    @EnumSource(Traces.Log.class)
    void shouldMakeEveryJobWaitAsLongAsTheReference(final Traces.Log log)
    {
        final List<SwfJob> jobs = log.jobs();
        final long boundSeconds = PromisedBackfill.BOUND_SECONDS;
        assertArrayEquals(
            new PromisedBackfill(jobs, log.processors(), boundSeconds).waits(),
            run(jobs, log.processors(), boundSeconds));
    }

    // Seconds made minutes, or 10 minutes: jobs of hours, and bounds of hours that bind.
    @ParameterizedTest
    @CsvSource({"1, 5", "1, 60", "1, 200", "1, 1000", "60, 3600", "600, 14400", "600, 86400"})
    void shouldKeepEveryPromise(final int scale, final long boundSeconds)
    {
        for (long seed = 0; seed < 20; seed++)
        {
            final List<SwfJob> jobs = scaled(PromisedBackfillTest.randomJobs(seed, 150), scale);
            final long[] waits = run(jobs, PROCESSORS, boundSeconds);
            final long longest = PromisedBackfillTest.longestBehindEasy(jobs, PROCESSORS, waits);
            assertTrue(LongStream.of(waits).allMatch(wait -> wait >= 0), "seed=" + seed);
            assertTrue(longest <= boundSeconds, "seed=" + seed + " behind=" + longest);
            assertArrayEquals(
                new PromisedBackfill(jobs, PROCESSORS, boundSeconds).waits(), waits, "seed=" + seed);
        }
    }

    @Test
    void shouldBeEasyItselfWithABoundOfNothing()
    {
        for (long seed = 0; seed < 20; seed++)
        {
            final List<SwfJob> jobs = PromisedBackfillTest.randomJobs(seed, 150);
            assertArrayEquals(
                ReferenceBackfill.waits(jobs, PROCESSORS, Order.AS_QUEUED, false),
                run(jobs, PROCESSORS, 0),
                "seed=" + seed);
        }
    }

    @Test
    void shouldNotWaitForAnotherEventOnAnIdleMachine()
    {
        // It asks for more than the bound, so it may not start before the shadow does, which is a tick later.
        assertEquals(0, run(List.of(new SwfJob(1, 10, 5, 1, 100, 7)), PROCESSORS, 60)[0]);
    }

    private static List<SwfJob> scaled(final List<SwfJob> jobs, final int scale)
    {
        return jobs.stream()
            .map(job -> new SwfJob(
                job.id(), job.submitSeconds() * scale, job.runSeconds() * scale, job.processors(),
                job.requestedSeconds() * scale, job.user()))
            .toList();
    }

    private static long[] run(final List<SwfJob> jobs, final int processors, final long boundSeconds)
    {
        final GroupSpec group = GroupSpec.usual("swf")
            .withPolicies(null, null, "predictive")
            .withDelayMax(boundSeconds * SECOND_NS);
        return new SwfRun(jobs, processors, group, false, null).run().waits();
    }
}
