package io.plimsoll.agent.topology;

import java.util.BitSet;

/**
 * A cache of processors.
 *
 * @param level 1 is nearest to the core.
 * @param kind  what it holds.
 * @param bytes its size; 0: not known.
 * @param cpus  logical processors that share it.
 */
public record Cache(int level, Kind kind, long bytes, BitSet cpus)
{
    /** What a cache holds. */
    public enum Kind
    {
        data, instruction, unified
    }
}
