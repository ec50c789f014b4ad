package io.plimsoll.agent.topology;

/**
 * A direct link between two devices, such as NVLink.
 *
 * @param from  id of a device.
 * @param to    id of another.
 * @param count of lanes, at least one.
 */
public record DeviceLink(String from, String to, int count)
{
}
