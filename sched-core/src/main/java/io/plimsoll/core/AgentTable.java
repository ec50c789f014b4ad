package io.plimsoll.core;

import io.plimsoll.core.sbe.Liveness;

/**
 * Agents, by an id from 1 that is never used again; row 0 stays empty. Amounts are kept per slot as capacity and free
 * (which is negative where capacity shrank below what is placed).
 */
final class AgentTable extends Table
{
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
    /** Session for which room is kept here; 0: none. */
    final LongColumn claimedBy = longColumn(85);

    /* Kernels by what their loss means, those not yet found in the inventory first. */
    final IntColumn waitHead = intColumn(0);
    final IntColumn waitTail = intColumn(0);
    final IntColumn restartHead = intColumn(0);
    final IntColumn restartTail = intColumn(0);

    /* Caches: see Schedule. */
    final ByteColumn indexed = byteColumn(0);
    final ByteColumn dirty = byteColumn(0);

    private final LongColumn[] capacity = new LongColumn[SlotTable.SLOTS_MAX];
    private final LongColumn[] free = new LongColumn[SlotTable.SLOTS_MAX];
    private final LongColumn[] devicesUsed = new LongColumn[SlotTable.SLOTS_MAX];
    private final RowIndex byUuid = new RowIndex();
    private final RowIndex byName = new RowIndex();
    private final SlotTable slots;

    AgentTable(final SlotTable slots)
    {
        this.slots = slots;
        allocate();
        for (int slot = 0; slot < slots.count(); slot++)
        {
            onSlotDefined(slot);
        }
    }

    void onSlotDefined(final int slot)
    {
        capacity[slot] = longColumn(32 + slot);
        free[slot] = longColumn(48 + slot);
        devicesUsed[slot] = longColumn(64 + slot);
    }

    int find(final long hi, final long lo)
    {
        for (int row = byUuid.first(Hashing.chain(hi, lo)); NONE != row; row = byUuid.next())
        {
            if (hi == uuidHi.get(row) && lo == uuidLo.get(row))
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
        uuidHi.set(row, hi);
        uuidLo.set(row, lo);
        nextAssignment.set(row, 1);
        group.set(row, NONE);
        name.set(row, NONE);
        waitHead.set(row, NONE);
        waitTail.set(row, NONE);
        restartHead.set(row, NONE);
        restartTail.set(row, NONE);
        byUuid.add(Hashing.chain(hi, lo), row);
    }

    void rename(final int agent, final int nameId)
    {
        final int previous = name.get(agent);
        if (nameId != previous)
        {
            if (NONE != previous)
            {
                byName.remove(Hashing.mix(previous), agent);
            }
            name.set(agent, nameId);
            byName.add(Hashing.mix(nameId), agent);
        }
    }

    boolean isKnown(final int agentId)
    {
        return agentId > 0 && isLive(agentId);
    }

    long capacity(final int agent, final int slot)
    {
        return capacity[slot].get(agent);
    }

    void capacity(final int agent, final int slot, final long amount)
    {
        final long change = amount - capacity[slot].get(agent);
        capacity[slot].set(agent, amount);
        free[slot].set(agent, free[slot].get(agent) + change);
    }

    long free(final int agent, final int slot)
    {
        return free[slot].get(agent);
    }

    LongColumn free(final int slot)
    {
        return free[slot];
    }

    void take(final int agent, final int slot, final long amount)
    {
        free[slot].set(agent, free[slot].get(agent) - amount);
    }

    long devicesUsed(final int agent, final int slot)
    {
        return devicesUsed[slot].get(agent);
    }

    void devicesUsed(final int agent, final int slot, final long mask)
    {
        devicesUsed[slot].set(agent, mask);
    }

    /** The lowest idle device numbers, as a mask. */
    long chooseDevices(final int agent, final int slot, final long amount)
    {
        final long devices = capacity[slot].get(agent);
        final long all = devices >= Long.SIZE ? -1L : (1L << devices) - 1;
        long idle = all & ~devicesUsed[slot].get(agent);
        long chosen = 0;
        for (long left = amount; left > 0; left--)
        {
            if (0 == idle)
            {
                throw new IllegalStateException("no idle device: agentId=" + agent + " slot=" + slot);
            }
            final long lowest = idle & -idle;
            chosen |= lowest;
            idle ^= lowest;
        }
        return chosen;
    }

    /** Whether new work may be placed here, capacity aside. */
    boolean isEligible(final int agent)
    {
        return 0 != connected.get(agent) &&
            0 != reconciled.get(agent) &&
            0 == drained.get(agent) &&
            0 == quarantined.get(agent) &&
            Liveness.ALIVE.value() == liveness.get(agent);
    }

    boolean hasFreeFurther(final int agent)
    {
        for (int slot = SlotTable.MEM + 1; slot < slots.count(); slot++)
        {
            if (free[slot].get(agent) > 0)
            {
                return true;
            }
        }
        return false;
    }

    /** An agent with this name, other than the one given, that is connected and not lost; NONE if there is none. */
    int otherWithName(final int nameId, final int agentId)
    {
        for (int agent = byName.first(Hashing.mix(nameId)); NONE != agent; agent = byName.next())
        {
            if (nameId == name.get(agent) &&
                agent != agentId &&
                0 != connected.get(agent) &&
                Liveness.LOST.value() != liveness.get(agent))
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
            byUuid.add(Hashing.chain(uuidHi.get(row), uuidLo.get(row)), row);
            byName.add(Hashing.mix(name.get(row)), row);
        }
    }
}
