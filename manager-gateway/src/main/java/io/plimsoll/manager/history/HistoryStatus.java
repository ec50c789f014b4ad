package io.plimsoll.manager.history;

/**
 * How far history has come.
 *
 * @param database       state of the database, in lower case.
 * @param sequence       of the journal up to which it is there.
 * @param released       of the journal as it is.
 * @param atNs           time of the newest record in it, epoch nanoseconds; 0: none.
 * @param oldestSequence that the journal still has.
 * @param trouble        why it does not go on; empty: it does.
 */
public record HistoryStatus(
    String database, long sequence, long released, long atNs, long oldestSequence, String trouble)
{
}
