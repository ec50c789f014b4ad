package io.plimsoll.loadtest.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalsTest
{
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void shouldSpaceRequestsEvenly()
    {
        final Arrivals arrivals = new Arrivals(plan(List.of(100.0), Long.MAX_VALUE, 1_000, 10, 0));

        assertEquals(0, arrivals.dueNs(0));
        assertEquals(SECOND_NS / 10, arrivals.dueNs(1));
        assertEquals(1_000, arrivals.total());
        assertFalse(arrivals.isOver(99));
        assertTrue(arrivals.isOver(100));
    }

    @Test
    void shouldSendTheRestInASmallerRequest()
    {
        final Arrivals arrivals = new Arrivals(plan(List.of(), Long.MAX_VALUE, 25, 10, 0));

        assertEquals(10, arrivals.sessions(1));
        assertEquals(5, arrivals.sessions(2));
        assertFalse(arrivals.isOver(2));
        assertTrue(arrivals.isOver(3));
    }

    @Test
    void shouldChangeTheRateWithTheStep()
    {
        final Arrivals arrivals = new Arrivals(plan(List.of(10.0, 20.0), 2 * SECOND_NS, Long.MAX_VALUE, 1, 0));

        assertEquals(60, arrivals.total());
        assertEquals(4 * SECOND_NS, arrivals.lastDueNs());
        assertEquals(2 * SECOND_NS, arrivals.dueNs(20));
        assertEquals(2 * SECOND_NS + SECOND_NS / 20, arrivals.dueNs(21));
        assertEquals(0, arrivals.stepOfTime(2 * SECOND_NS - 1));
        assertEquals(1, arrivals.stepOfTime(2 * SECOND_NS));
        assertTrue(arrivals.isOver(60));
    }

    @Test
    void shouldReadTheShareThatWasAskedFor()
    {
        final Arrivals arrivals = new Arrivals(plan(List.of(75.0), Long.MAX_VALUE, 300, 1, 0.25));
        int reads = 0;
        long request = 0;
        long submissions = 0;
        while (!arrivals.isOver(request))
        {
            if (arrivals.isRead(request))
            {
                reads++;
            }
            else
            {
                assertEquals(submissions, arrivals.submission(request));
                submissions++;
            }
            request++;
        }

        assertEquals(300, submissions);
        assertTrue(Math.abs(reads - 100) <= 1, "reads=" + reads);
        // Submissions alone come at the rate that was asked for.
        assertTrue(Math.abs(arrivals.dueNs(100) - SECOND_NS) < 1_000, "dueNs=" + arrivals.dueNs(100));
    }

    /** A rate that is only reached later does not make bursts of the rates before. */
    @Test
    void shouldPutAsManySessionsIntoARequestAsTheRateOfTheStepAsksFor()
    {
        final Arrivals arrivals = new Arrivals(
            plan(List.of(500.0, 2_500.0, 50_000_000.0), SECOND_NS, 4_001, LoadPlan.BATCH_BY_RATE, 0));

        assertEquals(List.of(1, 3, 10_000), arrivals.steps().stream().map(Arrivals.Step::batch).toList());
        assertEquals(1, arrivals.sessions(499));
        assertEquals(3, arrivals.sessions(500));
        assertEquals(SECOND_NS / 500, arrivals.dueNs(1));
        assertEquals(500, arrivals.dueBefore(1));
        // 833 requests of three, as near as that comes to 2,500 sessions.
        assertEquals(500 + 2_499, arrivals.dueBefore(2));
        assertEquals(4_001 - 2_999, arrivals.sessions(500 + 833));
        assertEquals(4_001, arrivals.dueBefore(3));
        assertEquals(4_001, arrivals.total());
        assertFalse(arrivals.isOver(500 + 833));
        assertTrue(arrivals.isOver(500 + 833 + 1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 1.0 / 6, 0.3333, 0.5, 0.9})
    void shouldNumberReadsWhateverTheirShare(final double share)
    {
        final Arrivals arrivals = new Arrivals(plan(List.of(75.0), Long.MAX_VALUE, 300, 1, share));
        long reads = 0;
        for (long request = 0; !arrivals.isOver(request); request++)
        {
            if (arrivals.isRead(request))
            {
                assertEquals(reads, arrivals.reads(request));
                reads++;
            }
        }
        assertTrue(reads > 30, "reads=" + reads);
    }

    static LoadPlan plan(
        final List<Double> rates, final long stepNs, final long sessions, final int batch, final double reads)
    {
        return new LoadPlan(
            1, 1, 1, sessions, rates, stepNs, false, SECOND_NS, batch, 1_000, SubmitApi.HTTP, 2, 1, 0, reads,
            ChaosPlan.NONE,
            "loadtest", 60 * SECOND_NS, 1);
    }
}
