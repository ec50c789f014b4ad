package io.plimsoll.core.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Values that the authors of the policies test their own code with, and what follows from their formulas. */
class PublishedScoresTest
{
    private static final int W = AgentView.WHOLE;
    private static final RequestMix NO_MIX = TypicalRequests.of(new RequestCounts(), ModelSets.ONLY_ANY);

    private final Fragmentation fragmentation = new Fragmentation();

    @Test
    void shouldPackOntoUsedDevicesThenUsedAgentsThenIdleOnes()
    {
        final ArrayAgent used = ArrayAgent.withDevices(1000, 200, W, W, 500);

        assertEquals(48, pack(used, 2, W));
        assertEquals(93, pack(used, 2, 200));
        assertEquals(29, pack(ArrayAgent.withDevices(1000, W, W, W, W), 1, W));
        assertEquals(25, pack(ArrayAgent.withDevices(1000, W, W, W, W, W, W, W, W), 1, W));
        assertEquals(0, pack(used, 0, 0));
    }

    @Test
    void shouldCountWhatIsFreeAsFragmentedWhereCpuIsShort()
    {
        final RequestMix mix = new OneRequest(6000, 1, 465, 0.0933);

        assertEquals(251.91, fragmentation.of(ArrayAgent.withDevices(1000, 200, W, W, 500)).amount(mix), 1e-9);
    }

    @Test
    void shouldCountOnlyDevicesThatAreTooFullWhereARequestFits()
    {
        final RequestMix mix = new OneRequest(1000, 1, W, 1);

        assertEquals(700, fragmentation.of(ArrayAgent.withDevices(1000, 200, W, W, 500)).amount(mix), 1e-9);
        assertEquals(700, fragmentation.of(ArrayAgent.withDevices(1000, 200, 500)).amount(mix), 1e-9);
    }

    @Test
    void shouldCountAllThatIsFreeForRequestsOfNoDevice()
    {
        final RequestMix mix = new OneRequest(1000, 0, 0, 0.5);

        assertEquals(1350, fragmentation.of(ArrayAgent.withDevices(1000, 200, W, W, 500)).amount(mix), 1e-9);
        assertEquals(1350, fragmentation.of(ArrayAgent.withDevices(999, 200, W, W, 500)).amount(mix), 1e-9);
    }

    @Test
    void shouldScoreFiftyWhereNothingBecomesFragmented()
    {
        final RequestMix mix = new OneRequest(1000, 1, W, 1);
        final ArrayAgent agent = ArrayAgent.withDevices(8000, 200, W, W, 500);
        final FragmentationGradient policy = new FragmentationGradient();

        assertEquals(50, policy.score(agent, new ArrayRequest(1000, 1, W), mix));
        // Fragments are what is free on devices too full for a whole one: 200 less, or 800 more on an idle device.
        final ArrayRequest share = new ArrayRequest(1000, 1, 200);
        assertEquals((long)(100 / (1 + StrictMath.exp(-0.2))), policy.score(agent, share, mix));
        assertEquals(0, policy.chooseDevice(agent, share, mix));
    }

    @Test
    void shouldPreferAgentsThatRunRequestsOfTheSameClassOnly()
    {
        final GpuClustering policy = new GpuClustering();
        final ArrayRequest pair = new ArrayRequest(1000, 2, W);
        final ArrayAgent agent = new ArrayAgent(1, 96_000, 0, 8, 1);

        assertEquals(25, policy.score(agent, pair, NO_MIX));
        agent.place(pair, 0, 0b11);
        assertEquals(75 + 25 * 2 / 8, policy.score(agent, pair, NO_MIX));
        agent.place(new ArrayRequest(1000, 3, W), 0, 0b11100);
        assertEquals(50 + 25 * 5 / 8, policy.score(agent, pair, NO_MIX));
        assertEquals(25 * 5 / 8, policy.score(agent, new ArrayRequest(1000, 1, 500), NO_MIX));
        assertEquals(0, policy.score(agent, new ArrayRequest(1000, 0, 0), NO_MIX));
    }

    @Test
    void shouldCutScoresToIntegers()
    {
        final ArrayAgent agent = ArrayAgent.withDevices(96_000, W, W, W, W, W, W, W, W);
        final ArrayRequest request = new ArrayRequest(12_000, 1, W);

        // 100 * (1 - (0.75 * 0.09375 + 1 * 0.125) / 2) = 90.23
        assertEquals(90, new DotProduct().score(agent, request, NO_MIX));
        // 100 * (1 - 0.5 * 84 / 128 - 0.5 * 7 / 8) = 23.4
        assertEquals(23, new BestFit().score(agent, request, NO_MIX));
    }

    @Test
    void shouldChooseByRawScoresAsByStretchedOnes()
    {
        final Random random = new Random(7);
        for (int round = 0; round < 10_000; round++)
        {
            final long[] raw = random.longs(2 + random.nextInt(20), -50, 101).toArray();
            assertEquals(firstMax(raw), firstMax(stretched(raw)));
        }
    }

    @Test
    void shouldTellApartEveryCountUpToSixteen()
    {
        int previous = DeviceClass.of(1, 999);
        assertEquals(DeviceClass.SHARE, previous);
        assertEquals(DeviceClass.NONE, DeviceClass.of(0, 0));
        for (int devices = 1; devices <= 16; devices++)
        {
            assertEquals(previous + 1, DeviceClass.of(devices, W));
            previous++;
        }
        assertTrue(DeviceClass.of(17, W) > previous);
        assertTrue(DeviceClass.of(33, W) > DeviceClass.of(32, W));
        assertEquals(DeviceClass.COUNT - 1, DeviceClass.of(64, W));
    }

    private static long pack(final AgentView agent, final int count, final int share)
    {
        return new GpuPacking().score(agent, new ArrayRequest(1000, count, share), NO_MIX);
    }

    private static long[] stretched(final long[] raw)
    {
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (final long score : raw)
        {
            min = Math.min(min, score);
            max = Math.max(max, score);
        }
        final long[] stretched = new long[raw.length];
        for (int i = 0; i < raw.length && max > min; i++)
        {
            stretched[i] = (raw[i] - min) * 100 / (max - min);
        }
        return stretched;
    }

    private static int firstMax(final long[] scores)
    {
        int best = 0;
        for (int i = 1; i < scores.length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    private record OneRequest(long cpuMillis, int deviceCount, int deviceShare, double weight) implements RequestMix
    {
        @Override
        public int size()
        {
            return 1;
        }

        @Override
        public long cpuMillis(final int entry)
        {
            return cpuMillis;
        }

        @Override
        public int deviceCount(final int entry)
        {
            return deviceCount;
        }

        @Override
        public int deviceShare(final int entry)
        {
            return deviceShare;
        }

        @Override
        public boolean allowsModel(final int entry, final int model)
        {
            return true;
        }

        @Override
        public double weight(final int entry)
        {
            return weight;
        }
    }
}
