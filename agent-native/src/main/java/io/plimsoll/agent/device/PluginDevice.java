package io.plimsoll.agent.device;

import io.plimsoll.agent.gpu.GpuSample;
import io.plimsoll.agent.topology.HostDevice;

/**
 * A device as its plugin finds it now.
 *
 * @param device  what it is; id and slot never change while the agent runs.
 * @param failure why nobody should be given it, for people; empty: it works.
 * @param load    how it does; null: not known.
 * @param access  what a kernel that has it gets.
 */
public record PluginDevice(HostDevice device, String failure, GpuSample load, DeviceAccess access)
{
}
