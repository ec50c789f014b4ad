package io.plimsoll.loadtest.jobs;

/** Places of values in ascending order, equal ones as they came; the library sorts so only objects. */
final class StableOrder
{
    private StableOrder()
    {
    }

    static int[] of(final long[] values, final int size)
    {
        int[] from = new int[size];
        int[] to = new int[size];
        for (int i = 0; i < size; i++)
        {
            from[i] = i;
        }
        for (long width = 1; width < size; width <<= 1)
        {
            for (long start = 0; start < size; start += 2 * width)
            {
                merge(values, from, to, (int)start, (int)Math.min(start + width, size),
                    (int)Math.min(start + 2 * width, size));
            }
            final int[] merged = to;
            to = from;
            from = merged;
        }
        return from;
    }

    private static void merge(
        final long[] values, final int[] from, final int[] to, final int start, final int middle, final int end)
    {
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++)
        {
            final boolean takeLeft = right >= end || left < middle && values[from[left]] <= values[from[right]];
            to[i] = takeLeft ? from[left++] : from[right++];
        }
    }
}
