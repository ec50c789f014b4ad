package io.plimsoll.agent.device;

import java.util.Map;

/**
 * What a kernel gets with a device. What several devices say of one variable is joined by commas, in the order of the
 * devices.
 *
 * @param variables of its environment.
 */
public record DeviceAccess(Map<String, String> variables)
{
    /** Nothing: the device is there for all to see. */
    public static final DeviceAccess NONE = new DeviceAccess(Map.of());
}
