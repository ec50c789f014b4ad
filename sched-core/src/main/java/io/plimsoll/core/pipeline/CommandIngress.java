package io.plimsoll.core.pipeline;

import org.agrona.DirectBuffer;

/**
 * The way into the ring, for any thread. The command is copied before the call returns. Sequence and timestamp are
 * stamped by the consumer.
 */
public interface CommandIngress
{
    /** Longest command, in bytes: what a 64 KiB frame can hold whole, also as the body of {@code Poisoned}. */
    int COMMAND_LENGTH_MAX = 64 * 1024 - 512;

    /**
     * Offers work of users. Refused when three quarters of the ring are taken, so that agents and timers always
     * have room.
     *
     * @param buffer that holds an SBE command with its header.
     * @param offset of the header.
     * @param length of header and body, at most {@link #COMMAND_LENGTH_MAX}.
     * @return false when full: nothing was taken, try later.
     */
    boolean trySubmit(DirectBuffer buffer, int offset, int length);

    /**
     * Offers what an agent reported or the manager itself found out.
     *
     * @param buffer that holds an SBE command with its header.
     * @param offset of the header.
     * @param length of header and body, at most {@link #COMMAND_LENGTH_MAX}.
     * @return false when full: nothing was taken, the source must stop and try again.
     */
    boolean tryPublish(DirectBuffer buffer, int offset, int length);
}
