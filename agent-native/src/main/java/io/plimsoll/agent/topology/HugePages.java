package io.plimsoll.agent.topology;

/**
 * Huge pages of one size that a node has set aside; they are part of its memory, and nothing else can use them.
 *
 * @param sizeBytes of a page.
 * @param count     set aside.
 * @param free      of them.
 */
public record HugePages(long sizeBytes, long count, long free)
{
}
