package io.plimsoll.agent.allocation;

/**
 * What a search chose.
 *
 * @param devices indices of the host's devices.
 * @param parts   thousandths of each.
 * @param nodes   of cores and memory.
 */
record Placement(int[] devices, long[] parts, NodeChoice nodes)
{
}
