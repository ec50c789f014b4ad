package io.plimsoll.core.policy;

import java.util.Arrays;

/**
 * A mix as integers, with what is the same for all models: weights in millionths, levels of cpu and ranks of shares at
 * which another typical request begins to fit, and how much cpu goes with a device. Made anew for each version of a
 * mix.
 */
final class TypicalTable
{
    private static final double MILLION = 1_000_000;
    /** Odds, against all requests of one device, that no further request comes to a device. */
    private static final double NONE_COMES = 0.012;
    /**
     * What each further device adds to the weight of a request. By how often they come, requests for many devices
     * hardly count; by how much they ask for, everything else would make way for them. Without any of it a change of
     * the other weights can scatter small requests over all agents.
     */
    private static final double MANY_EXTRA = 0.04;

    private final long[] weights;
    private final long[] prices;
    /** In rising order, from 0. */
    private final long[] cpuLevels;
    /** Rank of the largest typical share that is not larger, by thousandths that are free. */
    private final int[] shareRank = new int[AgentView.WHOLE + 1];
    private final int shareRanks;
    private final int[] remains = new int[AgentView.WHOLE + 1];
    /** Which of the requests for more than one device an entry is, and how many and how large these are. */
    private final int[] manyOf;
    private final int[] manyCount;
    private final int[] manyShare;
    private final RequestMix mix;
    private final long version;
    private ModelTable[] models;
    private final long cpuPerDevice;
    private final long cpuPerDeviceOfAll;

    TypicalTable(final RequestMix mix)
    {
        this.mix = mix;
        version = mix.version();
        final int size = mix.size();
        weights = new long[size];
        prices = new long[size];
        manyOf = new int[size];
        final long[] cpu = new long[size + 1];
        final int[] counts = new int[size];
        final int[] shares = new int[size];
        final boolean[] isShare = new boolean[AgentView.WHOLE + 1];
        int many = 0;
        double devices = 0;
        double cpuOfAll = 0;
        double cpuOfDevices = 0;
        for (int entry = 0; entry < size; entry++)
        {
            cpu[entry] = mix.cpuMillis(entry);
            final int count = mix.deviceCount(entry);
            weights[entry] = (long)(mix.weight(entry) * MILLION * (1 + MANY_EXTRA * Math.max(0, count - 1)));
            final int share = mix.deviceShare(entry);
            devices += mix.weight(entry) * count * share;
            cpuOfAll += mix.weight(entry) * cpu[entry];
            cpuOfDevices += count > 0 ? mix.weight(entry) * cpu[entry] : 0;
            if (1 == count)
            {
                isShare[share] = true;
            }
            else if (count > 1)
            {
                manyOf[entry] = indexOf(counts, shares, many, count, share);
                counts[manyOf[entry]] = count;
                shares[manyOf[entry]] = share;
                many = Math.max(many, manyOf[entry] + 1);
            }
        }
        manyCount = Arrays.copyOf(counts, many);
        manyShare = Arrays.copyOf(shares, many);
        cpuLevels = distinct(cpu);
        shareRanks = rankShares(isShare);
        cpuPerDevice = devices > 0 ? (long)(cpuOfDevices * AgentView.WHOLE / devices) : 0;
        cpuPerDeviceOfAll = devices > 0 ? (long)(cpuOfAll * AgentView.WHOLE / devices) : 0;
        price(devices);
        foresee();
        models = new ModelTable[mix.modelMax() + 1];
    }

    private static int indexOf(
        final int[] counts, final int[] shares, final int size, final int count, final int share)
    {
        int index = 0;
        while (index < size && (counts[index] != count || shares[index] != share))
        {
            index++;
        }
        return index;
    }

    private static long[] distinct(final long[] values)
    {
        Arrays.sort(values);
        int size = 0;
        for (final long value : values)
        {
            if (0 == size || values[size - 1] != value)
            {
                values[size] = value;
                size++;
            }
        }
        return Arrays.copyOf(values, size);
    }

    private int rankShares(final boolean[] isShare)
    {
        int rank = 0;
        for (int free = 1; free <= AgentView.WHOLE; free++)
        {
            rank += isShare[free] ? 1 : 0;
            shareRank[free] = rank;
        }
        return rank + 1;
    }

