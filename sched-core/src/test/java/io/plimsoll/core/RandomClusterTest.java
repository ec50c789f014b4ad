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
            run(only);
            return;
        }
        for (long seed = 1; seed <= seeds; seed++)
        {
            run(seed);
        }
    }

    private static void run(final long seed)
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
            cores.checkDecidedTwice();
            assertTrue(cluster.ended() > 20, "sessions ended: " + cluster.ended());
            assertTrue(cores.placements() > 20, "placements: " + cores.placements());
            assertTrue(cores.generatedEvents() > 100, "events checked: " + cores.generatedEvents());
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
