package io.plimsoll.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.testkit.RandomCluster;
import org.junit.jupiter.api.Test;

/**
 * Random clusters, driven by seeds, against several cores at once, see {@link AgreeingCores}. Fresh seeds by hand:
 * {@code -Dplimsoll.seed=N} runs one, {@code -Dplimsoll.seeds=N} runs so many.
 */
class RandomClusterTest
{
    private static final int STEPS = 1500;

    @Test
    void shouldAgreeAndKeepInvariantsOnRandomClusters()
    {
        final long only = Long.getLong("plimsoll.seed", 0);
        final int seeds = Integer.getInteger("plimsoll.seeds", 8);
        if (0 != only)
        {
            new Tally().run(only);
            return;
        }
        final Tally tally = new Tally();
        for (long seed = 1; seed <= seeds; seed++)
        {
            tally.run(seed);
        }
        // Of all seeds together: a cluster may have got hardly any agents.
        assertTrue(tally.ended > 20 * seeds, "sessions ended: " + tally.ended);
        assertTrue(tally.placements > 20 * seeds, "placements: " + tally.placements);
        assertTrue(tally.generatedEvents > 100 * seeds, "events checked: " + tally.generatedEvents);
    }

    /** What was checked, so that nothing is not taken for all. */
    private static final class Tally
    {
        private long ended;
        private long placements;
        private long generatedEvents;

        void run(final long seed)
        {
            final AgreeingCores cores = new AgreeingCores(seed);
            final RandomCluster cluster = new RandomCluster(seed, cores);
            try
            {
                cluster.start(6);
                for (int i = 0; i < STEPS; i++)
                {
                    cluster.step();
                }
                cluster.comeToRest();
                cores.checkNobodyWaitsInVain();
                cores.checkDecidedTwice();
                ended += cluster.ended();
                placements += cores.placements();
                generatedEvents += cores.generatedEvents();
            }
            catch (final Throwable failure)
            {
                throw new AssertionError(
                    "seed=" + seed + " sequence=" + cluster.sequence() + ": " + failure.getMessage() +
                        "; reproduce with: mvn -pl sched-core test -Dtest=RandomClusterTest -Dplimsoll.seed=" + seed,
                    failure);
            }
        }
    }
}
