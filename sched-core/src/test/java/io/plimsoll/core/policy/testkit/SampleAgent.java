package io.plimsoll.core.policy.testkit;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.policy.DeviceClass;
import io.plimsoll.core.testkit.SeededRandom;
import java.util.Arrays;

/**
 * An agent made up from random numbers. As in the core it is only good during the call that it is given to: between
 * calls it answers nothing, so that a policy which keeps it is found out.
 */
final class SampleAgent implements AgentView
{
    /** Cpu, mem, whole devices, shares of devices. */
    static final int SLOTS = 4;
    private static final int DEVICES = 2;
    private static final int SHARES = 3;
    private static final int[] DEVICE_COUNTS = {0, 0, 1, 2, 4, 8, 8, 16, 64};
    private static final int[] PARTS = {0, 100, 250, 500, 750, 1000, 1000, 1000};

    private final int agentId;
    private final long[] capacity = new long[SLOTS];
    private final long[] free = new long[SLOTS];
    private final int[] deviceFree;
    private final int model;
    private final int[] running = new int[DeviceClass.COUNT];
    private boolean isOpen;

    SampleAgent(final int agentId, final SeededRandom random)
    {
        this.agentId = agentId;
        capacity[CPU] = random.between(1, 256) * 1000;
        capacity[MEM] = random.between(0, 1024) << 30;
        free[CPU] = random.percent(30) ? capacity[CPU] : random.between(0, capacity[CPU]);
        free[MEM] = random.percent(30) ? capacity[MEM] : random.between(0, capacity[MEM]);
        deviceFree = new int[DEVICE_COUNTS[random.below(DEVICE_COUNTS.length)]];
        for (int device = 0; device < deviceFree.length; device++)
        {
            deviceFree[device] = PARTS[random.below(PARTS.length)];
            free[DEVICES] += WHOLE == deviceFree[device] ? 1 : 0;
            free[SHARES] = Math.max(free[SHARES], deviceFree[device]);
        }
        capacity[DEVICES] = deviceFree.length;
        capacity[SHARES] = deviceFree.length * (long)WHOLE;
        model = 0 == deviceFree.length ? 0 : random.below(SampleMix.MODELS + 1);
        for (int i = 0; i < 3; i++)
        {
            running[random.below(DeviceClass.COUNT)] += random.below(5);
        }
    }

    private SampleAgent(final SampleAgent other)
    {
        agentId = other.agentId;
        System.arraycopy(other.capacity, 0, capacity, 0, SLOTS);
        System.arraycopy(other.free, 0, free, 0, SLOTS);
        deviceFree = other.deviceFree.clone();
        model = other.model;
        System.arraycopy(other.running, 0, running, 0, running.length);
    }

    /** Another that says the same. */
    SampleAgent copy()
    {
        return new SampleAgent(this);
    }

    SampleAgent open()
    {
        isOpen = true;
        return this;
    }

    void close()
    {
        isOpen = false;
    }

    boolean fits(final SampleRequest request)
    {
        int devices = 0;
        for (final int device : deviceFree)
        {
            devices += device >= request.share() ? 1 : 0;
        }
        return free[CPU] >= request.cpuMillis() && free[MEM] >= request.memoryBytes() && devices >= request.devices();
    }

    /** Whether a device is there and has room for what a request asks of one. */
    boolean hasRoom(final int device, final SampleRequest request)
    {
        return device >= 0 && device < deviceFree.length && deviceFree[device] >= request.share();
    }

    private void checkOpen()
    {
        if (!isOpen)
        {
            throw new IllegalStateException("it used the view of an agent after the call that it was given to");
        }
    }

    @Override
    public int agentId()
    {
        checkOpen();
        return agentId;
    }

    @Override
    public long capacity(final int slot)
    {
        checkOpen();
        return capacity[slot];
    }

    @Override
    public long free(final int slot)
    {
        checkOpen();
        return free[slot];
    }

    @Override
    public int devices()
    {
        checkOpen();
        return deviceFree.length;
    }

    @Override
    public int deviceFree(final int device)
    {
        checkOpen();
        return deviceFree[device];
    }

    @Override
    public int model()
    {
        checkOpen();
        return model;
    }

    @Override
    public int running(final int deviceClass)
    {
        checkOpen();
        return running[deviceClass];
    }

    @Override
    public String toString()
    {
        return "agent{id=" + agentId + " capacity=" + Arrays.toString(capacity) + " free=" + Arrays.toString(free) +
            " deviceFree=" + Arrays.toString(deviceFree) + " model=" + model + "}";
    }
}
