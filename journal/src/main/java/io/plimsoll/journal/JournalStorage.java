package io.plimsoll.journal;

import java.util.List;

/** Where segments and the manifest live. Production: a directory; the fault simulator: memory. */
public interface JournalStorage extends AutoCloseable
{
    /** Makes an empty segment, durable as such. Room for its first records is reserved. */
    RecordLog create(String segment);

    /** Opens a segment for reading. Any thread. */
    LogReader open(String segment);

    /** Names of the segments that exist, in order of name. */
    List<String> segments();

    /** Removes a segment that holds nothing. */
    void removeEmpty(String segment);

    /** Removes a segment with all that it holds, the last of what it holds first. */
    void remove(String segment);

    /** Bytes that a segment takes. */
    long length(String segment);

    /** Names of the snapshots that exist, in order of name; what is left of one that was never finished goes. */
    List<String> snapshots();

    /**
     * Begins a snapshot.
     *
     * @param snapshot name of it.
     * @param length   bytes that it will have.
     * @throws JournalFullException if there is no space for it beside what is reserved.
     */
    SnapshotFile createSnapshot(String snapshot, long length);

    /** Opens a snapshot for reading. Any thread. */
    SnapshotFile openSnapshot(String snapshot);

    /** Removes a snapshot. */
    void removeSnapshot(String snapshot);

    /**
     * Forces a segment that an earlier process wrote: what was read from it may so far stand in memory only, and the
     * next records will build on it.
     */
    void force(String segment);

    /**
     * Writes what an earlier process wrote once more, as it is read now, and forces it. A sync that has failed may have
     * left pages in memory that count as written and are on no disk: forcing those once more does nothing.
     *
     * @param segment      of them.
     * @param fromPosition behind what is known to be durable.
     * @param toPosition   behind the last excerpt.
     */
    default void rewrite(final String segment, final long fromPosition, final long toPosition)
    {
        force(segment);
    }

    /** Gives back the space that was reserved behind the end of a segment that will not grow any more. */
    void trim(String segment, long endPosition);

    /**
     * Whether little of a segment is still to be forced. If much is, that is being done from now on, and nobody waits
     * for it. Journal stage.
     *
     * @param segment that is being written.
     * @param log     of it.
     * @return whether to force the rest takes no time.
     */
    default boolean isMostlyForced(final String segment, final RecordLog log)
    {
        return true;
    }

    /** Forces, closes and trims the log of a segment that is complete; it need not happen before this returns. */
    void retire(String segment, RecordLog log);

    /** Content of the manifest, null if there is none. */
    byte[] readManifest();

    /** Replaces the manifest as a whole, durably. */
    void writeManifest(byte[] content);

    /** Where this is, for people. */
    String describe();

    /**
     * Whether space for accepted work and for one snapshot is set aside; tries to make it so if it is not. Any thread.
     */
    boolean reserveKept();

    @Override
    void close();
}
