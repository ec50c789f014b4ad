package io.plimsoll.core.policy;

import java.util.Arrays;

/** An agent in plain arrays. */
final class ArrayAgent implements AgentView
{
    private final int agentId;
    private final long[] capacity;
    private final long[] free;
    private final int[] deviceFree;
    private final int model;
    private final int[] running = new int[DeviceClass.COUNT];
    private long changes = 1;

    ArrayAgent(final int agentId, final long cpu, final long memory, final int devices, final int model)
    {
        this.agentId = agentId;
        this.model = model;
        capacity = new long[]{ cpu, memory };
        free = capacity.clone();
        deviceFree = new int[devices];
        Arrays.fill(deviceFree, WHOLE);
    }

    static ArrayAgent withDevices(final long cpu, final int... deviceFree)
    {
        final ArrayAgent agent = new ArrayAgent(1, cpu, 0, deviceFree.length, 1);
        System.arraycopy(deviceFree, 0, agent.deviceFree, 0, deviceFree.length);
        return agent;
    }

    boolean fits(final RequestView request, final long memory)
    {
        if (free[CPU] < request.amount(CPU) || free[MEM] < memory)
        {
            return false;
        }
        final int count = request.deviceCount();
        if (0 == count)
        {
            return true;
        }
        final int share = request.deviceShare();
        int fitting = 0;
        for (final int device : deviceFree)
        {
            fitting += device >= share ? 1 : 0;
        }
        return fitting >= count && request.allowsModel(model);
    }

    void place(final RequestView request, final long memory, final long devices)
    {
        free[CPU] -= request.amount(CPU);
        free[MEM] -= memory;
        for (int device = 0; device < deviceFree.length; device++)
        {
            deviceFree[device] -= 0 == (devices & 1L << device) ? 0 : request.deviceShare();
        }
        running[DeviceClass.of(request.deviceCount(), request.deviceShare())]++;
        changes++;
    }

    long firstIdle(final int count)
    {
        long devices = 0;
        for (int device = 0; device < deviceFree.length && Long.bitCount(devices) < count; device++)
        {
            devices |= WHOLE == deviceFree[device] ? 1L << device : 0;
        }
        return devices;
    }

    /** Grows with every change, from 1. */
    long changes()
    {
        return changes;
    }

    @Override
    public int agentId()
    {
        return agentId;
    }

    @Override
    public long capacity(final int slot)
    {
        return capacity[slot];
    }

    @Override
    public long free(final int slot)
    {
        return free[slot];
    }

    @Override
    public int devices()
    {
        return deviceFree.length;
    }

    @Override
    public int deviceFree(final int device)
    {
        return deviceFree[device];
    }

    @Override
    public int model()
    {
        return model;
    }

    @Override
    public int running(final int deviceClass)
    {
        return running[deviceClass];
    }
}
