package io.plimsoll.transport.client;

/**
 * A session was accepted and journalled.
 *
 * @param firstId  its id, or the first of an array.
 * @param count    of contiguous ids.
 * @param repeated whether it had been accepted before a connection broke, and nothing new was made.
 * @param sequence of the journal that holds it.
 */
public record Submitted(long firstId, long count, boolean repeated, long sequence)
{
}
