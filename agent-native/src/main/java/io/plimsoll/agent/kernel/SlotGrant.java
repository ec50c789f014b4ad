package io.plimsoll.agent.kernel;

/**
 * What an assignment grants of a slot other than {@code cpu} and {@code mem}.
 *
 * @param name    of the slot.
 * @param device  whether it counts whole devices.
 * @param amount  granted.
 * @param devices bit mask of device numbers; 0 unless device.
 */
public record SlotGrant(String name, boolean device, long amount, long devices)
{
}
