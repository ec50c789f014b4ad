package io.plimsoll.loadtest.sim;

/**
 * Something that users or operators do.
 *
 * @param atMs since the start of the run.
 * @param kind of it.
 * @param seed of what exactly.
 */
public record Work(long atMs, Kind kind, long seed)
{
    /** What people do. */
    public enum Kind
    {
        /** Sessions of all kinds, some of which have to be refused. */
        SUBMIT,
        /** Ends some of the sessions. */
        CANCEL,
        /** Changes policies and options of a group. */
        GROUP,
        /** Changes limits and weight of an account. */
        ACCOUNT,
        /** Keeps new work away from an agent, or lets it come again. */
        DRAIN,
        /** Asks why a session waits. */
        EXPLAIN
    }
}
