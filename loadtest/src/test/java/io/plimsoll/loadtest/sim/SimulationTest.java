package io.plimsoll.loadtest.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reproduce a seed: {@code mvn -pl loadtest verify -Dtest=SimulationTest -Dplimsoll.seed=N}. */
class SimulationTest
{
    private static final int PLANTED_SEEDS = 20;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldKeepItsPromises(final long seed)
    {
        final Simulation.Outcome outcome = new Simulation(seed).run();

        assertTrue(outcome.promised() > 50, outcome.toString());
    }

    @Test
    void shouldBeTheSameTwice()
    {
        assertEquals(new Simulation(11).run(), new Simulation(11).run());
    }

    @Test
    void shouldKeepItsPromisesUnderTheSeedGiven()
    {
        final long seed = Long.getLong("plimsoll.seed", 4711);

        assertTrue(new Simulation(seed).run().records() > 0);
    }

    @Test
    void shouldNoticeKernelsThatOutliveTheirLease()
    {
        final SimulationException failure = assertThrows(
            SimulationException.class,
            () -> LongStream.rangeClosed(1, PLANTED_SEEDS)
                .forEach(seed -> new Simulation(seed).withLeasesIgnored().run()));

        assertTrue(failure.getMessage().contains("two epochs at once"), failure.getMessage());
    }
}
