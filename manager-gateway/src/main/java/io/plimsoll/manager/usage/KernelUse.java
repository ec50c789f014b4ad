package io.plimsoll.manager.usage;

/**
 * What a kernel uses; immutable.
 *
 * @param kernelId   of it.
 * @param attempt    at it.
 * @param agentId    where that runs.
 * @param ended      whether it has come to its end.
 * @param statistics of it.
 */
public record KernelUse(long kernelId, int attempt, int agentId, boolean ended, UsageStatistics statistics)
{
}
