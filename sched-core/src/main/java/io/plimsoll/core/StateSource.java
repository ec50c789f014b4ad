package io.plimsoll.core;

import org.agrona.MutableDirectBuffer;

/** Gives back what a {@link StateSink} has taken, in any order: see {@link SchedulerCore#readState}. */
public interface StateSource
{
    /** {@link #count} of a block that is not there. */
    int ABSENT = -1;

    /** Blocks there are. */
    int blocks();

    /** Values of a block, {@link #ABSENT} if there is no such block. */
    int count(int blockId);

    /** Bytes of each value of a block that is there. */
    int width(int blockId);

    /**
     * Copies all values of a block that is there.
     *
     * @param blockId of the block.
     * @param target  with room for width x count bytes.
     * @param offset  of the first byte in it.
     */
    void read(int blockId, MutableDirectBuffer target, int offset);
}
