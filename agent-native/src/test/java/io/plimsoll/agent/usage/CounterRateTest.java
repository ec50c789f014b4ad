package io.plimsoll.agent.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CounterRateTest
{
    private static final long SECOND_NS = 1_000_000_000L;

    private final CounterRate rate = new CounterRate();

    @Test
    void shouldTellByHowMuchACounterRose()
    {
        assertSample(100, 1, 0, 0);
        assertSample(150, 2, 50, 50);
        assertSample(150, 3, 0, 0);
    }

    @Test
    void shouldTellHowFastItRises()
    {
        assertSample(100, 10, 0, 0);
        assertSample(200, 12, 100, 50);
    }

    @Test
    void shouldNotFallWhenACounterBeginsAnew()
    {
        assertSample(1000, 1, 0, 0);
        assertSample(100, 2, 0, 0);
        assertSample(130, 3, 30, 30);
    }

    @Test
    void shouldNotBeginWithASpike()
    {
        assertSample(10_000_000, 5, 0, 0);
        assertSample(10_000_010, 6, 10, 10);
    }

    @Test
    void shouldNotDivideByNoTime()
    {
        assertSample(100, 7, 0, 0);
        assertSample(150, 7, 50, 0);
        assertSample(151, 8, 1, 1);
    }

    private void assertSample(final long value, final long second, final long difference, final long perSecond)
    {
        rate.sample(value, second * SECOND_NS);
        assertEquals(difference, rate.difference());
        assertEquals(perSecond, rate.perSecond());
    }
}
