package io.plimsoll.core.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TypicalRequestsTest
{
    private final RequestCounts counts = new RequestCounts(4);

    @Test
    void shouldTakeTheMostFrequentUntilTheyCoverAlmostAll()
    {
        counts.add(1000, 1, 500, 0, 4);
        counts.add(2000, 1, 1000, 0, 91);
        counts.add(3000, 0, 0, 0, 5);

        final TypicalRequests mix = TypicalRequests.of(counts, ModelSets.ONLY_ANY);

        assertEquals(2, mix.size());
        assertEquals(2000, mix.cpuMillis(0));
        assertEquals(3000, mix.cpuMillis(1));
        assertEquals(91 / 96.0, mix.weight(0), 1e-12);
        assertEquals(5 / 96.0, mix.weight(1), 1e-12);
    }

    @Test
    void shouldOrderEqualsByCpuThenShareThenDevicesThenModels()
    {
        counts.add(1000, 1, 500, 0, 1);
        counts.add(1000, 1, 500, 3, 1);
        counts.add(1000, 2, 500, 0, 1);
        counts.add(1000, 1, 1000, 0, 1);

        final TypicalRequests mix = TypicalRequests.of(counts, (modelSet, model) -> modelSet == model);

        assertEquals(1000, mix.deviceShare(0));
        assertEquals(2, mix.deviceCount(1));
        assertTrue(mix.allowsModel(2, 3));
        assertFalse(mix.allowsModel(2, 2));
        assertTrue(mix.allowsModel(3, 2));
    }

    @Test
    void shouldNotDependOnTheOrderOfCounting()
    {
        final Random random = new Random(3);
        final RequestCounts forth = new RequestCounts();
        final TypicalRequests updated = new TypicalRequests(ModelSets.ONLY_ANY, Integer.MAX_VALUE);
        for (int i = 0; i < 500; i++)
        {
            forth.add(random.nextInt(40), 1, random.nextInt(5), 0, 1 + random.nextInt(3));
            final long version = updated.version();
            updated.update(forth);
            assertNotEquals(version, updated.version());
        }
        final RequestCounts back = new RequestCounts();
        for (int entry = forth.size() - 1; entry >= 0; entry--)
        {
            back.add(forth.cpuMillis(entry), forth.deviceCount(entry), forth.deviceShare(entry), 0, forth.count(entry));
        }
        final TypicalRequests fresh = TypicalRequests.of(back, ModelSets.ONLY_ANY);

        assertEquals(fresh.size(), updated.size());
        for (int entry = 0; entry < fresh.size(); entry++)
        {
            assertEquals(fresh.cpuMillis(entry), updated.cpuMillis(entry));
            assertEquals(fresh.deviceShare(entry), updated.deviceShare(entry));
            assertEquals(fresh.weight(entry), updated.weight(entry));
        }
    }

    @Test
    void shouldForgetWhatIsRareWhenItIsFull()
    {
        counts.add(1, 0, 0, 0, 8);
        counts.add(2, 0, 0, 0, 1);
        counts.add(3, 0, 0, 0, 4);
        counts.add(4, 0, 0, 0, 3);
        counts.add(5, 0, 0, 0, 2);

        assertEquals(4, counts.size());
        assertEquals(4 + 2 + 1 + 2, counts.total());
        assertEquals(1, counts.cpuMillis(0));
        assertEquals(4, counts.count(0));
        assertEquals(3, counts.cpuMillis(1));
        counts.add(3, 0, 0, 0, 1);
        assertEquals(3, counts.count(1));
        assertEquals(4, counts.size());
    }

    @Test
    void shouldCopyWhatWasCounted()
    {
        counts.add(1, 2, 1000, 3, 8);
        counts.add(2, 0, 0, 0, 1);
        final RequestCounts copy = new RequestCounts(4);
        copy.add(7, 0, 0, 0, 1);
        copy.copyFrom(counts);
        counts.add(2, 0, 0, 0, 1);

        assertEquals(2, copy.size());
        assertEquals(9, copy.total());
        assertEquals(2, copy.deviceCount(0));
        assertEquals(1000, copy.deviceShare(0));
        assertEquals(3, copy.modelSet(0));
        assertEquals(1, copy.count(1));
    }

    @Test
    void shouldHoldNoMoreEntriesThanItMay()
    {
        final TypicalRequests mix = new TypicalRequests(ModelSets.ONLY_ANY, 2);
        counts.add(1, 0, 0, 0, 3);
        counts.add(2, 0, 0, 0, 1);
        counts.add(3, 0, 0, 0, 2);
        mix.update(counts);

        assertEquals(2, mix.size());
        assertEquals(0.6, mix.weight(0), 1e-12);
    }

    @Test
    void shouldFindTheTypicalRequestsOfThePublishedExperiment()
    {
        final OpenbTrace trace = OpenbTrace.find();
        assumeTrue(null != trace, "skipped: there is no ../shared/traces/openb");
        final OpenbTrace.Workload workload = trace.workload("default");

        assertEquals(91, workload.counts().size());
        assertEquals(35, new ConfiguredMix(workload).mix().size());
    }
}
