package io.plimsoll.loadtest.report;

import io.plimsoll.core.sbe.SlotKind;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Names of what the core numbers, spelled as in the API. */
final class BookedNames
{
    static final int CPU = 0;
    static final int MEMORY = 1;

    private static final String DEVICE = ".device";
    private static final String SHARES = ".shares";

    private final Map<Integer, String> groups = new TreeMap<>();
    private final Map<Integer, String> owners = new TreeMap<>();
    private final Map<Integer, String> slots = new TreeMap<>(Map.of(CPU, "cpu", MEMORY, "mem"));
    private final Map<Integer, SlotKind> kinds = new TreeMap<>();
    /** By slot of shares, that of the whole devices. */
    private final Map<Integer, Integer> devices = new TreeMap<>();

    void group(final int id, final String name)
    {
        groups.put(id, name);
    }

    void owner(final int id, final String name)
    {
        owners.put(id, name);
    }

    void slot(final int id, final String name, final SlotKind kind)
    {
        slots.put(id, name);
        kinds.put(id, kind);
        slots.forEach(
            (shares, shareName) -> slots.forEach(
                (device, deviceName) ->
                {
                    if (SlotKind.SHARE == kinds.get(shares) && SlotKind.DEVICE == kinds.get(device) &&
                        stem(shareName, SHARES).equals(stem(deviceName, DEVICE)))
                    {
                        devices.put(shares, device);
                    }
                }));
    }

    private static String stem(final String name, final String suffix)
    {
        return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    }

    String group(final int id)
    {
        return groups.getOrDefault(id, Integer.toString(id));
    }

    /** Of an account; of an owner that is none its number. */
    String owner(final int id)
    {
        return owners.getOrDefault(id, 0 == id ? "admin" : Integer.toString(id));
    }

    String slot(final int id)
    {
        return slots.getOrDefault(id, Integer.toString(id));
    }

    Iterable<Integer> slotIds()
    {
        return slots.keySet();
    }

    boolean isDevice(final int slotId)
    {
        return SlotKind.DEVICE == kinds.get(slotId);
    }

    boolean isShare(final int slotId)
    {
        return devices.containsKey(slotId);
    }

    int deviceOf(final int shareSlotId)
    {
        return devices.get(shareSlotId);
    }

    static String kebab(final Enum<?> value)
    {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
