package io.plimsoll.core.pipeline;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What the core stage needs of a scheduling core. Called by the thread of the core stage only.
 */
public interface CommandHandler extends Queryable
{
    /**
     * Decides one command and writes the events block of a record.
     *
     * @param buffer       that holds the command.
     * @param offset       of its SBE header.
     * @param length       of header and body.
     * @param sequence     of the command.
     * @param timestampNs  epoch nanoseconds, never falling.
     * @param eventsBuffer to write to.
     * @param eventsOffset of the events block; {@link #eventsLengthMax()} bytes are free there.
     * @return length of the events block.
     */
    int onCommand(
        DirectBuffer buffer,
        int offset,
        int length,
        long sequence,
        long timestampNs,
        MutableDirectBuffer eventsBuffer,
        int eventsOffset);

    /** Bound of the events block of one command, in bytes. */
    int eventsLengthMax();

    /** Whether the last command left work that a {@code Continue} must take up before any other input. */
    boolean continueNeeded();

    /** Epoch nanoseconds at which the next timer is due, {@link Long#MAX_VALUE} if there is none. */
    long nextDeadlineNs();
}
