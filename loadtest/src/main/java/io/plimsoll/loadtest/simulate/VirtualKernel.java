package io.plimsoll.loadtest.simulate;

import java.util.List;

/** One attempt at a kernel, on the agent that it was assigned to. */
public final class VirtualKernel
{
    /** It has not run. */
    static final long NOT_STARTED = -1;

    private final long kernelId;
    private final int attempt;
    private final VirtualAgent agent;
    private final long cpuMillis;
    private final long memoryBytes;
    private final List<DeviceShare> devices;
    private long startedNs = NOT_STARTED;
    private boolean gone;

    VirtualKernel(
        final long kernelId,
        final int attempt,
        final VirtualAgent agent,
        final long cpuMillis,
        final long memoryBytes,
        final List<DeviceShare> devices)
    {
        this.kernelId = kernelId;
        this.attempt = attempt;
        this.agent = agent;
        this.cpuMillis = cpuMillis;
        this.memoryBytes = memoryBytes;
        this.devices = devices;
    }

    /** Of session and index. */
    public long kernelId()
    {
        return kernelId;
    }

    /** Of its session. */
    public long sessionId()
    {
        return kernelId >> KernelIds.INDEX_BITS;
    }

    int index()
    {
        return (int)(kernelId & KernelIds.INDEX_MASK);
    }

    int attempt()
    {
        return attempt;
    }

    /** Where it is. */
    public VirtualAgent agent()
    {
        return agent;
    }

    /** Millicores. */
    public long cpuMillis()
    {
        return cpuMillis;
    }

    /** Bytes. */
    public long memoryBytes()
    {
        return memoryBytes;
    }

    /** What it uses of devices. */
    public List<DeviceShare> devices()
    {
        return devices;
    }

    /** When it began to run, {@link #NOT_STARTED} if it has not. */
    long startedNs()
    {
        return startedNs;
    }

    /** Whether it has come to run. */
    public boolean hasStarted()
    {
        return NOT_STARTED != startedNs;
    }

    void started(final long nowNs)
    {
        startedNs = nowNs;
    }

    /** Whether it has ended, or its machine has. */
    public boolean isGone()
    {
        return gone;
    }

    void gone()
    {
        gone = true;
    }

    /**
     * A device that it uses.
     *
     * @param kind  family, such as cuda.
     * @param index number of the device on its agent.
     * @param share thousandths of it.
     */
    public record DeviceShare(String kind, int index, long share)
    {
    }

    /** How kernel ids are made. */
    static final class KernelIds
    {
        static final int INDEX_BITS = 10;
        static final int INDEX_MASK = (1 << INDEX_BITS) - 1;

        private KernelIds()
        {
        }
    }
}
