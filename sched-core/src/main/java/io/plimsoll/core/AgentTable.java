package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.policy.DeviceClass;
import io.plimsoll.core.sbe.Liveness;

/**
 * Agents, by an id from 1 that is never used again; row 0 stays empty. Amounts are kept per slot as capacity and free
 * (which is negative where capacity shrank below what is placed). Devices are accounted for one by one.
 */
final class AgentTable extends RowTable
{
    private static final int PACK_SHIFT = 2;
    private static final int SHARE_BITS = 16;
    private static final int SHARE_MASK = (1 << SHARE_BITS) - 1;
    private static final int SHARES_ID = 1024;

    final LongColumn uuidHi = longColumn(1);
    final LongColumn uuidLo = longColumn(2);
    final LongColumn connection = longColumn(3);
    /** Number of the next assignment, from 1. */
    final LongColumn nextAssignment = longColumn(4);
    /** As the last inventory said. */
    final LongColumn highestAssignment = longColumn(5);
    /** Start of the present disconnection, while deadlines of starting kernels stand still. */
    final LongColumn disconnectedNs = longColumn(6);
    final IntColumn group = intColumn(7);
    final IntColumn name = intColumn(8);
    final ByteColumn connected = byteColumn(9);
    final ByteColumn reconciled = byteColumn(10);
    final ByteColumn liveness = byteColumn(11);
    final ByteColumn drained = byteColumn(12);
    final ByteColumn inventoryComplete = byteColumn(13);
    final IntColumn inventoryParts = intColumn(14);
    final IntColumn kernels = intColumn(15);
    /** Most kernels at a time; negative: no limit. */
    final IntColumn kernelsMax = intColumn(80);
    final IntColumn arch = intColumn(81);
    /** First label, plus one: see {@link LabelTable}. */
    final IntColumn labels = intColumn(82);
    /** Starts that failed since the last that did not. */
    final IntColumn failedStarts = intColumn(83);
    final ByteColumn quarantined = byteColumn(84);
    /** Whether there are any of these. Derived. */
    private final ByteColumn failing = byteColumn(0);
    /** Session of the first of these starts. */
    final LongColumn failedSession = longColumn(86);
    /** Whether another session was among them. */
    final ByteColumn failedOthers = byteColumn(87);
    /** When quarantine ends; 0: it does not end by itself. */
    final LongColumn quarantinedUntilNs = longColumn(88);
    /** Session for which room is kept here; 0: none. */
    final LongColumn claimedBy = longColumn(85);
    /** Number of agents on which room is kept. Derived. */
    int claims;

    /* Kernels by what their loss means, those not yet found in the inventory first. */
    final IntColumn waitHead = intColumn(-1);
    final IntColumn waitTail = intColumn(-2);
    final IntColumn restartHead = intColumn(-3);
    final IntColumn restartTail = intColumn(-4);

    /** Some reservation on it plus one: see {@link ReservationTable}. */
    final IntColumn reserved = intColumn(-7);
    /** Names of the rack and the block where it stands, NONE if it told none. Derived. */
    final IntColumn rack = intColumn(-5);
    final IntColumn block = intColumn(-6);
    /** Counts the times that any agent told what it is. Derived. */
    long attaches;

    /**
     * Bit of each slot beyond mem of which there is something free, and higher by the number of slots that there may
     * be, of which there is not exactly nothing free. Derived.
     */
    private final IntColumn further = intColumn(0);
    /** The same as far as an order of agents needs it, see {@link AgentRank#further}. Derived. */
    private final IntColumn furtherRank = intColumn(0);

    /** The first slot of which it has devices, plus one; 0: it has none. Derived. */
    private final IntColumn deviceSlot = intColumn(0);
    /** Free thousandths of all devices of that slot. Derived. */
    private final IntColumn devicesFree = intColumn(0);

    /* Caches: see Schedule. */
    final ByteColumn indexed = byteColumn(0);
    final ByteColumn dirty = byteColumn(0);
    final IntColumn timer = intColumn(0);

    private final LongColumn[] capacity = new LongColumn[SlotTable.SLOTS_MAX];
    private final LongColumn[] free = new LongColumn[SlotTable.SLOTS_MAX];
    /* The two that stand in the rows of agents: found with the check of the row. */
    private final LongColumn freeCpu;
    private final LongColumn freeMem;
    private final LongColumn[] devicesUsed = new LongColumn[SlotTable.SLOTS_MAX];
    /** Used thousandths, four devices to a column; columns are made when an agent has so many devices. */
    private final LongColumn[][] shares =
        new LongColumn[SlotTable.SLOTS_MAX][SlotTable.DEVICES_MAX >> PACK_SHIFT];
    /** See {@link ModelTable}. Derived. */
    private final IntColumn[] model = new IntColumn[SlotTable.SLOTS_MAX];
    /** Kernels by class but the first, see {@link DeviceClass}; columns are made when needed. Derived. */
    private final IntColumn[] running = new IntColumn[DeviceClass.COUNT];
    private final RowIndex byUuid = new RowIndex();
    private final RowIndex byName = new RowIndex();
    private final SlotTable slots;

