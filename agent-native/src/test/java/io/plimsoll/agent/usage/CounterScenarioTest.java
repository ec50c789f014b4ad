package io.plimsoll.agent.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.transport.usage.Usage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counters as existing users expect them: scenario 49, line by line. */
class CounterScenarioTest
{
    private static final long SECOND_NS = 1_000_000_000L;

    @ParameterizedTest(name = "{0} then {1} after {2} s: difference {3}, rate {4}")
    @CsvSource({
        "100, 150, 1, 50, 50",
        "1000, 100, 1, 0, 0",
        "100, 200, 2, 100, 50",
    })
    void shouldTellDifferenceAndRate(
        final long before, final long after, final long seconds, final long difference, final long perSecond)
    {
        final CounterRate rate = new CounterRate();
        rate.sample(before, SECOND_NS);
        rate.sample(after, SECOND_NS + seconds * SECOND_NS);
        assertEquals(difference, rate.difference());
        assertEquals(perSecond, rate.perSecond());
    }

    @ParameterizedTest
    @CsvSource({"10000000"})
    void shouldHaveNoRateOfTheFirstSample(final long first)
    {
        final CounterRate rate = new CounterRate();
        rate.sample(first, SECOND_NS);
        assertEquals(0, rate.perSecond());
        assertEquals(0, rate.difference());
        final Usage usage = new UsageMeter().sample(new Totals(-1, -1, -1, first, -1, -1, -1, -1), SECOND_NS);
        assertEquals(Usage.UNKNOWN, usage.readRate(), "told as not known, so that no average counts it");
        assertEquals(first, usage.readBytes());
    }
}
