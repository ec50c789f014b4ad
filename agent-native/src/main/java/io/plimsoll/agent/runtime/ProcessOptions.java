package io.plimsoll.agent.runtime;

/**
 * How kernels run as processes, as far as people choose.
 *
 * @param pidsMax processes and threads of a kernel; 0: no limit.
 */
public record ProcessOptions(long pidsMax)
{
    private static final long PIDS_MAX_DEFAULT = 4096;

    /** What needs no configuration. */
    public static ProcessOptions defaults()
    {
        return new ProcessOptions(PIDS_MAX_DEFAULT);
    }

    public ProcessOptions withPidsMax(final long newPidsMax)
    {
        return new ProcessOptions(newPidsMax);
    }
}
