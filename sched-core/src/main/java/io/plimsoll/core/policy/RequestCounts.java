package io.plimsoll.core.policy;

import java.util.Arrays;

/**
 * How often which request came: what a mix is learned from. Entries keep the order in which they first came, so that
 * nothing depends on hashing.
 *
 * <p>It holds a bounded number of entries. When one more is needed, all counts are halved until some become nought, and
 * these leave: what is frequent stays, and what was frequent long ago fades.
 */
public final class RequestCounts
{
    /** Entries held unless told otherwise: far more than groups use, small enough to sort at once. */
    public static final int ENTRIES_MAX_DEFAULT = 1024;

    private static final int EMPTY = -1;
    /** Numbers of an entry. */
    private static final int VALUES = 5;

    private final long[] cpuMillis;
    private final int[] deviceCounts;
    private final int[] deviceShares;
    private final int[] modelSets;
    private final long[] counts;
    private final int[] index;
    private int size;
    private long total;

    public RequestCounts()
    {
        this(ENTRIES_MAX_DEFAULT);
    }

    public RequestCounts(final int entriesMax)
    {
        if (entriesMax < 1 || entriesMax > 1 << 20)
        {
            throw new IllegalArgumentException("entriesMax=" + entriesMax);
        }
        cpuMillis = new long[entriesMax];
        deviceCounts = new int[entriesMax];
        deviceShares = new int[entriesMax];
        modelSets = new int[entriesMax];
        counts = new long[entriesMax];
        index = new int[Integer.highestOneBit(entriesMax) << 2];
        clear();
    }

    public void clear()
    {
        size = 0;
        total = 0;
        Arrays.fill(index, EMPTY);
    }

    /** Becomes the same as another, which may not hold more entries than this one can: what a mix was made from. */
    public void copyFrom(final RequestCounts other)
    {
        clear();
        for (int entry = 0; entry < other.size; entry++)
        {
            add(
                other.cpuMillis[entry],
                other.deviceCounts[entry],
                other.deviceShares[entry],
                other.modelSets[entry],
                other.counts[entry]);
        }
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
            values[entry * VALUES + 4] = counts[entry];
        }
        return values;
    }

    /** Becomes what gave such numbers. */
    public void set(final long[] values)
    {
        clear();
        for (int at = 0; at < values.length; at += VALUES)
        {
            add(values[at], (int)values[at + 1], (int)values[at + 2], (int)values[at + 3], values[at + 4]);
        }
    }

    /** Number of different requests. */
    public int size()
    {
        return size;
    }

    /** Sum of all counts. */
    public long total()
    {
        return total;
    }

    public long cpuMillis(final int entry)
    {
        return cpuMillis[entry];
    }

    public int deviceCount(final int entry)
    {
        return deviceCounts[entry];
    }

    public int deviceShare(final int entry)
    {
        return deviceShares[entry];
    }

    /** As in {@link ModelSets}. */
    public int modelSet(final int entry)
    {
        return modelSets[entry];
    }

    public long count(final int entry)
    {
        return counts[entry];
    }

    /**
     * Counts requests that are alike.
     *
     * @param cpu         millicores.
     * @param deviceCount devices of each, 0 for none.
     * @param deviceShare thousandths of each device, 0 for none.
     * @param modelSet    as in {@link ModelSets}.
     * @param count       how many; above nought.
     */
    public void add(final long cpu, final int deviceCount, final int deviceShare, final int modelSet, final long count)
    {
        int position = find(cpu, deviceCount, deviceShare, modelSet);
        if (EMPTY == index[position])
        {
            if (size == counts.length)
            {
                fade();
                position = find(cpu, deviceCount, deviceShare, modelSet);
            }
            index[position] = size;
            cpuMillis[size] = cpu;
            deviceCounts[size] = deviceCount;
            deviceShares[size] = deviceShare;
            modelSets[size] = modelSet;
            counts[size] = 0;
            size++;
        }
        counts[index[position]] += count;
        total += count;
    }

    private void fade()
    {
        while (size == counts.length)
        {
            halve();
        }
        Arrays.fill(index, EMPTY);
        for (int entry = 0; entry < size; entry++)
        {
            index[find(cpuMillis[entry], deviceCounts[entry], deviceShares[entry], modelSets[entry])] = entry;
        }
    }

    private void halve()
    {
        int kept = 0;
        total = 0;
        for (int entry = 0; entry < size; entry++)
        {
            final long half = counts[entry] >> 1;
            if (half > 0)
            {
                cpuMillis[kept] = cpuMillis[entry];
                deviceCounts[kept] = deviceCounts[entry];
                deviceShares[kept] = deviceShares[entry];
                modelSets[kept] = modelSets[entry];
                counts[kept] = half;
                total += half;
                kept++;
            }
        }
        size = kept;
    }

    /** Where an entry is in the index, or where it would have to be. */
    private int find(final long cpu, final int deviceCount, final int deviceShare, final int modelSet)
    {
        final int mask = index.length - 1;
        long hash = cpu * 31 + deviceCount;
        hash = (hash * 1009 + deviceShare) * 31 + modelSet;
        int position = (int)(hash * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (EMPTY != index[position])
        {
            final int entry = index[position];
            if (cpuMillis[entry] == cpu && deviceCounts[entry] == deviceCount &&
                deviceShares[entry] == deviceShare && modelSets[entry] == modelSet)
            {
                return position;
            }
            position = position + 1 & mask;
        }
        return position;
    }
}
