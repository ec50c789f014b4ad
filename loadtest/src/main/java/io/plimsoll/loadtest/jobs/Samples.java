package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.jobs.WorkloadSummary.Bin;
import io.plimsoll.loadtest.jobs.WorkloadSummary.Figures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** Many values, and what can be said of them. One thread. */
final class Samples
{
    private static final int CAPACITY_FIRST = 64;
    private static final int VALUES_MAX = 24;
    private static final int BINS_MAX = 64;

    private double[] values = new double[CAPACITY_FIRST];
    private int size;
    private boolean sorted;

    void add(final double value)
    {
        if (size == values.length)
        {
            values = Arrays.copyOf(values, size + (size >> 1));
        }
        values[size++] = value;
        sorted = false;
    }

    int size()
    {
        return size;
    }

    private void sort()
    {
        if (!sorted)
        {
            Arrays.sort(values, 0, size);
            sorted = true;
        }
    }

    /** The lowest value that at least such a part of all is not above. */
    double quantile(final double part)
    {
        sort();
        return values[Math.max(0, Math.min(size - 1, (int)Math.ceil(part * size) - 1))];
    }

    /** Between the values, as a distribution that is drawn from needs it. */
    double between(final double part)
    {
        sort();
        final double at = part * (size - 1);
        final int low = (int)at;
        return low + 1 >= size ? values[size - 1] : values[low] + (values[low + 1] - values[low]) * (at - low);
    }

    /** Part of all that is below a value, which may be one of several that are equal; between 0 and 1. */
    double rank(final double value)
    {
        sort();
        final int low = first(value, false);
        final int high = first(value, true);
        return ((low + high) / 2.0 + (low == high ? 0.5 : 0)) / (size + 1.0);
    }

    /** Place of the first value that is not below another one, or that is above it. */
    private int first(final double value, final boolean above)
    {
        int low = 0;
        int high = size;
        while (low < high)
        {
            final int middle = low + high >>> 1;
            if (values[middle] < value || above && values[middle] == value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    double mean()
    {
        double sum = 0;
        for (int i = 0; i < size; i++)
        {
            sum += values[i];
        }
        return 0 == size ? 0 : sum / size;
    }

    /** Standard deviation by mean. */
    double variation()
    {
        final double mean = mean();
        double sum = 0;
        for (int i = 0; i < size; i++)
        {
            sum += (values[i] - mean) * (values[i] - mean);
        }
        return 0 == size || 0 == mean ? 0 : Math.sqrt(sum / size) / mean;
    }

    /** All that is told of them; null if there are none. */
    Figures figures()
    {
        if (0 == size)
        {
            return null;
        }
        return new Figures(
            size, mean(), quantile(0), quantile(0.25), quantile(0.5), quantile(0.75), quantile(0.9), quantile(0.99),
            quantile(1), histogram());
    }

    private List<Bin> histogram()
    {
        sort();
        final TreeMap<Double, Long> distinct = new TreeMap<>();
        for (int i = 0; i < size && distinct.size() <= VALUES_MAX; i++)
        {
            distinct.merge(values[i], 1L, Long::sum);
        }
        final List<Bin> bins = new ArrayList<>();
        if (distinct.size() <= VALUES_MAX)
        {
            distinct.forEach((value, count) -> bins.add(new Bin(value, count)));
            return bins;
        }
        int at = 0;
        double end = firstEnd();
        while (at < size)
        {
            final int from = at;
            while (at < size && (values[at] <= end || bins.size() == BINS_MAX))
            {
                at++;
            }
            bins.add(new Bin(Math.max(end, bins.size() == BINS_MAX ? values[size - 1] : end), at - from));
            end *= 2;
        }
        return bins;
    }

    /** A power of two that the lowest value above 0 fits below. */
    private double firstEnd()
    {
        int at = 0;
        while (values[at] <= 0)
        {
            at++;
        }
        double end = 1;
        while (end / 2 >= values[at])
        {
            end /= 2;
        }
        while (end < values[at])
        {
            end *= 2;
        }
        return end;
    }
}
