package io.plimsoll.core.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PlimsollPolicyTest
{
    private static final int W = AgentView.WHOLE;
    private static final int[] SHARES = { 50, 110, 320, 470, 810, W };

    private final PlimsollPolicy policy = new PlimsollPolicy();
    private final RequestCounts counts = new RequestCounts();

    @Test
    void shouldCountAsLostWhatFragmentationCounts()
    {
        final Random random = new Random(11);
        for (int round = 0; round < 2000; round++)
        {
            counts.clear();
            for (int i = 0; i < 12; i++)
            {
                final int count = random.nextInt(5);
                final int share = 0 == count ? 0 : 1 == count ? SHARES[random.nextInt(SHARES.length)] : W;
                counts.add(1000 * random.nextInt(16), count, share, random.nextInt(3), 1 + random.nextInt(50));
            }
            final TypicalRequests mix = TypicalRequests.of(counts, (modelSet, model) -> modelSet == model);
            final int[] free = new int[random.nextInt(9)];
            int freeSum = 0;
            for (int device = 0; device < free.length; device++)
            {
                free[device] = random.nextBoolean() ? W : random.nextInt(W + 1);
                freeSum += free[device];
            }
            final ArrayAgent agent = ArrayAgent.withDevices(1000 * random.nextInt(20) + random.nextInt(2), free);
            double noDevice = 0;
            for (int entry = 0; entry < mix.size(); entry++)
            {
                noDevice += 0 == mix.deviceCount(entry) ? mix.weight(entry) * freeSum : 0;
            }

            final double expected = new Fragmentation().of(agent).amount(new ManyCountMore(mix)) - noDevice;
            final ModelTable table = new TypicalTable(mix).model(agent.model());
            final double lost = table.lost(agent.free(AgentView.CPU), free, free.length, freeSum) / 1e6;
            assertEquals(expected, lost, 0.2, "round=" + round);
        }
    }

    @Test
    void shouldForeseeWhatRemainsOfADevice()
    {
        counts.add(1000, 1, 500, 0, 1);
        counts.add(1000, 1, 600, 0, 1);
        final TypicalTable table = new TypicalTable(TypicalRequests.of(counts, ModelSets.ONLY_ANY));

        assertEquals(0, table.remains(0));
        assertEquals(499, table.remains(499));
        assertTrue(table.remains(500) < 20);
        // Either fits: 600 - 500 remains, or nothing.
        assertEquals(50, table.remains(600), 10);
        // 1000 - 600 remains, or 500 that the same half of the requests will take.
        assertEquals(200, table.remains(1000), 15);
    }

    @Test
    void shouldCompleteADeviceRatherThanOpenAnother()
    {
        counts.add(4000, 1, 470, 0, 10);
        counts.add(4000, 1, 320, 0, 10);
        final TypicalRequests mix = TypicalRequests.of(counts, ModelSets.ONLY_ANY);
        final ArrayAgent agent = ArrayAgent.withDevices(64_000, W, 680, 530);

        assertEquals(2, policy.chooseDevice(agent, new ArrayRequest(4000, 1, 470), mix));
        assertEquals(1, policy.chooseDevice(agent, new ArrayRequest(4000, 1, 320), mix));
    }

    @Test
    void shouldKeepCpuForDevicesThatAreFree()
    {
        counts.add(12_000, 1, W, 0, 10);
        counts.add(24_000, 0, 0, 0, 1);
        final TypicalRequests mix = TypicalRequests.of(counts, ModelSets.ONLY_ANY);
        final ArrayRequest request = new ArrayRequest(24_000, 0, 0);
        final ArrayAgent scarce = ArrayAgent.withDevices(48_000, W, W, W, W);
        final ArrayAgent plenty = ArrayAgent.withDevices(48_000, W, 0, 0, 0);

        assertTrue(policy.score(plenty, request, mix) > policy.score(scarce, request, mix));
    }

    @Test
    void shouldLeaveDevicesOfASoughtModelToThoseThatNeedThem()
    {
        counts.add(4000, 1, W, 0, 10);
        counts.add(4000, 1, W, 1, 10);
        final TypicalRequests mix = TypicalRequests.of(counts, (modelSet, model) -> modelSet == model);
        mix.updateModels(new long[]{ 0, 10, 90 });
        final ArrayRequest request = new ArrayRequest(4000, 1, W);
        final ArrayAgent sought = new ArrayAgent(1, 16_000, 0, 2, 1);
        final ArrayAgent common = new ArrayAgent(2, 16_000, 0, 2, 2);

        assertTrue(policy.score(common, request, mix) > policy.score(sought, request, mix));
    }

    @Test
    void shouldGiveTheSameScoreWhateverItWasAskedBefore()
    {
        final Random random = new Random(5);
        final TypicalRequests[] mixes = new TypicalRequests[2];
        for (int i = 0; i < mixes.length; i++)
        {
            counts.clear();
            counts.add(4000 + i, 1, 470, 0, 10);
            counts.add(12_000, 8, W, 0, 1 + i);
            mixes[i] = TypicalRequests.of(counts, ModelSets.ONLY_ANY);
        }
        for (int round = 0; round < 1000; round++)
        {
            final ArrayAgent agent =
                ArrayAgent.withDevices(random.nextInt(96_000), random.nextInt(W + 1), W, random.nextInt(W + 1));
            final ArrayRequest request = new ArrayRequest(random.nextInt(12_000), 1, 1 + random.nextInt(W));
            final TypicalRequests mix = mixes[random.nextInt(2)];

            assertEquals(new PlimsollPolicy().score(agent, request, mix), policy.score(agent, request, mix));
        }
    }

    @Test
    void shouldKnowNothingWithoutAMix()
    {
        final TypicalRequests mix = TypicalRequests.of(counts, ModelSets.ONLY_ANY);

        assertEquals(0, policy.score(ArrayAgent.withDevices(8000), new ArrayRequest(1000, 0, 0), mix));
        assertEquals(0, policy.chooseDevice(ArrayAgent.withDevices(8000, W, W), new ArrayRequest(1000, 1, 10), mix));
    }

    @Test
    void shouldAllocateMoreThanFragmentationGradient()
    {
        final OpenbTrace trace = OpenbTrace.find();
        assumeTrue(null != trace, "skipped: there is no ../shared/traces/openb");
        for (final String name : new String[]{ "default", "cpu250", "gpushare100", "gpuspec33", "multigpu50" })
        {
            final Tournament.Score score = new Tournament(trace).play(trace.workload(name), 42);

            assertTrue(score.own100() > score.published100(), score.toString());
            assertTrue(score.own130() > score.published130(), score.toString());
        }
    }

    /** As {@link TypicalTable} weighs requests of many devices. */
    private record ManyCountMore(RequestMix mix) implements RequestMix
    {
        @Override
        public int size()
        {
            return mix.size();
        }

        @Override
        public long cpuMillis(final int entry)
        {
            return mix.cpuMillis(entry);
        }

        @Override
        public int deviceCount(final int entry)
        {
            return mix.deviceCount(entry);
        }

        @Override
        public int deviceShare(final int entry)
        {
            return mix.deviceShare(entry);
        }

        @Override
        public boolean allowsModel(final int entry, final int model)
        {
            return mix.allowsModel(entry, model);
        }

        @Override
        public double weight(final int entry)
        {
            return mix.weight(entry) * (1 + 0.04 * Math.max(0, mix.deviceCount(entry) - 1));
        }
    }
}
