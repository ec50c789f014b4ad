package io.plimsoll.agent.topology;

import java.util.BitSet;

/**
 * A processor package.
 *
 * @param id   as the system numbers it.
 * @param cpus logical processors in it.
 */
public record Socket(int id, BitSet cpus)
{
}
