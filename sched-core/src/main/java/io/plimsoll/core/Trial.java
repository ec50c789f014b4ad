package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.policy.RequestMix;
import io.plimsoll.core.policy.SelectionPolicy;
import java.util.Arrays;

/**
 * Agents as they would be after the kernels of one session that have found a place so far: scratch space over the agent
 * table, which stays as it is. All kernels of a session ask for the same, see {@link Wanted}.
 */
final class Trial implements KernelCounts, FreeMem
{
    private static final int DEVICES = SlotTable.DEVICES_MAX;

    private final AgentTable agents;
    private final Wanted wanted;
    private final AgentFlyweight view;
    private PlacementGuard guard;
    private boolean isGuarded;
    private SelectionPolicy policy;
    private RequestMix mix;
    /** Entry of an agent plus one; 0: nothing was taken from it. */
    private int[] entryOf = new int[64];
    private int[] entryAgent = new int[64];
    private int[] times = new int[64];
    /** Free thousandths by entry, family and device. */
    private int[] devices = new int[64 * DEVICES];
    private int entries;
    private int taken;
    private final int[] present = new int[DEVICES];
    /* Devices that were picked last, by family. */
    private final long[] pickedWhole = new long[SlotTable.SLOTS_MAX];
    private final long[] pickedShared = new long[SlotTable.SLOTS_MAX];

    Trial(final AgentTable agents, final Wanted wanted)
    {
        this.agents = agents;
        this.wanted = wanted;
        view = new AgentFlyweight(agents, wanted, this);
    }

    /** Starts with nothing taken; a policy, which may be null, says which device a share is taken from. */
    void begin(final SelectionPolicy selectionPolicy, final RequestMix requestMix)
    {
        clear();
        guard = null;
        isGuarded = false;
        policy = selectionPolicy;
        mix = requestMix;
    }

    /** Has somebody else's room on agents kept; null: nobody's. To be called after the start. */
    void guard(final PlacementGuard placementGuard)
    {
        guard = placementGuard;
    }

    /** Whether a guard kept room that was asked for. */
    boolean isGuarded()
    {
        return isGuarded;
    }

    /** How many kernels of the session an agent may be given, room aside. */
    int kernelsLeft(final int agent)
    {
        final int left = agents.kernelsLeft(agent);
        if (null == guard)
        {
            return left;
        }
        final int most = Math.min(left, wanted.kernels);
        final int allowed = guard.kernelsMax(agent, most);
        isGuarded |= allowed < most;
        return allowed;
    }

    private void clear()
    {
        for (int entry = 0; entry < entries; entry++)
        {
            entryOf[entryAgent[entry]] = 0;
        }
        entries = 0;
        taken = 0;
    }

    AgentFlyweight view(final int agent)
    {
        return view.on(agent);
    }

    private int entry(final int agent)
    {
        return 0 != entries && agent < entryOf.length ? entryOf[agent] - 1 : Table.NONE;
    }

    @Override
    public int times(final int agent)
    {
        final int entry = entry(agent);
        return Table.NONE == entry ? 0 : times[entry];
    }

    @Override
    public int taken()
    {
        return taken;
    }

    /** Whether an agent has room for all kernels of the session, of which none has a place yet. */
    boolean fitsAll(final int agent)
    {
        return placesTried(agent) == wanted.kernels;
    }

    /** Kernels of a class of {@link io.plimsoll.core.policy.DeviceClass} that an agent has been given. */
    int running(final int agent, final int deviceClass)
    {
        return deviceClass == wanted.deviceClass ? times(agent) : 0;
    }

    @Override
    public long freeMem(final int agent)
    {
        return free(agent, SlotTable.MEM);
    }

    long free(final int agent, final int slot)
    {
        final int entry = entry(agent);
        if (Table.NONE == entry)
        {
            return agents.free(agent, slot);
        }
        final int family = wanted.familyOf(slot);
        if (Table.NONE == family)
        {
            return agents.free(agent, slot) - times[entry] * wanted.need[slot];
        }
        return free(agent, base(entry, family), slot == wanted.deviceSlot(family), wanted.deviceSlot(family));
    }

