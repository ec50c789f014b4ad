package io.plimsoll.core.policy;

import java.util.Arrays;

/**
 * The mix that consists of the most frequent requests, enough of them to cover most of what was counted. The same
 * construction serves counts that were configured and counts that were learned.
 *
 * <p>The order is: more frequent first; among equals more cpu, then larger shares, then more devices, then the higher
 * number of the model set. Published results depend on it through the order of summing.
 */
public final class TypicalRequests implements RequestMix
{
    /** Percentage of all requests that the typical ones make up. */
    public static final int COVERED_PERCENT = 95;

    /** Entries of a learned mix unless told otherwise; the tables that policies make grow with their square. */
    public static final int ENTRIES_MAX_DEFAULT = 256;

    /** Numbers of an entry. */
    private static final int VALUES = 5;

    private final ModelSets sets;
    private final int entriesMax;
    private int[] order = new int[0];
    private long[] cpuMillis = new long[0];
    private int[] deviceCounts = new int[0];
    private int[] deviceShares = new int[0];
    private int[] modelSets = new int[0];
    private double[] weights = new double[0];
    private double[] modelShares = new double[0];
    private int size;
    private long version;

    /**
     * An empty mix; {@link #update} fills it.
     *
     * @param sets       what numbers of model sets stand for.
     * @param entriesMax how many entries to hold at most; it bounds the cost of a score.
     */
    public TypicalRequests(final ModelSets sets, final int entriesMax)
    {
        this.sets = sets;
        this.entriesMax = entriesMax;
    }

    /** The mix of configured counts. */
    public static TypicalRequests of(final RequestCounts counts, final ModelSets sets)
    {
        final TypicalRequests mix = new TypicalRequests(sets, Integer.MAX_VALUE);
        mix.update(counts);
        return mix;
    }

    /** Takes the most frequent requests from counts, in place of what it held. */
    public void update(final RequestCounts counts)
    {
        update(counts, entriesMax);
    }

    /** The same, of so many requests at most. */
    public void update(final RequestCounts counts, final int most)
    {
        sort(counts);
        size = 0;
        long taken = 0;
        while (size < order.length && size < most && taken * 100 < counts.total() * COVERED_PERCENT)
        {
            taken += counts.count(order[size]);
            size++;
        }
        reserve();
        // Published as count / total, then divided by the covered part: not the same bits as count / taken.
        final double total = counts.total();
        final double covered = taken / total;
        for (int i = 0; i < size; i++)
        {
            final int entry = order[i];
            cpuMillis[i] = counts.cpuMillis(entry);
            deviceCounts[i] = counts.deviceCount(entry);
            deviceShares[i] = counts.deviceShare(entry);
            modelSets[i] = counts.modelSet(entry);
            weights[i] = counts.count(entry) / total / covered;
        }
        version++;
    }

    /** All entries as numbers, for keeping: {@link #set} takes them back. */
    public long[] values()
    {
        final long[] values = new long[size * VALUES];
        for (int entry = 0; entry < size; entry++)
        {
            values[entry * VALUES] = cpuMillis[entry];
            values[entry * VALUES + 1] = deviceCounts[entry];
            values[entry * VALUES + 2] = deviceShares[entry];
            values[entry * VALUES + 3] = modelSets[entry];
            values[entry * VALUES + 4] = Double.doubleToRawLongBits(weights[entry]);
        }
        return values;
    }

    /** Becomes what gave such numbers. */
    public void set(final long[] values)
    {
        size = values.length / VALUES;
        reserve();
        for (int entry = 0; entry < size; entry++)
        {
            cpuMillis[entry] = values[entry * VALUES];
            deviceCounts[entry] = (int)values[entry * VALUES + 1];
            deviceShares[entry] = (int)values[entry * VALUES + 2];
            modelSets[entry] = (int)values[entry * VALUES + 3];
            weights[entry] = Double.longBitsToDouble(values[entry * VALUES + 4]);
        }
        version++;
    }

    /**
     * Takes over what devices the group has. Which model is short changes slowly, and a new version makes all scores
     * void: rather with the next update of the requests than with each agent that comes or goes.
     *
     * @param devices by number of the model, from 0, which is no model.
     */
    public void updateModels(final long[] devices)
    {
        long total = 0;
        for (final long count : devices)
        {
            total += count;
        }
        if (modelShares.length != devices.length)
        {
            modelShares = new double[devices.length];
        }
        for (int model = 0; model < devices.length; model++)
        {
            modelShares[model] = 0 == total ? 0 : (double)devices[model] / total;
        }
        version++;
    }

    @Override
    public int modelMax()
    {
        return Math.max(0, modelShares.length - 1);
    }

    @Override
    public double modelShare(final int model)
    {
        return modelShares[model];
    }

    @Override
    public long version()
    {
        return version;
    }

    @Override
    public int size()
    {
        return size;
    }

    @Override
    public long cpuMillis(final int entry)
    {
        return cpuMillis[entry];
    }

    @Override
    public int deviceCount(final int entry)
    {
        return deviceCounts[entry];
    }

    @Override
    public int deviceShare(final int entry)
    {
        return deviceShares[entry];
    }

    @Override
    public boolean allowsModel(final int entry, final int model)
    {
        return ModelSets.ANY == modelSets[entry] || sets.allows(modelSets[entry], model);
    }

    @Override
    public double weight(final int entry)
    {
        return weights[entry];
    }

    private void reserve()
    {
        if (weights.length < size)
        {
            final int capacity = Math.max(size, 2 * weights.length);
            cpuMillis = new long[capacity];
            deviceCounts = new int[capacity];
            deviceShares = new int[capacity];
            modelSets = new int[capacity];
            weights = new double[capacity];
        }
    }

    /** By insertion: counts change little from one update to the next, so the last order is nearly right. */
    private void sort(final RequestCounts counts)
    {
        final int previous = order.length;
        if (previous != counts.size())
        {
            order = Arrays.copyOf(order, counts.size());
            for (int i = 0; i < order.length; i++)
            {
                order[i] = i < previous && previous < order.length ? order[i] : i;
            }
        }
        for (int i = 1; i < order.length; i++)
        {
            final int entry = order[i];
            int hole = i;
            while (hole > 0 && isBefore(counts, entry, order[hole - 1]))
            {
                order[hole] = order[hole - 1];
                hole--;
            }
            order[hole] = entry;
        }
    }

    private static boolean isBefore(final RequestCounts counts, final int left, final int right)
    {
        int order = Long.compare(counts.count(left), counts.count(right));
        order = 0 != order ? order : Long.compare(counts.cpuMillis(left), counts.cpuMillis(right));
        order = 0 != order ? order : Integer.compare(counts.deviceShare(left), counts.deviceShare(right));
        order = 0 != order ? order : Integer.compare(counts.deviceCount(left), counts.deviceCount(right));
        order = 0 != order ? order : Integer.compare(counts.modelSet(left), counts.modelSet(right));
        return order > 0;
    }
}
