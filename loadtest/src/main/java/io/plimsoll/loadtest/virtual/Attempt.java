package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.simulate.VirtualKernel;
import java.util.ArrayList;
import java.util.List;

/** What runs of a session in its present attempt. */
final class Attempt
{
    private static final long NOT_YET = -1;

    private final List<VirtualKernel> kernels = new ArrayList<>(1);
    private int started;
    private long runsSinceNs = NOT_YET;

    void add(final VirtualKernel kernel)
    {
        kernels.add(kernel);
    }

    List<VirtualKernel> kernels()
    {
        return kernels;
    }

    /** Another kernel runs; returns whether it was the last of so many. */
    boolean started(final int needed, final long nowNs)
    {
        started++;
        if (started == needed)
        {
            runsSinceNs = nowNs;
        }
        return started == needed;
    }

    /** For how long all of it has run. */
    long ranNs(final long nowNs)
    {
        return NOT_YET == runsSinceNs ? 0 : nowNs - runsSinceNs;
    }
}
