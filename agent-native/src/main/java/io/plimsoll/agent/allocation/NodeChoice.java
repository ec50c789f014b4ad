package io.plimsoll.agent.allocation;

/**
 * Cores and memory by index of the node.
 *
 * @param cores  on each node.
 * @param memory bytes on each node.
 * @param cost   distances, as {@link NodeSearch} counts them.
 */
record NodeChoice(long[] cores, long[] memory, long cost)
{
    boolean isOn(final int node)
    {
        return cores[node] > 0 || memory[node] > 0;
    }
}
