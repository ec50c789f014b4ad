package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What one kernel needs.
 *
 * @param cpuMillis   millicores.
 * @param memoryBytes bytes; 0: whatever there is.
 * @param slots       further ones by name, each above 0: whole devices as {@code cuda.device}, thousandths of one as
 *                    {@code cuda.shares}, others under names of their own.
 */
public record Need(long cpuMillis, long memoryBytes, List<SlotAmount> slots)
{
    /** Of a slot that is asked for in whole devices. */
    public static final String DEVICE = ".device";
    /** Of a slot that is asked for in thousandths of one device. */
    public static final String SHARES = ".shares";
    /** Thousandths of a whole device. */
    public static final long WHOLE = 1000;
    private static final String GPU = "cuda";

    /** Slots are kept in order of their names, so that equal needs are equal. */
    public Need
    {
        final List<SlotAmount> sorted = new ArrayList<>(slots);
        sorted.removeIf(slot -> slot.amount() <= 0);
        sorted.sort(Comparator.comparing(SlotAmount::name));
        slots = List.copyOf(sorted);
    }

    /** Processors alone. */
    public static Need cpu(final long cpuMillis, final long memoryBytes)
    {
        return new Need(cpuMillis, memoryBytes, List.of());
    }

    /** The slot of GPUs: whole ones, or a part of one. */
    public static List<SlotAmount> gpu(final long milli)
    {
        return 0 == milli ? List.of() : List.of(
            0 == milli % WHOLE ? new SlotAmount(GPU + DEVICE, milli / WHOLE) : new SlotAmount(GPU + SHARES, milli));
    }

    /** Of a further slot; 0 if it is not asked for. */
    public long slot(final String name)
    {
        for (final SlotAmount slot : slots)
        {
            if (slot.name().equals(name))
            {
                return slot.amount();
            }
        }
        return 0;
    }

    /** Thousandths of GPUs, whole ones included. */
    public long gpuMilli()
    {
        return slot(GPU + DEVICE) * WHOLE + slot(GPU + SHARES);
    }
}
