package io.plimsoll.journal;

/** Defaults of {@link JournalContext}. */
public final class JournalDefaults
{
    /** A segment is closed when it has grown to that length. */
    public static final long SEGMENT_LENGTH = 1L << 30;
    /** Length by which the file of a segment grows. */
    public static final int BLOCK_LENGTH = 16 << 20;
    /** Space that is kept allocated ahead in the current segment: for what the ring holds and what follows from it. */
    public static final long RESERVE_LENGTH = 64L << 20;
    /** Space that is kept in a file of its own: for one snapshot, and to start again on a full disk. */
    public static final long RESERVE_FILE_LENGTH = 64L << 20;

    private JournalDefaults()
    {
    }
}
