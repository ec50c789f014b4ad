package io.plimsoll.loadtest.openb;

/**
 * A machine of the trace.
 *
 * @param name      its serial number.
 * @param cpuMillis millicores.
 * @param memoryMib memory.
 * @param devices   number of GPUs.
 * @param model     of its GPUs; empty if it has none.
 */
public record OpenbNode(String name, long cpuMillis, long memoryMib, int devices, String model)
{
}