    AgentTable(final SlotTable slots)
    {
        this.slots = slots;
        for (int slot = 0; slot < slots.count(); slot++)
        {
            onSlotDefined(slot);
        }
        freeCpu = free[SlotTable.CPU];
        freeMem = free[SlotTable.MEM];
        // What placing a kernel and its end read.
        standFirst(
            connection, nextAssignment, free[SlotTable.CPU], free[SlotTable.MEM], group, kernels, kernelsMax, waitHead,
            waitTail, furtherRank, connected, reconciled, liveness, drained, quarantined, failing, indexed, dirty);
        standNext(restartHead, restartTail, claimedBy, deviceSlot, devicesFree);
        allocate();
    }

    void onSlotDefined(final int slot)
    {
        capacity[slot] = longColumn(32 + slot);
        free[slot] = longColumn(48 + slot);
        devicesUsed[slot] = longColumn(64 + slot);
        model[slot] = intColumn(-16 - slot);
    }

    int find(final long hi, final long lo)
    {
        for (int row = byUuid.first(Hashing.chain(hi, lo)); NONE != row; row = byUuid.next())
        {
            if (hi == get(uuidHi, row) && lo == get(uuidLo, row))
            {
                return row;
            }
        }
        return NONE;
    }

    /** Ids follow each other, so that an id says how many came before. */
    void add(final int agentId, final long hi, final long lo)
    {
        final int row = allocate();
        if (agentId != row)
        {
            throw new IllegalStateException("agentId=" + agentId + " expected=" + row);
        }
        set(uuidHi, row, hi);
        set(uuidLo, row, lo);
        set(nextAssignment, row, 1);
        set(group, row, NONE);
        set(name, row, NONE);
        set(waitHead, row, NONE);
        set(waitTail, row, NONE);
        set(restartHead, row, NONE);
        set(restartTail, row, NONE);
        set(timer, row, NONE);
        set(furtherRank, row, AgentRank.further(this, row));
        byUuid.add(Hashing.chain(hi, lo), row);
    }

    void rename(final int agent, final int nameId)
    {
        final int previous = get(name, agent);
        if (nameId != previous)
        {
            if (NONE != previous)
            {
                byName.remove(Hashing.mix(previous), agent);
            }
            set(name, agent, nameId);
            byName.add(Hashing.mix(nameId), agent);
        }
    }

    boolean isKnown(final int agentId)
    {
        return agentId > 0 && agentId < highWater();
    }

    long capacity(final int agent, final int slot)
    {
        return capacity[slot].get(agent);
    }

    /** Says how much of a slot an agent offers; that of shares follows from that of their devices. */
    void capacity(final int agent, final int slot, final long amount)
    {
        if (slots.isDevice(slot))
        {
            capacity[slot].set(agent, amount);
            defineDevices(slot, (int)amount);
            if (NONE != slots.partner(slot))
            {
                capacity[slots.partner(slot)].set(agent, amount * AgentView.WHOLE);
            }
            countDevices(agent, slot);
            noteDevices(agent);
        }
        else if (!slots.isShare(slot))
        {
            final long change = amount - capacity[slot].get(agent);
            capacity[slot].set(agent, amount);
            free(agent, slot, free[slot].get(agent) + change);
        }
    }

    private void noteDevices(final int agent)
    {
        set(deviceSlot, agent, 0);
        for (int slot = slots.count() - 1; slot > SlotTable.MEM; slot--)
        {
            if (slots.isDevice(slot) && capacity[slot].get(agent) > 0)
            {
                set(deviceSlot, agent, slot + 1);
            }
        }
        countFree(agent, firstDeviceSlot(agent));
    }

    private void countFree(final int agent, final int slot)
    {
        int sum = 0;
        for (int device = NONE == slot ? -1 : (int)capacity[slot].get(agent) - 1; device >= 0; device--)
        {
            sum += deviceFree(agent, slot, device);
        }
        set(devicesFree, agent, sum);
    }

    /** The first slot of which an agent has devices, NONE if it has none. */
    int firstDeviceSlot(final int agent)
    {
        return get(deviceSlot, agent) - 1;
    }

    /** Free thousandths of all devices of the first slot of which an agent has any. */
    int devicesFree(final int agent)
    {
        return get(devicesFree, agent);
    }

    private void defineDevices(final int slot, final int devices)
    {
        final int columns = devices + (1 << PACK_SHIFT) - 1 >> PACK_SHIFT;
        for (int column = 0; column < columns; column++)
        {
            if (null == shares[slot][column])
            {
                shares[slot][column] = longColumn(SHARES_ID + slot * SlotTable.DEVICES_MAX + column);
            }
        }
    }

