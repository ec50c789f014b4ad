package io.plimsoll.core;

import org.agrona.DirectBuffer;

/** Takes the state of a core, block by block: see {@link SchedulerCore#writeState}. */
@FunctionalInterface
public interface StateSink
{
    /**
     * One block. What it holds is valid, and stays as it is, during the call only.
     *
     * @param blockId of the column, the same in every release.
     * @param width   bytes of each value: 1, 4 or 8, little-endian.
     * @param count   of values.
     * @param buffer  that holds them; null if there are none.
     * @param offset  of the first byte.
     */
    void onBlock(int blockId, int width, int count, DirectBuffer buffer, int offset);
}
