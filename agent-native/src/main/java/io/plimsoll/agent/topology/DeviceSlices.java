package io.plimsoll.agent.topology;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A GPU that is cut into slices (MIG) can be had in slices only: a driver refuses programs the whole of it then. So a
 * host has either the one or the others as devices. Stateless.
 */
public final class DeviceSlices
{
    private DeviceSlices()
    {
    }

    /**
     * Looks for a slice of what is there as a device itself.
     *
     * @param devices all of a host.
     * @return the first such slice; null: there is none.
     */
    public static HostDevice besideItsWhole(final List<HostDevice> devices)
    {
        final Map<String, HostDevice> byId = byId(devices);
        return devices.stream()
            .filter(device -> !device.details().parent().isEmpty() && byId.containsKey(device.details().parent()))
            .findFirst()
            .orElse(null);
    }

    /**
     * Why a slice cannot be offered.
     *
     * @param slice   that {@link #besideItsWhole} found.
     * @param devices all of the host.
     * @return a sentence that names both, and what would be right.
     */
    public static String conflict(final HostDevice slice, final List<HostDevice> devices)
    {
        final HostDevice whole = byId(devices).get(slice.details().parent());
        return whole.id() + " is offered whole (" + whole.slot() + ") beside its slice " + slice.id() + " (" +
            slice.slot() + "): a device that is cut into slices cannot be had whole; leave out " + whole.id() +
            ", or all of its slices";
    }

    private static Map<String, HostDevice> byId(final List<HostDevice> devices)
    {
        final Map<String, HostDevice> byId = new HashMap<>();
        devices.forEach(device -> byId.put(device.id(), device));
        return byId;
    }
}
