package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;
import java.util.Arrays;

/**
 * One agent as it would be once some of its kernels have ended and others have come: scratch space, with devices one by
 * one, so that what is said of the future is exactly what a placement would find then.
 */
final class AgentForecast
{
    private static final int DEVICES = SlotTable.DEVICES_MAX;

    private final AgentTable agents;
    private final ShapeTable shapes;
    private final KernelTable kernels;
    private final SlotTable slots;
    private final long[] free = new long[SlotTable.SLOTS_MAX];
    /** Free thousandths by slot of devices, and device. */
    private final int[] devices = new int[SlotTable.SLOTS_MAX * DEVICES];
    private final int[] deviceCount = new int[SlotTable.SLOTS_MAX];
    private long kernelsLeft;
    private final long[] pickedWhole = new long[SlotTable.SLOTS_MAX];
    private final long[] pickedShared = new long[SlotTable.SLOTS_MAX];

    AgentForecast(final CoreState state)
    {
        agents = state.agents;
        shapes = state.shapes;
        kernels = state.kernels;
        slots = state.slots;
    }

    /** As it is now. */
    void load(final int agent)
    {
        for (int slot = 0; slot < slots.count(); slot++)
        {
            free[slot] = agents.free(agent, slot);
            if (slots.isDevice(slot))
            {
                deviceCount[slot] = (int)agents.capacity(agent, slot);
                for (int device = 0; device < deviceCount[slot]; device++)
                {
                    devices[slot * DEVICES + device] = agents.deviceFree(agent, slot, device);
                }
            }
        }
        kernelsLeft = agents.kernelsLeft(agent);
    }

    /** As it would be with nothing on it. */
    void loadEmpty(final int agent)
    {
        for (int slot = 0; slot < slots.count(); slot++)
        {
            free[slot] = agents.capacity(agent, slot);
            if (slots.isDevice(slot))
            {
                deviceCount[slot] = (int)agents.capacity(agent, slot);
                Arrays.fill(
                    devices, slot * DEVICES, slot * DEVICES + deviceCount[slot], AgentView.WHOLE);
            }
        }
        final int most = agents.get(agents.kernelsMax, agent);
        kernelsLeft = most < 0 ? Integer.MAX_VALUE : most;
    }

    void copy(final AgentForecast other)
    {
        for (int slot = 0; slot < slots.count(); slot++)
        {
            free[slot] = other.free[slot];
            deviceCount[slot] = other.deviceCount[slot];
            System.arraycopy(
                other.devices, slot * DEVICES, devices, slot * DEVICES, deviceCount[slot]);
        }
        kernelsLeft = other.kernelsLeft;
    }

    /** Whether just as much is left as on another one, device by device. */
    boolean hasAsMuchAs(final AgentForecast other)
    {
        for (int slot = 0; slot < slots.count(); slot++)
        {
            final int base = slot * DEVICES;
            final boolean isSame = slots.isDevice(slot) ?
                Arrays.equals(
                    devices, base, base + deviceCount[slot], other.devices, base, base + other.deviceCount[slot]) :
                slots.isShare(slot) || free[slot] == other.free[slot];
            if (!isSame)
            {
                return false;
            }
        }
        return Math.min(kernelsLeft, KernelTable.KERNELS_MAX) == Math.min(other.kernelsLeft, KernelTable.KERNELS_MAX);
    }

