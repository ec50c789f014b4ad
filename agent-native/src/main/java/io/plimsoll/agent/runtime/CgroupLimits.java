package io.plimsoll.agent.runtime;

import java.util.BitSet;

/**
 * What a kernel may use.
 *
 * @param memoryBytes of memory, without swap; 0: no limit.
 * @param pidsMax     processes and threads; 0: no limit.
 * @param cpus        cores; empty: all.
 */
record CgroupLimits(long memoryBytes, long pidsMax, BitSet cpus)
{
}
