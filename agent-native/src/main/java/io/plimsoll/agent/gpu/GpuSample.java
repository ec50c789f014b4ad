package io.plimsoll.agent.gpu;

/**
 * How a GPU does.
 *
 * @param id                  of it.
 * @param utilisationPercent  of the last moment; negative: not known.
 * @param memoryUsedBytes     of its memory.
 * @param temperatureCelsius  of its core; negative: not known.
 * @param powerMilliwatt      that it takes; negative: not known.
 * @param uncorrectableErrors of its memory since its driver started.
 */
public record GpuSample(
    String id,
    int utilisationPercent,
    long memoryUsedBytes,
    int temperatureCelsius,
    int powerMilliwatt,
    long uncorrectableErrors)
{
}