    long free(final int agent, final int slot)
    {
        return SlotTable.CPU == slot ? get(freeCpu, agent) :
            SlotTable.MEM == slot ? get(freeMem, agent) : free[slot].get(agent);
    }

    /** The same as it is compared: of shares, what all devices together have free. */
    long left(final int agent, final int slot)
    {
        final int partner = slots.isShare(slot) ? slots.partner(slot) : NONE;
        if (NONE == partner)
        {
            return free(agent, slot);
        }
        if (partner == firstDeviceSlot(agent))
        {
            return devicesFree(agent);
        }
        long left = 0;
        for (int device = (int)capacity[partner].get(agent) - 1; device >= 0; device--)
        {
            left += deviceFree(agent, partner, device);
        }
        return left;
    }

    LongColumn free(final int slot)
    {
        return free[slot];
    }

    void take(final int agent, final int slot, final long amount)
    {
        free(agent, slot, free(agent, slot) - amount);
    }

    private void free(final int agent, final int slot, final long amount)
    {
        if (SlotTable.CPU == slot)
        {
            set(freeCpu, agent, amount);
        }
        else if (SlotTable.MEM == slot)
        {
            set(freeMem, agent, amount);
        }
        else
        {
            free[slot].set(agent, amount);
            noteFurther(agent, slot, amount);
        }
    }

    private void noteFurther(final int agent, final int slot, final long amount)
    {
        final int some = 1 << slot;
        final int any = some << SlotTable.SLOTS_MAX;
        final int others = get(further, agent) & ~(some | any);
        set(further, agent, others | (amount > 0 ? some : 0) | (0 == amount ? 0 : any));
        set(furtherRank, agent, AgentRank.further(this, agent));
    }

    /** Devices that are not idle, as a mask. */
    long devicesUsed(final int agent, final int slot)
    {
        return devicesUsed[slot].get(agent);
    }

    /** The model of an agent's devices, as a number that is the same for equal names; 0: none. */
    int model(final int agent, final int slot)
    {
        return model[slot].get(agent);
    }

    void model(final int agent, final int slot, final int number)
    {
        model[slot].set(agent, number);
    }

    /** Kernels of a class that an agent has. */
    int running(final int agent, final int deviceClass)
    {
        if (DeviceClass.NONE == deviceClass)
        {
            int others = 0;
            for (int other = DeviceClass.NONE + 1; other < DeviceClass.COUNT; other++)
            {
                others += running(agent, other);
            }
            return get(kernels, agent) - others;
        }
        return null == running[deviceClass] ? 0 : running[deviceClass].get(agent);
    }

    /** To be told of each kernel of an agent that comes or goes. */
    void countRunning(final int agent, final int deviceClass, final int change)
    {
        if (DeviceClass.NONE == deviceClass)
        {
            return;
        }
        if (null == running[deviceClass])
        {
            running[deviceClass] = intColumn(0);
        }
        running[deviceClass].set(agent, running[deviceClass].get(agent) + change);
    }

    /** One more start in a row failed. */
    void addFailedStart(final int agent)
    {
        add(failedStarts, agent, 1);
        set(failing, agent, (byte)1);
    }

    /** The last start did not fail. */
    void clearFailedStarts(final int agent)
    {
        if (0 != get(failing, agent))
        {
            set(failing, agent, (byte)0);
            set(failedStarts, agent, 0);
            set(failedSession, agent, 0);
            set(failedOthers, agent, (byte)0);
        }
    }

    /** Free thousandths of a device. */
    int deviceFree(final int agent, final int slot, final int device)
    {
        return AgentView.WHOLE - deviceUsed(agent, slot, device);
    }

    private int deviceUsed(final int agent, final int slot, final int device)
    {
        return (int)(shares[slot][device >> PACK_SHIFT].get(agent) >>> shift(device)) & SHARE_MASK;
    }

    private static int shift(final int device)
    {
        return (device & (1 << PACK_SHIFT) - 1) * SHARE_BITS;
    }

    /** Takes thousandths of each device of a mask; a negative amount gives them back. */
    void takeDevices(final int agent, final int slot, final long mask, final int thousandths)
    {
        long used = devicesUsed[slot].get(agent);
        for (long rest = mask; 0 != rest; rest &= rest - 1)
        {
            final int device = Long.numberOfTrailingZeros(rest);
            final LongColumn packed = shares[slot][device >> PACK_SHIFT];
            packed.set(agent, packed.get(agent) + ((long)thousandths << shift(device)));
            final long bit = rest & -rest;
            used = 0 == deviceUsed(agent, slot, device) ? used & ~bit : used | bit;
        }
        devicesUsed[slot].set(agent, used);
        countDevices(agent, slot);
        if (slot == firstDeviceSlot(agent))
        {
            countFree(agent, slot);
        }
    }

