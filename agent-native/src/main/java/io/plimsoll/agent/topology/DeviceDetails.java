package io.plimsoll.agent.topology;

/**
 * What is told of a device beyond what choosing one needs.
 *
 * @param memoryBytes of its own; 0: not known or none.
 * @param uuid        by which its driver and container runtimes know it; empty: none.
 * @param parent      id of the GPU that it is a slice of; empty: a whole one.
 */
public record DeviceDetails(long memoryBytes, String uuid, String parent)
{
    /** Nothing. */
    public static final DeviceDetails NONE = new DeviceDetails(0, "", "");
}
