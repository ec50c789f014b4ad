package io.plimsoll.core;

import java.util.Arrays;

/**
 * For how many kernels agents will have room, from which times on: gathered in any order, then brought into the order
 * of times, those of one time in the order of agents. Kept from use to use, so that nothing is allocated once it is
 * large enough.
 */
final class RoomChanges
{
    private long[] atNs = new long[64];
    private int[] agents = new int[64];
    private int[] kernels = new int[64];
    private int count;

    void clear()
    {
        count = 0;
    }

    void add(final long fromNs, final int agent, final int kernelCount)
    {
        if (count == atNs.length)
        {
            atNs = Arrays.copyOf(atNs, count * 2);
            agents = Arrays.copyOf(agents, count * 2);
            kernels = Arrays.copyOf(kernels, count * 2);
        }
        atNs[count] = fromNs;
        agents[count] = agent;
        kernels[count++] = kernelCount;
    }

    int count()
    {
        return count;
    }

    /** Epoch. */
    long atNs(final int index)
    {
        return atNs[index];
    }

    int agent(final int index)
    {
        return agents[index];
    }

    int kernels(final int index)
    {
        return kernels[index];
    }

    /** By heap sort: in place, and without the worst case of others. */
    void sort()
    {
        for (int position = (count >> 1) - 1; position >= 0; position--)
        {
            siftDown(position, count);
        }
        for (int end = count - 1; end > 0; end--)
        {
            swap(0, end);
            siftDown(0, end);
        }
    }

    private void siftDown(final int start, final int end)
    {
        int position = start;
        while ((position << 1) + 1 < end)
        {
            int child = (position << 1) + 1;
            if (child + 1 < end && isAfter(child + 1, child))
            {
                child++;
            }
            if (!isAfter(child, position))
            {
                return;
            }
            swap(position, child);
            position = child;
        }
    }

    private boolean isAfter(final int left, final int right)
    {
        return atNs[left] > atNs[right] || atNs[left] == atNs[right] && agents[left] > agents[right];
    }

    private void swap(final int left, final int right)
    {
        final long fromNs = atNs[left];
        atNs[left] = atNs[right];
        atNs[right] = fromNs;
        final int agent = agents[left];
        agents[left] = agents[right];
        agents[right] = agent;
        final int number = kernels[left];
        kernels[left] = kernels[right];
        kernels[right] = number;
    }
}