    private void price(final double devices)
    {
        for (int entry = 0; entry < prices.length; entry++)
        {
            double allowed = 0;
            for (int model = 0; model <= mix.modelMax() && mix.deviceCount(entry) > 0; model++)
            {
                allowed += mix.modelMax() > 0 && mix.allowsModel(entry, model) ? mix.modelShare(model) : 0;
            }
            if (allowed > 0)
            {
                final double demand = mix.weight(entry) * mix.deviceCount(entry) * mix.deviceShare(entry) / devices;
                prices[entry] = (long)(demand / allowed * MILLION);
            }
        }
    }

    /**
     * What will remain free of a device on average, by how much is free now, if requests take it as they come. It is
     * the mean over the requests that fit of what remains after them; now and then none comes any more.
     */
    private void foresee()
    {
        final double[] frequency = new double[AgentView.WHOLE + 1];
        final int[] shares = new int[AgentView.WHOLE + 1];
        int distinct = 0;
        double total = 0;
        for (int entry = 0; entry < weights.length; entry++)
        {
            if (1 == mix.deviceCount(entry))
            {
                final int share = mix.deviceShare(entry);
                distinct += insert(shares, distinct, share);
                frequency[share] += mix.weight(entry);
                total += mix.weight(entry);
            }
        }
        final double[] expected = new double[AgentView.WHOLE + 1];
        for (int free = 0; free <= AgentView.WHOLE; free++)
        {
            double coming = NONE_COMES;
            double sum = NONE_COMES * free;
            for (int i = 0; i < distinct && shares[i] <= free; i++)
            {
                coming += frequency[shares[i]] / total;
                sum += frequency[shares[i]] / total * expected[free - shares[i]];
            }
            expected[free] = sum / coming;
            remains[free] = (int)StrictMath.rint(expected[free]);
        }
    }

    /** Into numbers in rising order; 0 if it is there. */
    private static int insert(final int[] numbers, final int size, final int number)
    {
        int hole = size;
        while (hole > 0 && numbers[hole - 1] > number)
        {
            hole--;
        }
        if (hole > 0 && numbers[hole - 1] == number)
        {
            return 0;
        }
        System.arraycopy(numbers, hole, numbers, hole + 1, size - hole);
        numbers[hole] = number;
        return 1;
    }

    /** Made when it is first asked for: models may come that the mix does not know of. */
    ModelTable model(final int model)
    {
        if (model >= models.length)
        {
            models = Arrays.copyOf(models, model + 1);
        }
        if (null == models[model])
        {
            models[model] = new ModelTable(this, mix, model);
        }
        return models[model];
    }

    /** Number of the mix that this was made from. */
    long version()
    {
        return version;
    }

    RequestMix mix()
    {
        return mix;
    }

    /** Millionths of all requests; a little more for those of many devices. */
    long weight(final int entry)
    {
        return weights[entry];
    }

    long price(final int entry)
    {
        return prices[entry];
    }

    int cpuLevels()
    {
        return cpuLevels.length;
    }

    long cpuOf(final int level)
    {
        return cpuLevels[level];
    }

    /** The highest level that so many millicores reach; less than none are as none. */
    int levelOf(final long cpuMillis)
    {
        int low = 0;
        int high = cpuLevels.length - 1;
        while (low < high)
        {
            final int middle = low + high + 1 >>> 1;
            if (cpuLevels[middle] <= cpuMillis)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }
        return low;
    }

    int shareRanks()
    {
        return shareRanks;
    }

    int rankOf(final int share)
    {
        return shareRank[share];
    }

    /** Thousandths that will remain of a device with so many free, see {@link #foresee}. */
    int remains(final int free)
    {
        return remains[free];
    }

    int manySize()
    {
        return manyCount.length;
    }

    int manyOf(final int entry)
    {
        return manyOf[entry];
    }

    /** What is free on devices too full for a request of many, or all that is free if they are too few. */
    int lostToMany(final int many, final int[] free, final int devices, final int freeSum)
    {
        final int share = manyShare[many];
        int fitting = 0;
        int fittingSum = 0;
        for (int device = 0; device < devices; device++)
        {
            fitting += free[device] >= share ? 1 : 0;
            fittingSum += free[device] >= share ? free[device] : 0;
        }
        return fitting >= manyCount[many] ? freeSum - fittingSum : freeSum;
    }

    /** Millicores that requests for devices take for each whole device; 0 if there are none. */
    long cpuPerDevice()
    {
        return cpuPerDevice;
    }

    /** Millicores that all requests take, those for no device too, for each whole device asked for. */
    long cpuPerDeviceOfAll()
    {
        return cpuPerDeviceOfAll;
    }
}
