package io.plimsoll.agent.allocation;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Where a kernel runs on its host.
 *
 * @param cpus        it is bound to; empty: none were asked for.
 * @param memoryNodes nearest to it, or that its memory is counted on.
 * @param devices     ids of physical devices by slot and device number. Of a slot that has physical devices here,
 *                    numbers that stand for none are missing; slots that have none here are.
 */
public record Seat(BitSet cpus, BitSet memoryNodes, Map<String, SortedMap<Integer, String>> devices)
{
    /** Nowhere in particular. */
    public static final Seat NONE = new Seat(new BitSet(), new BitSet(), Map.of());

    /** Of all slots; a device of which two slots have shares comes once. */
    public List<String> deviceIds()
    {
        return devices.values().stream().flatMap(ofSlot -> ofSlot.values().stream()).distinct().toList();
    }
}
