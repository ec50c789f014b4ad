package io.plimsoll.manager.usage;

/**
 * How a device does; negative: not known.
 *
 * @param id                  of it, as its agent calls it.
 * @param utilisationPercent  of the last moment.
 * @param memoryUsedBytes     of its memory.
 * @param temperatureCelsius  of its core.
 * @param powerMilliwatt      that it takes.
 * @param uncorrectableErrors of its memory since its driver started.
 * @param atNs                when its agent said so, in epoch nanoseconds of the manager.
 */
public record DeviceLoad(
    String id,
    int utilisationPercent,
    long memoryUsedBytes,
    int temperatureCelsius,
    int powerMilliwatt,
    long uncorrectableErrors,
    long atNs)
{
}