    /** The same as it is compared, see {@link AgentTable#left}. */
    long left(final int agent, final int slot)
    {
        final int family = wanted.familyOf(slot);
        if (Table.NONE == family || Table.NONE == entry(agent))
        {
            return agents.left(agent, slot) - times(agent) * wanted.need[slot];
        }
        return slot == wanted.deviceSlot(family) ? free(agent, slot) : devicesFree(agent, wanted.deviceSlot(family));
    }

    private long free(final int agent, final int base, final boolean whole, final int slot)
    {
        int idle = 0;
        int largest = 0;
        for (int device = (int)agents.capacity(agent, slot) - 1; device >= 0; device--)
        {
            final int free = devices[base + device];
            idle += AgentView.WHOLE == free ? 1 : 0;
            largest = Math.max(largest, free);
        }
        return whole ? idle : largest;
    }

    private int base(final int entry, final int family)
    {
        return (entry * wanted.families + family) * DEVICES;
    }

    /** Free thousandths of all devices of a slot. */
    int devicesFree(final int agent, final int slot)
    {
        if (Table.NONE == entry(agent) && slot == agents.firstDeviceSlot(agent))
        {
            return agents.devicesFree(agent);
        }
        int sum = 0;
        for (int device = (int)agents.capacity(agent, slot) - 1; device >= 0; device--)
        {
            sum += deviceFree(agent, slot, device);
        }
        return sum;
    }

    int deviceFree(final int agent, final int slot, final int device)
    {
        final int entry = entry(agent);
        final int family = wanted.familyOf(slot);
        return Table.NONE == entry || Table.NONE == family ?
            agents.deviceFree(agent, slot, device) :
            devices[base(entry, family) + device];
    }

    /** Whether an agent has room for one more kernel. */
    boolean fits(final int agent)
    {
        return fits(agent, false);
    }

    /** The same, whatever mem it has if any will do. */
    boolean fits(final int agent, final boolean anyMem)
    {
        if (free(agent, SlotTable.CPU) < wanted.need[SlotTable.CPU] ||
            !anyMem && free(agent, SlotTable.MEM) < wanted.need[SlotTable.MEM] ||
            times(agent) >= kernelsLeft(agent))
        {
            return false;
        }
        for (int mask = wanted.furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (free(agent, slot) < wanted.need[slot])
            {
                return false;
            }
        }
        return !wanted.needsDevicesTried || hasDevices(agent);
    }

    /** The same of an agent from which nothing was taken yet, without a guard. */
    boolean fitsUntouched(final int agent, final boolean anyMem)
    {
        if (agents.free(agent, SlotTable.CPU) < wanted.need[SlotTable.CPU] ||
            !anyMem && agents.free(agent, SlotTable.MEM) < wanted.need[SlotTable.MEM] ||
            agents.kernelsLeft(agent) <= 0)
        {
            return false;
        }
        for (int mask = wanted.furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (agents.free(agent, slot) < wanted.need[slot])
            {
                return false;
            }
        }
        return !wanted.needsDevicesTried || hasDevices(agent);
    }

    /** How many kernels of the session an agent from which nothing was taken has room for, or at least so many. */
    int places(final int agent)
    {
        return wanted.needsDevicesTried ? placesTried(agent) : placesByAmounts(agent);
    }

    private int placesByAmounts(final int agent)
    {
        long places = agents.free(agent, SlotTable.CPU) / wanted.need[SlotTable.CPU];
        final long freeMem = agents.free(agent, SlotTable.MEM);
        if (wanted.need[SlotTable.MEM] > 0)
        {
            places = Math.min(places, freeMem / wanted.need[SlotTable.MEM]);
        }
        for (int mask = wanted.furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            final int family = wanted.familyOf(slot);
            final boolean share = Table.NONE != family && slot != wanted.deviceSlot(family);
            places = Math.min(places, share ? shares(agent, family) : agents.free(agent, slot) / wanted.need[slot]);
        }
        return freeMem < 0 ? 0 : (int)Math.max(0, Math.min(Math.min(places, wanted.kernels), kernelsLeft(agent)));
    }

    /** How many kernels find a share if each takes one of a single device: whichever they take, it is so many. */
    private long shares(final int agent, final int family)
    {
        final int slot = wanted.deviceSlot(family);
        long shares = 0;
        for (int device = (int)agents.capacity(agent, slot) - 1; device >= 0; device--)
        {
            shares += agents.deviceFree(agent, slot, device) / wanted.share(family);
        }
        return shares;
    }

