package io.plimsoll.loadtest.swf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.loadtest.swf.ReferenceBackfill.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceBackfillTest
{
    private static SwfJob job(
        final long id,
        final long submitSeconds,
        final long runSeconds,
        final int processors,
        final long requestedSeconds)
    {
        return new SwfJob(id, submitSeconds, runSeconds, processors, requestedSeconds, 1);
    }

    // Ten processors: the first job holds six, the second needs eight and waits for it.
    private static List<SwfJob> blockedHead(final SwfJob... behind)
    {
        final List<SwfJob> jobs = new ArrayList<>(List.of(job(1, 0, 50, 6, 100), job(2, 1, 10, 8, 10)));
        jobs.addAll(List.of(behind));
        return jobs;
    }

    @Test
    void shouldLetNobodyOvertakeWithoutBackfilling()
    {
        assertArrayEquals(
            new long[] {0, 49, 58}, ReferenceBackfill.waits(blockedHead(job(3, 2, 5, 4, 5)), 10, Order.NOBODY, false));
    }

    @Test
    void shouldOvertakeWithAJobThatEndsAtTheShadowTime()
    {
        assertArrayEquals(
            new long[] {0, 49, 0},
            ReferenceBackfill.waits(blockedHead(job(3, 2, 9, 4, 98)), 10, Order.AS_QUEUED, false));
    }

    @Test
    void shouldNotOvertakeWithAJobThatWouldDelayTheHead()
    {
        assertArrayEquals(
            new long[] {0, 49, 58},
            ReferenceBackfill.waits(blockedHead(job(3, 2, 9, 4, 99)), 10, Order.AS_QUEUED, false));
    }

    @Test
    void shouldOvertakeOnProcessorsThatTheHeadDoesNotNeed()
    {
        assertArrayEquals(
            new long[] {0, 49, 0, 58},
            ReferenceBackfill.waits(
                blockedHead(job(3, 2, 900, 2, 900), job(4, 2, 900, 1, 900)), 10, Order.AS_QUEUED, false));
    }

    @Test
    void shouldAskTheShortestFirst()
    {
        final List<SwfJob> jobs = blockedHead(job(3, 1, 5, 4, 5), job(4, 2, 60, 3, 60), job(5, 3, 9, 3, 9));

        assertArrayEquals(new long[] {0, 65, 0, 4, 47}, ReferenceBackfill.waits(jobs, 10, Order.AS_QUEUED, false));
        assertArrayEquals(new long[] {0, 74, 0, 13, 3}, ReferenceBackfill.waits(jobs, 10, Order.SHORTEST_FIRST, false));
    }

    @Test
    void shouldGiveEveryPublishedWaitOfEasy()
    {
        assertPublished("easy", Order.AS_QUEUED, false, 92.5765, 6_836.87);
    }

    @Test
    void shouldGiveEveryPublishedWaitOfClairvoyantEasy()
    {
        assertPublished("easy_clairvoyant", Order.AS_QUEUED, true, 71.7224, 6_327.68);
    }

    @Test
    void shouldGiveEveryPublishedWaitOfClairvoyantEasyShortestFirst()
    {
        assertPublished("easy_sjbf_clairvoyant", Order.SHORTEST_FIRST, true, 49.8477, 5_436.02);
    }

    @Test
    void shouldGiveTheFiguresOfTheOtherColumns()
    {
        final List<SwfJob> jobs = Traces.Log.KTH_SP2.jobs();

        final SwfMetrics easy = SwfMetrics.of(jobs, ReferenceBackfill.waits(jobs, 100, Order.AS_QUEUED, false), 100);
        final SwfMetrics fcfs = SwfMetrics.of(jobs, ReferenceBackfill.waits(jobs, 100, Order.NOBODY, false), 100);

        assertEquals(262_194, easy.waitSecondsMax());
        assertEquals(0.5359, easy.zeroWaitShare(), 0.00005);
        assertEquals(0.6856, easy.utilisation(), 0.00005);
        assertEquals(6_814.97, fcfs.boundedSlowdown(), 0.005);
        assertEquals(353_776, fcfs.waitSeconds(), 0.5);
    }

    private static void assertPublished(
        final String name,
        final Order order,
        final boolean clairvoyant,
        final double slowdown,
        final double waitSeconds)
    {
        final Traces.Log log = Traces.Log.KTH_SP2;
        final List<SwfJob> jobs = log.jobs();
        final Map<Long, Long> published = Traces.publishedWaits("swf/golden_KTH-SP2_" + name + ".swf.gz");

        final long[] waits = ReferenceBackfill.waits(jobs, log.processors(), order, clairvoyant);

        assertEquals(published.size(), waits.length);
        for (int i = 0; i < waits.length; i++)
        {
            assertEquals(published.get(jobs.get(i).id()), waits[i], "job " + jobs.get(i).id());
        }
        final SwfMetrics metrics = SwfMetrics.of(jobs, waits, log.processors());
        assertEquals(slowdown, metrics.boundedSlowdown(), 0.00005);
        assertEquals(waitSeconds, metrics.waitSeconds(), 0.005);
    }
}