    /** What is free of devices as a whole is the number that is idle, and of shares the largest on one device. */
    private void countDevices(final int agent, final int slot)
    {
        final int devices = (int)capacity[slot].get(agent);
        final long all = devices >= Long.SIZE ? -1L : (1L << devices) - 1;
        final int idle = Long.bitCount(all & ~devicesUsed[slot].get(agent));
        free(agent, slot, idle);
        final int partner = slots.partner(slot);
        if (NONE != partner)
        {
            int largest = idle > 0 ? AgentView.WHOLE : 0;
            for (int device = 0; device < devices && 0 == idle; device++)
            {
                largest = Math.max(largest, deviceFree(agent, slot, device));
            }
            free(agent, partner, largest);
        }
    }

    /** Session for which room is kept here; 0: none. Mostly there is none anywhere. */
    long claimant(final int agent)
    {
        return 0 == claims ? 0 : get(claimedBy, agent);
    }

    /** Whether new work may be placed here, free slots aside. */
    boolean isEligible(final int agent)
    {
        return (get(kernelsMax, agent) < 0 || get(kernels, agent) < get(kernelsMax, agent)) && mayGetWork(agent);
    }

    /** Whether new work may be placed here once there is room. */
    boolean mayGetWork(final int agent)
    {
        return 0 == get(quarantined, agent) && mayGetWorkSoon(agent);
    }

    /** The same, but for a quarantine. */
    boolean mayGetWorkSoon(final int agent)
    {
        return 0 != get(connected, agent) &&
            0 != get(reconciled, agent) &&
            0 == get(drained, agent) &&
            Liveness.ALIVE.value() == get(liveness, agent);
    }

    /** How many more kernels an agent may have. */
    int kernelsLeft(final int agent)
    {
        final int most = get(kernelsMax, agent);
        return most < 0 ? Integer.MAX_VALUE : most - get(kernels, agent);
    }

    /** Whether anything is free of any slot beyond mem. */
    boolean hasFreeFurther(final int agent)
    {
        return AgentRank.isAnyFree(get(furtherRank, agent));
    }

    /** How many kinds of resources beyond mem are free that a request for some further slots leaves unused. */
    int kindsUnused(final int agent, final int furtherMask)
    {
        return slots.kinds(some(agent) & ~slots.withPartners(furtherMask));
    }

    /** Bit of each slot beyond mem of which something is free. */
    int some(final int agent)
    {
        return get(further, agent) & (1 << SlotTable.SLOTS_MAX) - 1;
    }

    /** What slots beyond mem mean for the order of an agent, see {@link AgentRank#further}. */
    int furtherRank(final int agent)
    {
        return get(furtherRank, agent);
    }

    /** Bit of each slot beyond mem of which there is not exactly nothing free. */
    int notNone(final int agent)
    {
        return get(further, agent) >>> SlotTable.SLOTS_MAX;
    }

    /** An agent with this name, other than the one given, that is connected and not lost; NONE if there is none. */
    int otherWithName(final int nameId, final int agentId)
    {
        for (int agent = byName.first(Hashing.mix(nameId)); NONE != agent; agent = byName.next())
        {
            if (nameId == get(name, agent) &&
                agent != agentId &&
                0 != get(connected, agent) &&
                Liveness.LOST.value() != get(liveness, agent))
            {
                return agent;
            }
        }
        return NONE;
    }

    void rebuildIndex()
    {
        byUuid.clear();
        byName.clear();
        for (int row = 1; row < highWater(); row++)
        {
            byUuid.add(Hashing.chain(get(uuidHi, row), get(uuidLo, row)), row);
            byName.add(Hashing.mix(get(name, row)), row);
            for (int slot = SlotTable.MEM + 1; slot < slots.count(); slot++)
            {
                noteFurther(row, slot, free[slot].get(row));
            }
            set(furtherRank, row, AgentRank.further(this, row));
            noteDevices(row);
            set(failing, row, (byte)(0 == get(failedStarts, row) ? 0 : 1));
        }
    }

    @Override
    void transfer(final StateBlocks blocks, final int part)
    {
        final long[] devices = new long[SlotTable.SLOTS_MAX];
        for (int slot = 0; slot < SlotTable.SLOTS_MAX; slot++)
        {
            for (final LongColumn column : shares[slot])
            {
                devices[slot] += null == column ? 0 : 1 << PACK_SHIFT;
            }
        }
        final long[] defined = blocks.fixed(part, 1, devices);
        for (int slot = 0; slot < SlotTable.SLOTS_MAX; slot++)
        {
            defineDevices(slot, (int)defined[slot]);
        }
        super.transfer(blocks, part);
    }
}
