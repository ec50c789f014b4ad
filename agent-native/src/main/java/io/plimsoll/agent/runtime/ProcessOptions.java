package io.plimsoll.agent.runtime;

import java.util.concurrent.TimeUnit;

/**
 * How kernels run as processes, as far as people choose.
 *
 * @param pidsMax       processes and threads of a kernel; 0: no limit.
 * @param scratchMax    bytes that its scratch directory may hold, where the file system can limit that; 0: no limit.
 * @param scratchKeepNs how long its scratch directory stays after its end.
 * @param leftovers     what becomes of processes and directories that this agent made and knows nothing of.
 * @param scheduling    of kernels with whole cores.
 */
public record ProcessOptions(
    long pidsMax,
    long scratchMax,
    long scratchKeepNs,
    DockerOptions.LeftoverPolicy leftovers,
    Scheduling scheduling)
{
    private static final long PIDS_MAX_DEFAULT = 4096;
    private static final long SCRATCH_MAX_DEFAULT = 64L << 30;
    private static final long SCRATCH_KEEP_DEFAULT_NS = TimeUnit.HOURS.toNanos(1);

    /** What needs no configuration. */
    public static ProcessOptions defaults()
    {
        return new ProcessOptions(
            PIDS_MAX_DEFAULT,
            SCRATCH_MAX_DEFAULT,
            SCRATCH_KEEP_DEFAULT_NS,
            DockerOptions.LeftoverPolicy.REPORT,
            Scheduling.OTHER);
    }

    public ProcessOptions withPidsMax(final long newPidsMax)
    {
        return new ProcessOptions(newPidsMax, scratchMax, scratchKeepNs, leftovers, scheduling);
    }

    public ProcessOptions withScratch(final long newScratchMax, final long newScratchKeepNs)
    {
        return new ProcessOptions(pidsMax, newScratchMax, newScratchKeepNs, leftovers, scheduling);
    }

    public ProcessOptions withLeftovers(final DockerOptions.LeftoverPolicy newLeftovers)
    {
        return new ProcessOptions(pidsMax, scratchMax, scratchKeepNs, newLeftovers, scheduling);
    }

    public ProcessOptions withScheduling(final Scheduling newScheduling)
    {
        return new ProcessOptions(pidsMax, scratchMax, scratchKeepNs, leftovers, newScheduling);
    }
}
