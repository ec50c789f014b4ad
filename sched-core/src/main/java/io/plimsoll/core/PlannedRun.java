package io.plimsoll.core;

/** What is to be planned: kernels of a shape for as long as they may run, without a reservation that they have. */
final class PlannedRun
{
    private final PlannedNeed need;
    private long walltimeNs;
    private long liftedFromNs;
    private long liftedToNs;
    private int lifted;

    PlannedRun(final CoreState state)
    {
        need = new PlannedNeed(state);
    }

    void load(final int shape, final long limitNs)
    {
        need.load(shape);
        walltimeNs = limitNs;
        lifted = 0;
    }

    PlannedNeed need()
    {
        return need;
    }

    /** When it will have ended if it starts at a time; NEVER without a limit. */
    long endNs(final long startNs)
    {
        return 0 == walltimeNs ? ExpectedEnds.NEVER : startNs + walltimeNs;
    }

    /** How far before a time it must start to be there at that time. */
    long lengthNs()
    {
        return walltimeNs;
    }

    /** So many kernels count as not being on the agent that is asked about. */
    void lift(final long fromNs, final int kernels)
    {
        liftedFromNs = fromNs;
        liftedToNs = endNs(fromNs);
        lifted = kernels;
    }

    int lifted(final long atNs)
    {
        return 0 != lifted && atNs >= liftedFromNs && atNs < liftedToNs ? lifted : 0;
    }
}
