package io.plimsoll.core.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

class OpenbTraceTest
{
    private static final int[] SEEDS = { 42, 43, 44 };
    private static final String[] WORKLOADS = { "cpu050", "default", "gpushare40", "gpuspec10", "multigpu20" };

    @Test
    void shouldDrawTheNumbersThatGoDraws()
    {
        final GoRandom random = new GoRandom(42);

        assertEquals(3440579354231278675L, random.int63());
        assertEquals(608747136543856411L, random.int63());
        assertEquals(5571782338101878760L, random.int63());
    }

    @Test
    void shouldDrawTheSequencesThatWerePublished()
    {
        final OpenbTrace trace = OpenbTrace.find();
        assumeTrue(null != trace, "skipped: there is no ../shared/traces/openb");
        for (final String name : WORKLOADS)
        {
            final OpenbTrace.Workload workload = trace.workload(name);
            for (final int seed : SEEDS)
            {
                final OpenbTrace.Sequence published = trace.sequence(name, seed);
                final OpenbTrace.Sequence drawn = trace.draw(workload, seed);

                assertArrayEquals(published.arrivals(), drawn.arrivals(), name + " " + seed);
                assertArrayEquals(published.ranks(), drawn.ranks(), name + " " + seed);
            }
        }
    }
}
