package io.plimsoll.manager.view;

/**
 * Session ids from first to last, both included.
 *
 * @param firstId at least 1.
 * @param lastId  not below firstId.
 */
public record IdRange(long firstId, long lastId)
{
}
