package io.plimsoll.core;

/**
 * Who waits in a resource group, as of a sequence of the journal; immutable but for its arrays, which nobody keeps.
 *
 * @param sequence of the last command that it takes into account.
 * @param waiting  sessions of the group that wait, in all.
 * @param ready    ids of those that may start as far as time and dependencies are concerned, in the order in which they
 *                 are looked at; the first ones.
 * @param held     ids of others, in order of id; only if all that are ready are told, and only some.
 */
public record QueueListing(long sequence, long waiting, long[] ready, long[] held)
{
}
