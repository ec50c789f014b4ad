package io.plimsoll.agent.allocation;

import java.util.BitSet;
import java.util.Map;

/**
 * What a request got. Whoever holds it gives it back to the same allocator.
 *
 * @param devices     thousandths by device.
 * @param cpus        logical processors; empty: none were asked for.
 * @param cpuMillis   thousandths of cores on them.
 * @param memory      bytes by id of the node that they are counted on.
 * @param memoryNodes ids of the nodes to take memory from: those of {@code memory}, or else the nearest.
 */
public record Grant(
    Map<String, Long> devices, BitSet cpus, long cpuMillis, Map<Integer, Long> memory, BitSet memoryNodes)
{
}
