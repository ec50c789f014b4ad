package io.plimsoll.core.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class JournalClockTest
{
    private long epochNs = 1_000;
    private long measuredNs = 50;
    private final JournalClock clock = new JournalClock(() -> epochNs, () -> measuredNs, 900);

    private void pass(final long durationNs)
    {
        epochNs += durationNs;
        measuredNs += durationNs;
    }

    @Test
    void shouldTellTheDay()
    {
        assertEquals(1_000, clock.nowNs());
        pass(10);
        assertEquals(1_010, clock.nowNs());
        epochNs += 5_000;
        assertEquals(6_010, clock.nowNs());
    }

    @Test
    void shouldGoOnAtHalfThePaceUntilAClockThatWasSetBackHasCaughtUp()
    {
        assertEquals(1_000, clock.nowNs());
        epochNs -= 600;
        assertEquals(1_000, clock.nowNs());
        pass(100);
        assertEquals(1_050, clock.nowNs());
        pass(400);
        assertEquals(1_250, clock.nowNs());
        pass(1_000);
        assertEquals(1_900, clock.nowNs());
    }

    @Test
    void shouldNotFallBelowWhatIsJournalled()
    {
        epochNs = 0;
        assertEquals(900, clock.nowNs());
    }
}
