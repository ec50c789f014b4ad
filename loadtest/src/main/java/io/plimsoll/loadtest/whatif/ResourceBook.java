package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.SlotKind;
import java.util.ArrayList;
import java.util.List;

/**
 * The slots of a cluster, and what is measured of them: cpu, mem, devices by their family, and others. Devices and
 * shares of devices are one resource, in thousandths of a device.
 */
final class ResourceBook
{
    /** Index of cpu, in millicores, as a slot and as a resource. */
    static final int CPU = 0;
    /** Index of mem, in bytes, as a slot and as a resource. */
    static final int MEM = 1;
    /** A whole device. */
    static final int WHOLE = 1000;
    private static final String DEVICE = ".device";
    private static final String SHARES = ".shares";

    private final List<Slot> slots = new ArrayList<>();
    private final List<String> names = new ArrayList<>(List.of("cpu", "mem"));
    private final List<Boolean> devices = new ArrayList<>(List.of(false, false));

    ResourceBook()
    {
        slots.add(new Slot("cpu", SlotKind.COUNT, CPU, 1));
        slots.add(new Slot("mem", SlotKind.COUNT, MEM, 1));
    }

    void define(final int slotId, final String name, final SlotKind kind)
    {
        while (slots.size() <= slotId)
        {
            slots.add(null);
        }
        final boolean share = SlotKind.SHARE == kind;
        final boolean device = share || SlotKind.DEVICE == kind;
        final String resource = share && name.endsWith(SHARES) ?
            name.substring(0, name.length() - SHARES.length()) + DEVICE :
            name;
        int index = names.indexOf(resource);
        if (index < 0)
        {
            index = names.size();
            names.add(resource);
            devices.add(device);
        }
        slots.set(slotId, new Slot(name, kind, index, SlotKind.DEVICE == kind ? WHOLE : 1));
    }

    /** How many resources there are. */
    int count()
    {
        return names.size();
    }

    String name(final int resource)
    {
        return names.get(resource);
    }

    boolean isDevice(final int resource)
    {
        return devices.get(resource);
    }

    Slot slot(final int slotId)
    {
        return slots.get(slotId);
    }

    /** Names of slots as requests use them. */
    List<String> slotNames()
    {
        return slots.stream().filter(slot -> null != slot).map(Slot::name).toList();
    }

    /**
     * A slot.
     *
     * @param name     of it.
     * @param kind     of it.
     * @param resource index of what it is measured as.
     * @param unit     of the resource that one of it is worth.
     */
    record Slot(String name, SlotKind kind, int resource, long unit)
    {
    }
}
