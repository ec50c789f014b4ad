package io.plimsoll.loadtest.report;

import io.plimsoll.core.sbe.Liveness;
import java.util.Arrays;
import org.agrona.collections.Long2ObjectHashMap;

/** An agent as the records so far tell: what it has, and what of it is taken; devices in thousandths. */
final class BookedAgent
{
    private static final int WHOLE = 1_000;
    private static final int[] NO_DEVICES = {};

    final int id;
    final Long2ObjectHashMap<BookedKernel> kernels = new Long2ObjectHashMap<>();
    String name = "";
    int groupId;
    Liveness liveness = Liveness.ALIVE;
    boolean isAttached;
    boolean isConnected;
    boolean isReconciled;
    boolean isDrained;
    boolean isQuarantined;
    /** Whether something was taken or given back since somebody last looked. */
    boolean isTouched = true;
    private long[] capacity = {};
    private long[] used = {};
    /** By slot of whole devices: thousandths taken of each. */
    private int[][] deviceUsed = {};

    BookedAgent(final int id)
    {
        this.id = id;
    }

    /** Whether what it has counts as part of the cluster: it has come, and is not lost. */
    boolean counts()
    {
        return isAttached && Liveness.LOST != liveness;
    }

    /** Whether it would get work if it had room. */
    boolean mayGetWork()
    {
        return isAttached && isConnected && isReconciled && !isDrained && !isQuarantined && Liveness.ALIVE == liveness;
    }

    void beginCapacity()
    {
        Arrays.fill(capacity, 0);
        isTouched = true;
    }

    void capacity(final int slotId, final long amount)
    {
        ensureSlot(slotId);
        capacity[slotId] = amount;
    }

    long capacity(final int slotId)
    {
        return slotId < capacity.length ? capacity[slotId] : 0;
    }

    long used(final int slotId)
    {
        return slotId < used.length ? used[slotId] : 0;
    }

    int slots()
    {
        return capacity.length;
    }

    void use(final int slotId, final long amount)
    {
        ensureSlot(slotId);
        used[slotId] += amount;
        isTouched = true;
    }

    /** Takes thousandths of each device of a mask; negative ones are given back. */
    void useDevices(final int deviceSlotId, final long mask, final int thousandths)
    {
        ensureSlot(deviceSlotId);
        for (long rest = mask; 0 != rest; rest &= rest - 1)
        {
            final int device = Long.numberOfTrailingZeros(rest);
            if (deviceUsed[deviceSlotId].length <= device)
            {
                deviceUsed[deviceSlotId] = Arrays.copyOf(deviceUsed[deviceSlotId], device + 1);
            }
            deviceUsed[deviceSlotId][device] += thousandths;
        }
        isTouched = true;
    }

    /** Free thousandths of a device. */
    int deviceFree(final int deviceSlotId, final int device)
    {
        final int[] taken = deviceSlotId < deviceUsed.length ? deviceUsed[deviceSlotId] : NO_DEVICES;
        return WHOLE - (device < taken.length ? taken[device] : 0);
    }

    private void ensureSlot(final int slotId)
    {
        if (slotId >= capacity.length)
        {
            final int before = capacity.length;
            capacity = Arrays.copyOf(capacity, slotId + 1);
            used = Arrays.copyOf(used, slotId + 1);
            deviceUsed = Arrays.copyOf(deviceUsed, slotId + 1);
            Arrays.fill(deviceUsed, before, slotId + 1, NO_DEVICES);
        }
    }
}
