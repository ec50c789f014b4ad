package io.plimsoll.manager.control;

/**
 * A chunk was accepted and journalled.
 *
 * @param firstId  of contiguous ids, in the order of the chunk's sessions and their array elements.
 * @param count    of ids.
 * @param repeated whether the idempotency key had been seen and nothing new was made.
 * @param sequence journal sequence that holds it.
 */
public record SubmitReply(long firstId, long count, boolean repeated, long sequence)
{
}
