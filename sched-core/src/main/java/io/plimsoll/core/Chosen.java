package io.plimsoll.core;

/** The agents chosen for the kernels of one session, in order of their indexes. */
final class Chosen
{
    private final int[] agents = new int[KernelTable.KERNELS_MAX];
    private int count;

    void clear()
    {
        count = 0;
    }

    void add(final int agent)
    {
        agents[count++] = agent;
    }

    int count()
    {
        return count;
    }

    int agent(final int kernelIndex)
    {
        return agents[kernelIndex];
    }
}
