package io.plimsoll.core;

/** A walk along the kernels of an agent in the order of their ends, see {@link KernelEnds}; until something changes. */
final class ExpectedEnds
{
    static final long NEVER = KernelEnds.NEVER;

    private final KernelEnds ends;
    private long[] endsNs = {};
    private int[] rows = {};
    private int count;
    private int position;

    ExpectedEnds(final CoreState state)
    {
        ends = state.schedule.kernelEnds;
    }

    /** Begins with the first kernel of an agent that will have ended some time. */
    void load(final int agent)
    {
        count = ends.count(agent);
        endsNs = ends.endsNs(agent);
        rows = ends.rows(agent);
        position = 0;
    }

    /** When the first kernel of an agent will have ended; NEVER if nobody knows of any. */
    long firstNs(final int agent)
    {
        return 0 == ends.count(agent) ? NEVER : ends.endsNs(agent)[0];
    }

    /** When the next one ends; NEVER if there is none. */
    long nextNs()
    {
        return position == count ? NEVER : endsNs[position];
    }

    /** Takes the one that ends next; which of those that end together does not matter to what is left then. */
    int poll()
    {
        return rows[position++];
    }
}
