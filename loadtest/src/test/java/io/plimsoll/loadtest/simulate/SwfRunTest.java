package io.plimsoll.loadtest.simulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.loadtest.openb.Traces;
import io.plimsoll.loadtest.swf.SwfDialect;
import io.plimsoll.loadtest.swf.SwfJob;
import io.plimsoll.loadtest.swf.SwfReader;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwfRunTest
{
    /** Four processors; the wide job waits, and what fits beside or before it may pass. */
    private static final List<SwfJob> SMALL = List.of(
        new SwfJob(1, 0, 100, 3, 100, 1),
        new SwfJob(2, 1, 50, 4, 50, 1),
        new SwfJob(3, 2, 98, 1, 98, 2),
        new SwfJob(4, 3, 98, 1, 98, 2),
        new SwfJob(5, 4, 10, 1, 10, 3));

    @Test
    void shouldLetPassWhatDelaysNobodyUnderEasy()
    {
        // 3 ends at 100, just in time for 2; 4 would end at 101; 5 finds no processor until 2 has ended.
        assertArrayEquals(new long[]{0, 99, 0, 147, 146}, run(SMALL, 4, "easy", false).waits());
    }

    @Test
    void shouldTakeTheShorterFirstUnderShortestFirst()
    {
        final List<SwfJob> jobs = List.of(
            new SwfJob(1, 0, 100, 2, 100, 1),
            new SwfJob(2, 1, 10, 2, 20, 1),
            new SwfJob(3, 2, 50, 4, 50, 1),
            new SwfJob(4, 3, 60, 2, 60, 2),
            new SwfJob(5, 4, 30, 2, 30, 2));
        assertArrayEquals(new long[]{0, 0, 98, 8, 146}, run(jobs, 4, "easy", false).waits());
        assertArrayEquals(new long[]{0, 0, 98, 147, 7}, run(jobs, 4, "easy-sjbf", false).waits());
    }

    @Test
    void shouldKeepTheOrderWithoutBackfilling()
    {
        assertArrayEquals(new long[]{0, 99, 148, 147, 146}, run(SMALL, 4, "none", false).waits());
    }

    @Test
    void shouldCountProcessorsAsFreeOnceTheirEstimateIsReached()
    {
        // At 10 both come while the first ends: 2 takes what is freed, and 3 has to wait for it.
        final List<SwfJob> jobs = List.of(
            new SwfJob(1, 0, 10, 4, 10, 1),
            new SwfJob(2, 10, 5, 3, 9, 1),
            new SwfJob(3, 10, 5, 2, 5, 1));
        assertArrayEquals(new long[]{0, 0, 5}, run(jobs, 4, "easy", false).waits());
    }

    @Test
    void shouldLookAtTheQueueAfterEachEndInTheOrderOfTheStarts()
    {
        final SwfJob onTime = new SwfJob(1, 0, 10, 2, 10, 1);
        final SwfJob early = new SwfJob(2, 0, 10, 1, 50, 1);
        final SwfJob stays = new SwfJob(3, 1, 100, 1, 100, 1);
        final SwfJob wide = new SwfJob(4, 2, 20, 3, 20, 1);
        final SwfJob narrow = new SwfJob(5, 3, 40, 2, 40, 1);
        // At 10 two processors are free when the queue is first looked at, which the narrow one may have until 50.
        assertArrayEquals(
            new long[]{0, 0, 0, 48, 7}, run(List.of(onTime, early, stays, wide, narrow), 4, "easy", false).waits());
        // Started the other way round, the one that ends early is gone by then, and three are free.
        assertArrayEquals(
            new long[]{0, 0, 0, 8, 27}, run(List.of(early, onTime, stays, wide, narrow), 4, "easy", false).waits());
    }

    @ParameterizedTest
    @CsvSource({
        "easy, easy, false, 92.5765",
        "easy_clairvoyant, easy, true, 71.7224",
        "easy_sjbf_clairvoyant, easy-sjbf, true, 49.8477"})
    void shouldMakeEveryJobWaitAsLongAsPublished(
        final String golden, final String backfill, final boolean clairvoyant, final double slowdown) throws Exception
    {
        final Path log = Traces.file("swf/input_KTH-SP2.swf.gz");
        final Map<Long, Long> published = waits(Traces.file("swf/golden_KTH-SP2_" + golden + ".swf.gz"));
        final List<SwfJob> jobs = SwfReader.jobs(log, SwfDialect.BACKFILLING, 100, SwfJob.BY_ARRIVAL);
        final SwfRun run = run(jobs, 100, backfill, clairvoyant);
        final long[] waits = run.waits();
        assertEquals(28_481, waits.length);
        for (int i = 0; i < waits.length; i++)
        {
            assertEquals(published.get(jobs.get(i).id()), waits[i], "job " + jobs.get(i));
        }
        assertEquals(slowdown, run.boundedSlowdown(), 0.0001);
    }

    private static SwfRun run(
        final List<SwfJob> jobs, final int processors, final String backfill, final boolean clairvoyant)
    {
        final GroupSpec group = GroupSpec.usual("swf").withPolicies(null, null, backfill);
        return new SwfRun(jobs, processors, group, clairvoyant, null).run();
    }

    private static Map<Long, Long> waits(final Path golden) throws Exception
    {
        final Map<Long, Long> waits = new HashMap<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(golden)), StandardCharsets.UTF_8)))
        {
            for (String line = reader.readLine(); null != line; line = reader.readLine())
            {
                if (!line.startsWith(";"))
                {
                    final String[] fields = line.strip().split("\\s+");
                    waits.put(Long.parseLong(fields[0]), Long.parseLong(fields[2]));
                }
            }
        }
        return waits;
    }
}
