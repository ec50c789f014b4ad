package io.plimsoll.agent.allocation;

/** What is asked of the place of what is chosen, before distance counts. */
public enum Affinity
{
    /** Nothing: the least distance decides. */
    NEAREST,
    /** The fewest NUMA nodes. */
    PREFER_SINGLE_NODE,
    /** One of each NUMA node in turn, for bandwidth. */
    INTERLEAVED
}
