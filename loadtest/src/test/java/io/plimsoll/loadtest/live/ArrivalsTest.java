package io.plimsoll.loadtest.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

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

    static LoadPlan plan(
        final List<Double> rates, final long stepNs, final long sessions, final int batch, final double reads)
    {
        return new LoadPlan(
            1, 1, 1, sessions, rates, stepNs, false, SECOND_NS, batch, 1_000, SubmitApi.HTTP, 2, 1, 0, reads,
            ChaosPlan.NONE,
            "loadtest", 60 * SECOND_NS, 1);
    }
}