    private int placesTried(final int agent)
    {
        int places = 0;
        while (places < wanted.kernels && fits(agent))
        {
            take(agent);
            places++;
        }
        clear();
        return places;
    }

    /** Whether the devices of an agent do, which amounts alone may not say. */
    boolean hasDevices(final int agent)
    {
        for (int family = 0; family < wanted.families; family++)
        {
            if (!pick(agent, family))
            {
                return false;
            }
        }
        return true;
    }

    /** Gives one more kernel to an agent, which has room for it. */
    void take(final int agent)
    {
        pickDevices(agent);
        int entry = entry(agent);
        if (Table.NONE == entry)
        {
            entry = add(agent);
        }
        for (int family = 0; family < wanted.families; family++)
        {
            subtract(base(entry, family), pickedWhole[family], AgentView.WHOLE);
            subtract(base(entry, family), pickedShared[family], wanted.share(family));
        }
        times[entry]++;
        taken++;
    }

    private int add(final int agent)
    {
        if (agent >= entryOf.length)
        {
            entryOf = Arrays.copyOf(entryOf, Math.max(agent + 1, entryOf.length * 2));
        }
        if (entries == entryAgent.length)
        {
            entryAgent = Arrays.copyOf(entryAgent, entries * 2);
            times = Arrays.copyOf(times, entries * 2);
        }
        final int entry = entries++;
        entryAgent[entry] = agent;
        entryOf[agent] = entry + 1;
        times[entry] = 0;
        final int end = base(entries, 0);
        if (end > devices.length)
        {
            devices = Arrays.copyOf(devices, Math.max(end, devices.length * 2));
        }
        for (int family = 0; family < wanted.families; family++)
        {
            load(agent, wanted.deviceSlot(family), devices, base(entry, family));
        }
        return entry;
    }

    private void load(final int agent, final int slot, final int[] target, final int base)
    {
        for (int device = (int)agents.capacity(agent, slot) - 1; device >= 0; device--)
        {
            target[base + device] = agents.deviceFree(agent, slot, device);
        }
    }

    private void subtract(final int base, final long mask, final int thousandths)
    {
        for (long rest = mask; 0 != rest; rest &= rest - 1)
        {
            devices[base + Long.numberOfTrailingZeros(rest)] -= thousandths;
        }
    }

    /** Picks the devices of one more kernel on an agent, which has room for it. */
    void pickDevices(final int agent)
    {
        for (int family = 0; family < wanted.families; family++)
        {
            if (!pick(agent, family))
            {
                throw new IllegalStateException(
                    "no devices: agentId=" + agent + " slot=" + wanted.deviceSlot(family));
            }
        }
        if (null != policy && wanted.isOneShare())
        {
            pickedShared[0] = 1L << chooseDevice(agent);
        }
    }

    private int chooseDevice(final int agent)
    {
        final int device = policy.chooseDevice(view.on(agent), wanted, mix);
        final int slot = wanted.deviceSlot(0);
        if (device < 0 || device >= agents.capacity(agent, slot) ||
            deviceFree(agent, slot, device) < wanted.share(0))
        {
            throw new IllegalStateException(
                "selection=" + policy.name() + " chose device=" + device + " of agentId=" + agent);
        }
        return device;
    }

    private boolean pick(final int agent, final int family)
    {
        final int slot = wanted.deviceSlot(family);
        final int entry = entry(agent);
        int[] free = devices;
        int base = 0;
        if (Table.NONE == entry)
        {
            free = present;
            load(agent, slot, present, 0);
        }
        else
        {
            base = base(entry, family);
        }
        final int count = (int)agents.capacity(agent, slot);
        final long whole = wanted.whole(family);
        final long shared = wanted.shared(family);
        final long idle = DevicePicker.idle(free, base, count, whole);
        final long shares = DevicePicker.fullest(free, base, count, idle, shared, wanted.share(family));
        pickedWhole[family] = idle;
        pickedShared[family] = shares;
        return (0 != idle || 0 == whole) && (0 != shares || 0 == shared);
    }

    /** Devices that were picked last for a slot, as a mask; 0 for slots that are no devices. */
    long picked(final int slot)
    {
        final int family = wanted.familyOf(slot);
        if (Table.NONE == family)
        {
            return 0;
        }
        return slot == wanted.deviceSlot(family) ? pickedWhole[family] : pickedShared[family];
    }
}
