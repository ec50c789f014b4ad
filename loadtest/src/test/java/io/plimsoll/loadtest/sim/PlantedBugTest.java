package io.plimsoll.loadtest.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The simulator finds mistakes that were made on purpose. How many of many seeds find each:
 * {@code mvn -pl loadtest verify -Dtest=PlantedBugTest -Dplimsoll.planted.seeds=500}, in target/planted-bugs.txt.
 */
class PlantedBugTest
{
    private static final int COUNTED_SEEDS = Integer.getInteger("plimsoll.planted.seeds", 0);

    @ParameterizedTest
    @EnumSource(PlantedBug.class)
    void shouldBeFound(final PlantedBug bug) throws IOException
    {
        int found = 0;
        int first = 0;
        String message = "";
        final int seeds = Math.max(COUNTED_SEEDS, bug.seedsMax());
        for (int i = 0; i < seeds && (0 == found || 0 != COUNTED_SEEDS); i++)
        {
            // All up to the last, but first that which finds it as things are: most of them take long to find nothing.
            final int seed = 0 == COUNTED_SEEDS ? (bug.seedKnown() - 1 + i) % seeds + 1 : i + 1;
            final String failure = FaultCampaign.tryTwice(
                bug.plan(seed), bug.wiring(), bug.wiring(), new Simulation.Outcome[1]);
            // A seed that fails anyway shows nothing.
            if (null != failure && null == FaultCampaign.tryTwice(bug.plan(seed)))
            {
                first = 0 == found ? seed : first;
                message = 0 == found ? failure : message;
                found++;
            }
        }
        if (0 != COUNTED_SEEDS)
        {
            Files.writeString(
                Path.of("target", "planted-bugs.txt"),
                bug.name() + " " + found + " of " + seeds + " seeds, first " + first + ": " + message + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        }
        assertTrue(found > 0 && first <= bug.seedsMax(), bug + " is not found in " + bug.seedsMax() + " seeds");
    }
}