    /** A kernel ends. */
    void release(final int kernel)
    {
        final int shape = kernels.get(kernels.shape, kernel);
        free[SlotTable.CPU] += shapes.amount(shape, SlotTable.CPU);
        free[SlotTable.MEM] += shapes.amount(shape, SlotTable.MEM);
        for (int mask = shapes.get(shapes.furtherMask, shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            final long used = kernels.devices(kernel, slot);
            if (slots.isDevice(slot))
            {
                add(slot, used, AgentView.WHOLE);
            }
            else if (slots.isShare(slot))
            {
                add(slots.partner(slot), used, (int)shapes.need(shape, slot));
            }
            else
            {
                free[slot] += shapes.amount(shape, slot);
            }
        }
        kernelsLeft++;
    }

    private void add(final int slot, final long mask, final int thousandths)
    {
        for (long rest = mask; 0 != rest; rest &= rest - 1)
        {
            devices[slot * DEVICES + Long.numberOfTrailingZeros(rest)] += thousandths;
        }
    }

    int kernelsLeft()
    {
        return (int)Math.max(0, Math.min(kernelsLeft, Integer.MAX_VALUE));
    }

    /** What is free of a slot as it is compared, see {@link AgentTable#left}. */
    long left(final int slot)
    {
        final int ofDevices = slots.isShare(slot) ? slots.partner(slot) : Table.NONE;
        if (Table.NONE == ofDevices)
        {
            return free(slot);
        }
        long left = 0;
        for (int device = 0; device < deviceCount[ofDevices]; device++)
        {
            left += devices[ofDevices * DEVICES + device];
        }
        return left;
    }

    /** What is free of a slot: of devices those that are idle, of shares the largest on one device. */
    long free(final int slot)
    {
        if (isCounted(slot))
        {
            return free[slot];
        }
        final int ofDevices = slots.isDevice(slot) ? slot : slots.partner(slot);
        int idle = 0;
        int largest = 0;
        for (int device = 0; device < deviceCount[ofDevices]; device++)
        {
            final int left = devices[ofDevices * DEVICES + device];
            idle += AgentView.WHOLE == left ? 1 : 0;
            largest = Math.max(largest, left);
        }
        return slots.isDevice(slot) ? idle : largest;
    }

    /** Whether there is room for one kernel. */
    boolean fits(final Wanted wanted)
    {
        if (kernelsLeft < 1 ||
            free[SlotTable.CPU] < wanted.need[SlotTable.CPU] || free[SlotTable.MEM] < wanted.need[SlotTable.MEM])
        {
            return false;
        }
        for (int mask = wanted.furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (isCounted(slot) && free[slot] < wanted.need[slot])
            {
                return false;
            }
        }
        return pickDevices(wanted);
    }

    private boolean isCounted(final int slot)
    {
        return !slots.isDevice(slot) && !slots.isShare(slot);
    }

    private boolean pickDevices(final Wanted wanted)
    {
        for (int family = 0; family < wanted.families; family++)
        {
            final int slot = wanted.deviceSlot(family);
            if (Table.NONE == slot)
            {
                return false;
            }
            final int base = slot * DEVICES;
            final int count = deviceCount[slot];
            final long whole = DevicePicker.idle(devices, base, count, wanted.whole(family));
            final long shared =
                DevicePicker.fullest(devices, base, count, whole, wanted.shared(family), wanted.share(family));
            if ((0 == whole && 0 != wanted.whole(family)) || (0 == shared && 0 != wanted.shared(family)))
            {
                return false;
            }
            pickedWhole[family] = whole;
            pickedShared[family] = shared;
        }
        return true;
    }

    int deviceFree(final int slot, final int device)
    {
        return devices[slot * DEVICES + device];
    }

    /** Devices that a kernel would get for a slot, as a mask, since it was found to fit. */
    long picked(final Wanted wanted, final int slot)
    {
        final int family = wanted.familyOf(slot);
        if (Table.NONE == family)
        {
            return 0;
        }
        return slot == wanted.deviceSlot(family) ? pickedWhole[family] : pickedShared[family];
    }

    /** Has it get its only share from another device. */
    void pickShare(final int device)
    {
        pickedShared[0] = 1L << device;
    }

    /** A kernel comes, if there is room for it. */
    boolean tryTake(final Wanted wanted)
    {
        if (!fits(wanted))
        {
            return false;
        }
        take(wanted);
        return true;
    }

    /** A kernel comes that was found to fit. */
    void take(final Wanted wanted)
    {
        free[SlotTable.CPU] -= wanted.need[SlotTable.CPU];
        free[SlotTable.MEM] -= wanted.need[SlotTable.MEM];
        for (int mask = wanted.furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (isCounted(slot))
            {
                free[slot] -= wanted.need[slot];
            }
        }
        for (int family = 0; family < wanted.families; family++)
        {
            add(wanted.deviceSlot(family), pickedWhole[family], -AgentView.WHOLE);
            add(wanted.deviceSlot(family), pickedShared[family], -wanted.share(family));
        }
        kernelsLeft--;
    }

    /** For how many kernels there is room, at most so many; all of it is taken. */
    int takeAll(final Wanted wanted, final int most)
    {
        int taken = 0;
        while (taken < most && tryTake(wanted))
        {
            taken++;
        }
        return taken;
    }
}
