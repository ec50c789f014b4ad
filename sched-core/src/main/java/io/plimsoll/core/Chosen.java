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

    /** Says for the kernel of an index; how many there are is said in the end. */
    void set(final int kernelIndex, final int agent)
    {
        agents[kernelIndex] = agent;
    }

    void count(final int kernels)
    {
        count = kernels;
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
