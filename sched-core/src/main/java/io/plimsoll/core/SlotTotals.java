package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;
import java.util.Arrays;

/**
 * Amounts of all slots as if everything stood in one pool: what a group has, or what is left of it. Devices count in
 * thousandths, whole ones and shares of them together.
 */
final class SlotTotals
{
    private final AgentTable agents;
    private final ShapeTable shapes;
    private final SlotTable slots;
    private final long[] amounts = new long[SlotTable.SLOTS_MAX];

    SlotTotals(final CoreState state)
    {
        agents = state.agents;
        shapes = state.shapes;
        slots = state.slots;
    }

    void clear()
    {
        Arrays.fill(amounts, 0);
    }

    void copy(final SlotTotals other)
    {
        System.arraycopy(other.amounts, 0, amounts, 0, amounts.length);
    }

    void addAgent(final int agent)
    {
        for (int slot = 0; slot < slots.count(); slot++)
        {
            amounts[slot] += agents.capacity(agent, slot) * unit(slot);
        }
    }

    private long unit(final int slot)
    {
        return slots.isDevice(slot) ? AgentView.WHOLE : 1;
    }

    /** Shares are of the devices beside them, if the agents offer any. */
    private int pool(final int slot)
    {
        final int partner = slots.isShare(slot) ? slots.partner(slot) : Table.NONE;
        return Table.NONE == partner ? slot : partner;
    }

    void take(final SlotTotals other)
    {
        for (int slot = 0; slot < amounts.length; slot++)
        {
            amounts[slot] -= other.amounts[slot];
        }
    }

    /** What all kernels of a session hold. */
    void take(final int shape)
    {
        add(shape, -1);
    }

    void give(final int shape)
    {
        add(shape, 1);
    }

    private void add(final int shape, final long sign)
    {
        amounts[SlotTable.CPU] += sign * shapes.total(shape, SlotTable.CPU);
        amounts[SlotTable.MEM] += sign * shapes.total(shape, SlotTable.MEM);
        for (int mask = shapes.furtherOfAll(shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            amounts[pool(slot)] += sign * shapes.total(shape, slot) * unit(slot);
        }
    }

    /** Whether this is enough for all kernels of a session; what it does not ask for may be short. */
    boolean covers(final int shape)
    {
        if (amounts[SlotTable.CPU] < shapes.total(shape, SlotTable.CPU) ||
            !coversSlot(SlotTable.MEM, shapes.total(shape, SlotTable.MEM)))
        {
            return false;
        }
        for (int mask = shapes.furtherOfAll(shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (!coversSlot(pool(slot), shapes.total(shape, slot) * unit(slot)))
            {
                return false;
            }
        }
        return true;
    }

    private boolean coversSlot(final int slot, final long asked)
    {
        return 0 == asked || asked <= amounts[slot];
    }
}
