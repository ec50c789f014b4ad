package io.plimsoll.manager.usage;

import java.util.List;

/**
 * What a host uses; immutable.
 *
 * @param processors       of it.
 * @param memoryTotalBytes of it.
 * @param statistics       of the host.
 * @param devices          that it told of, by id.
 */
public record AgentUse(int processors, long memoryTotalBytes, UsageStatistics statistics, List<DeviceLoad> devices)
{
}
