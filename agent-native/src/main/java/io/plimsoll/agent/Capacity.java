package io.plimsoll.agent;

/**
 * What an agent offers of a slot.
 *
 * @param name   of the slot.
 * @param device whether it counts whole devices.
 * @param amount cpu in millicores, mem in bytes.
 */
public record Capacity(String name, boolean device, long amount)
{
    /** Slot of cores. */
    public static final String CPU = "cpu";
    /** Slot of memory. */
    public static final String MEM = "mem";
    private static final String DEVICE_SUFFIX = ".device";

    /** Whether slots of that name count whole devices. */
    public static boolean isDevice(final String name)
    {
        return name.endsWith(DEVICE_SUFFIX);
    }
}
