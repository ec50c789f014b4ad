package io.plimsoll.loadtest.openb;

import java.util.Arrays;

/** What is free on a machine of the trace. */
final class NodeState
{
    private final OpenbNode node;
    private final int[] free;
    private long cpuFree;

    NodeState(final OpenbNode node)
    {
        this.node = node;
        cpuFree = node.cpuMillis();
        free = new int[node.devices()];
        Arrays.fill(free, OpenbPod.WHOLE);
    }

    OpenbNode node()
    {
        return node;
    }

    long cpuFree()
    {
        return cpuFree;
    }

    /** Thousandths free of each device. */
    int[] free()
    {
        return free;
    }

    long freeMilli()
    {
        long sum = 0;
        for (final int device : free)
        {
            sum += device;
        }
        return sum;
    }

    int touched()
    {
        int count = 0;
        for (final int device : free)
        {
            count += device < OpenbPod.WHOLE ? 1 : 0;
        }
        return count;
    }

    void takeCpu(final long cpuMillis)
    {
        cpuFree -= cpuMillis;
        check(cpuFree >= 0, "cpu");
    }

    void takeDevice(final int device, final int milli)
    {
        free[device] -= milli;
        check(free[device] >= 0, "device " + device);
    }

    private void check(final boolean right, final String what)
    {
        if (!right)
        {
            throw new IllegalStateException("node=" + node.name() + " has less than nothing of " + what);
        }
    }
}
