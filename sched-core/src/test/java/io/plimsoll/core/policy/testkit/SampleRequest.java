package io.plimsoll.core.policy.testkit;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.policy.RequestView;
import io.plimsoll.core.testkit.SeededRandom;

/** A request made up from random numbers; like {@link SampleAgent} it answers during a call only. */
final class SampleRequest implements RequestView
{
    private static final int[] CPU_MILLIS = {100, 500, 1000, 1000, 2000, 4000, 12_000};
    private static final int[] PARTS = {50, 250, 300, 500, 750};

    private final long cpuMillis;
    private final long memoryBytes;
    private final int devices;
    private final int share;
    private final long models;
    private boolean isOpen;

    SampleRequest(final SeededRandom random)
    {
        cpuMillis = CPU_MILLIS[random.below(CPU_MILLIS.length)];
        memoryBytes = random.between(0, 32) << 30;
        final int kind = random.below(4);
        devices = kind < 2 ? kind : 1 + random.below(8);
        share = 0 == devices ? 0 : 1 == kind ? PARTS[random.below(PARTS.length)] : AgentView.WHOLE;
        models = random.percent(60) ? -1 : random.nextLong();
    }

    private SampleRequest(final SampleRequest other, final long memoryBytes)
    {
        cpuMillis = other.cpuMillis;
        this.memoryBytes = memoryBytes;
        devices = other.devices;
        share = other.share;
        models = other.models;
    }

    SampleRequest copy()
    {
        return new SampleRequest(this, memoryBytes);
    }

    SampleRequest withoutMem()
    {
        return new SampleRequest(this, 0);
    }

    SampleRequest open()
    {
        isOpen = true;
        return this;
    }

    void close()
    {
        isOpen = false;
    }

    long cpuMillis()
    {
        return cpuMillis;
    }

    long memoryBytes()
    {
        return memoryBytes;
    }

    int devices()
    {
        return devices;
    }

    int share()
    {
        return share;
    }

    /** Whether it is one of those that a policy chooses a device for. */
    boolean isOneShare()
    {
        return 1 == devices && share < AgentView.WHOLE;
    }

    private void checkOpen()
    {
        if (!isOpen)
        {
            throw new IllegalStateException("it used the view of a request after the call that it was given to");
        }
    }

    @Override
    public long amount(final int slot)
    {
        checkOpen();
        return switch (slot)
        {
            case AgentView.CPU -> cpuMillis;
            case AgentView.MEM -> memoryBytes;
            case 2 -> AgentView.WHOLE == share ? devices : 0;
            default -> AgentView.WHOLE == share ? 0 : share;
        };
    }

    @Override
    public int deviceCount()
    {
        checkOpen();
        return devices;
    }

    @Override
    public int deviceShare()
    {
        checkOpen();
        return share;
    }

    @Override
    public boolean allowsModel(final int model)
    {
        checkOpen();
        return 0 != (models & 1L << model);
    }

    @Override
    public String toString()
    {
        return "request{cpuMillis=" + cpuMillis + " memoryBytes=" + memoryBytes + " devices=" + devices +
            " share=" + share + "}";
    }
}
