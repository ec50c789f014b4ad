package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.policy.DeviceClass;
import io.plimsoll.core.policy.RequestView;

/** What each kernel of a shape asks for, taken apart for a try to place it: a flyweight of the deciding thread. */
final class Wanted implements RequestView
{
    private static final int FAMILIES_MAX = SlotTable.SLOTS_MAX / 2;

    private final ShapeTable shapes;
    private final SlotTable slots;
    private int shape;
    /** What an agent must have free, at least: see {@link ShapeTable#need}. */
    final long[] need = new long[SlotTable.SLOTS_MAX];
    int furtherMask;
    int kernels;
    /** See {@link io.plimsoll.core.policy.DeviceClass}. */
    int deviceClass;
    /** Number of families of devices that are asked for. */
    int families;
    /** Whether amounts alone do not say how many kernels an agent has room for. */
    boolean sharesDevices;
    /** Whether amounts alone do not even say that it has room for one. */
    boolean needsDevicesTried;
    private final int[] deviceSlot = new int[FAMILIES_MAX];
    private final long[] whole = new long[FAMILIES_MAX];
    private final long[] shared = new long[FAMILIES_MAX];
    private final int[] share = new int[FAMILIES_MAX];
    private final int[] familyOf = new int[SlotTable.SLOTS_MAX];

    private final ConstraintTable constraints;
    private final ModelTable models;
    private int modelSet;

    Wanted(final CoreState state)
    {
        shapes = state.shapes;
        slots = state.slots;
        constraints = state.constraints;
        models = state.models;
    }

    /** What a part of a session that is not known yet asks for; there are no amounts for policies then. */
    void load(final Request request)
    {
        shape = Table.NONE;
        kernels = request.kernels;
        furtherMask = request.furtherMask;
        deviceClass = DeviceClass.NONE;
        reset(request.amounts[SlotTable.CPU], request.amounts[SlotTable.MEM]);
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            loadFurther(slot, request.amounts[slot]);
        }
    }

    void load(final int shapeRow)
    {
        shape = shapeRow;
        furtherMask = shapes.get(shapes.furtherMask, shape);
        kernels = shapes.get(shapes.kernels, shape);
        reset(shapes.amount(shape, SlotTable.CPU), shapes.amount(shape, SlotTable.MEM));
        modelSet = constraints.modelSet(shapes.get(shapes.constraint, shape));
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            loadFurther(slot, shapes.amount(shape, slot));
        }
        deviceClass = shapes.get(shapes.deviceClass, shape);
    }

    private void reset(final long cpuMillis, final long memoryBytes)
    {
        need[SlotTable.CPU] = cpuMillis;
        need[SlotTable.MEM] = memoryBytes;
        for (int slot = SlotTable.MEM + 1; slot < slots.count(); slot++)
        {
            need[slot] = 0;
            familyOf[slot] = Table.NONE;
        }
        families = 0;
        sharesDevices = false;
        needsDevicesTried = false;
    }

    private void loadFurther(final int slot, final long amount)
    {
        need[slot] = slots.isShare(slot) ? Shares.ofEach(amount) : amount;
        if (slots.isDevice(slot))
        {
            final int family = family(slot, slots.partner(slot));
            deviceSlot[family] = slot;
            whole[family] = amount;
            needsDevicesTried |= shared[family] > 0;
        }
        else if (slots.isShare(slot))
        {
            final int family = family(slot, slots.partner(slot));
            deviceSlot[family] = slots.partner(slot);
            shared[family] = Shares.devices(amount);
            share[family] = (int)Shares.ofEach(amount);
            sharesDevices = true;
            needsDevicesTried |= shared[family] > 1 || whole[family] > 0;
        }
    }

    private int family(final int slot, final int partner)
    {
        int family = familyOf[slot];
        if (Table.NONE == family)
        {
            family = families++;
            whole[family] = 0;
            shared[family] = 0;
            share[family] = 0;
            familyOf[slot] = family;
            if (Table.NONE != partner)
            {
                familyOf[partner] = family;
            }
        }
        return family;
    }

    /** Number of the family that a slot belongs to, NONE if it is none that is asked for. */
    int familyOf(final int slot)
    {
        return slot <= SlotTable.MEM ? Table.NONE : familyOf[slot];
    }

    /** Whether it is a part of one device that is asked for: which one is up to the policy. */
    boolean isOneShare()
    {
        return families > 0 && 0 == whole[0] && 1 == shared[0] && share[0] < AgentView.WHOLE;
    }

    /** Slot of the devices of a family, as a whole. */
    int deviceSlot(final int family)
    {
        return deviceSlot[family];
    }

    /** Whole devices of a family. */
    long whole(final int family)
    {
        return whole[family];
    }

    /** Devices of a family of which a share is asked for. */
    long shared(final int family)
    {
        return shared[family];
    }

    /** Thousandths of each of these. */
    int share(final int family)
    {
        return share[family];
    }

    @Override
    public long amount(final int slot)
    {
        return shapes.amount(shape, slot);
    }

    @Override
    public int deviceCount()
    {
        return 0 == families ? 0 : (int)(whole[0] > 0 ? whole[0] : shared[0]);
    }

    @Override
    public int deviceShare()
    {
        if (0 == families)
        {
            return 0;
        }
        return whole[0] > 0 ? AgentView.WHOLE : share[0];
    }

    @Override
    public boolean allowsModel(final int model)
    {
        return models.allows(modelSet, model);
    }
}
