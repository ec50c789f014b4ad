package io.plimsoll.loadtest.swf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.swf.ReferenceBackfill.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromisedBackfillTest
{
    static final int PROCESSORS = 10;

    private static SwfJob job(final long id, final long submitSeconds, final long runSeconds, final long user)
    {
        return new SwfJob(id, submitSeconds, runSeconds, PROCESSORS, 100, user);
    }

    private static long[] waits(final List<SwfJob> jobs, final long boundSeconds)
    {
        return new PromisedBackfill(jobs, PROCESSORS, boundSeconds).waits();
    }

    static long longestBehindEasy(final List<SwfJob> jobs, final int processors, final long[] waits)
    {
        final long[] easy = ReferenceBackfill.waits(jobs, processors, Order.AS_QUEUED, false);
        long longest = Long.MIN_VALUE;
        for (int i = 0; i < waits.length; i++)
        {
            longest = Math.max(longest, waits[i] - easy[i]);
        }
        return longest;
    }

    // Small machines, much work, requests far from the truth: the promise must bind, not luck.
    static List<SwfJob> randomJobs(final long seed, final int count)
    {
        final Random random = new Random(seed);
        final List<SwfJob> jobs = new ArrayList<>();
        long submitSeconds = 0;
        for (int i = 0; i < count; i++)
        {
            submitSeconds += random.nextInt(4) > 0 ? random.nextInt(8) : random.nextInt(90);
            final int requestedSeconds = 1 + random.nextInt(random.nextBoolean() ? 128 : 8);
            final int runSeconds = 0 == random.nextInt(3) ? requestedSeconds : 1 + random.nextInt(requestedSeconds);
            final int size = 0 == random.nextInt(4) ? PROCESSORS : 1 + random.nextInt(1 + random.nextInt(PROCESSORS));
            jobs.add(new SwfJob(i, submitSeconds, runSeconds, size, requestedSeconds, random.nextInt(4)));
        }
        return jobs;
    }

    @Test
    void shouldAskByPredictedSlowdown()
    {
        // User 7 turned out to be short, user 8 not: the later of the two that wait goes first.
        final List<SwfJob> jobs = List.of(
            job(1, 0, 2, 7), job(2, 0, 90, 8), job(3, 10, 80, 8), job(4, 11, 3, 7), job(5, 12, 70, 9));

        assertArrayEquals(new long[] {0, 2, 85, 81, 163}, waits(jobs, 100_000));
    }

    @Test
    void shouldPutTheImpatientFirst()
    {
        final List<SwfJob> jobs = List.of(
            job(1, 0, 2, 7), job(2, 0, 90, 8), job(3, 10, 80, 8), job(4, 11, 3, 7), job(5, 12, 70, 9));

        // With a bound of 120 s patience ends after 72 s: at second 92 all three have none left and go as they came.
        assertArrayEquals(new long[] {0, 2, 82, 161, 163}, waits(jobs, 120));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 20, 60, 130, 200, 400, 1000})
    void shouldKeepEveryPromise(final long boundSeconds)
    {
        for (long seed = 0; seed < 200; seed++)
        {
            final List<SwfJob> jobs = randomJobs(seed, 150);
            final long[] waits = waits(jobs, boundSeconds);
            final long longest = longestBehindEasy(jobs, PROCESSORS, waits);
            assertTrue(LongStream.of(waits).allMatch(wait -> wait >= 0), "seed=" + seed);
            assertTrue(longest <= boundSeconds, "seed=" + seed + " behind=" + longest);
        }
    }

    @Test
    void shouldBeEasyItselfWithABoundOfNothing()
    {
        for (long seed = 0; seed < 200; seed++)
        {
            final List<SwfJob> jobs = randomJobs(seed, 150);
            assertArrayEquals(
                ReferenceBackfill.waits(jobs, PROCESSORS, Order.AS_QUEUED, false), waits(jobs, 0), "seed=" + seed);
        }
    }

    @Test
    void shouldKnowExactlyWhatEasyWouldHaveDone()
    {
        for (long seed = 0; seed < 200; seed++)
        {
            final List<SwfJob> jobs = randomJobs(seed, 150);
            final PromisedBackfill backfill = new PromisedBackfill(jobs, PROCESSORS, 300);
            backfill.waits();
            assertArrayEquals(easyStarts(jobs, PROCESSORS), backfill.easyStarts(), "seed=" + seed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "KTH_SP2,   92.5765, 49.6221, 157107",
        "CTC_SP2,   49.5713, 25.8793, 212649",
        "SDSC_SP2,  87.8703, 56.0637, 308616",
        "SDSC_BLUE, 36.5234, 15.3622, 308150",
        "CEA_CURIE, 202.1332, 87.3043, 205299"})
    void shouldBeatEasyOnEveryLogWithinItsBound(
        final Traces.Log log, final double easySlowdown, final double slowdown, final long behindSeconds)
    {
        final List<SwfJob> jobs = log.jobs();
        final PromisedBackfill backfill =
            new PromisedBackfill(jobs, log.processors(), PromisedBackfill.BOUND_SECONDS);

        final long[] waits = backfill.waits();

        final long[] easyWaits = ReferenceBackfill.waits(jobs, log.processors(), Order.AS_QUEUED, false);
        assertEquals(
            easySlowdown, SwfMetrics.of(jobs, easyWaits, log.processors()).boundedSlowdown(), 0.00005, "EASY");
        assertEquals(slowdown, SwfMetrics.of(jobs, waits, log.processors()).boundedSlowdown(), 0.00005, "ours");
        assertEquals(behindSeconds, longestBehindEasy(jobs, log.processors(), waits));
        assertArrayEquals(easyStarts(jobs, log.processors()), backfill.easyStarts());
    }

    private static long[] easyStarts(final List<SwfJob> jobs, final int processors)
    {
        final long[] waits = ReferenceBackfill.waits(jobs, processors, Order.AS_QUEUED, false);
        return LongStream.range(0, waits.length).map(i -> jobs.get((int)i).submitSeconds() + waits[(int)i]).toArray();
    }
}
