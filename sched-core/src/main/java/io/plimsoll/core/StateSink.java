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

    /**
     * Several blocks of equal count whose values stand together, row by row; as blocks, unless the sink does better.
     *
     * @param columns which they are.
     * @param count   of rows.
     * @param buffer  that holds the rows from its start on, valid as it is during the call only.
     */
    default void onRows(final StateRows columns, final int count, final DirectBuffer buffer)
    {
        columns.forEachBlock(count, buffer, 0, this);
    }
}
