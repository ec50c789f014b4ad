package io.plimsoll.journal;

import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;

/** Values of a {@link Journal}. */
public final class JournalContext
{
    /** No segment may grow beyond this, whatever happens: readers address it with 31 bits. */
    static final long SEGMENT_LENGTH_LIMIT = 1_900L << 20;
    /** Beyond this a segment is closed even if the space reserve cannot be kept in the next. */
    static final long ROTATE_LIMIT = SEGMENT_LENGTH_LIMIT - (64L << 20);

    private Path directory;
    private CommitMode commitMode = CommitMode.SYNC;
    private long segmentLength = JournalDefaults.SEGMENT_LENGTH;
    private int blockLength = JournalDefaults.BLOCK_LENGTH;
    private long reserveLength = JournalDefaults.RESERVE_LENGTH;
    private long reserveFileLength = JournalDefaults.RESERVE_FILE_LENGTH;
    private UUID newClusterId;

    public Path directory()
    {
        return directory;
    }

    /** Directory of manifest and segments; made if it is not there. */
    public JournalContext directory(final Path value)
    {
        directory = value;
        return this;
    }

    public CommitMode commitMode()
    {
        return commitMode;
    }

    /** What a commit promises. */
    public JournalContext commitMode(final CommitMode value)
    {
        commitMode = value;
        return this;
    }

    public long segmentLength()
    {
        return segmentLength;
    }

    /** Length in bytes at which a segment is closed. */
    public JournalContext segmentLength(final long value)
    {
        segmentLength = value;
        return this;
    }

    public int blockLength()
    {
        return blockLength;
    }

    /** Length in bytes by which the file of a segment grows; a quarter of it must hold the largest record. */
    public JournalContext blockLength(final int value)
    {
        blockLength = value;
        return this;
    }

    public long reserveLength()
    {
        return reserveLength;
    }

    /** Bytes kept allocated ahead in the current segment. */
    public JournalContext reserveLength(final long value)
    {
        reserveLength = value;
        return this;
    }

    public long reserveFileLength()
    {
        return reserveFileLength;
    }

    /** Bytes kept in a file of their own: 0 for none, else enough for a new segment. */
    public JournalContext reserveFileLength(final long value)
    {
        reserveFileLength = value;
        return this;
    }

    public UUID newClusterId()
    {
        return newClusterId;
    }

    /** Identity of the cluster if the journal is new; random by default. */
    public JournalContext newClusterId(final UUID value)
    {
        newClusterId = value;
        return this;
    }

    void validate()
    {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(commitMode, "commitMode");
        if (blockLength < 2 << 20 || blockLength % (1 << 16) != 0)
        {
            throw new IllegalArgumentException("unusable blockLength=" + blockLength);
        }
        if (segmentLength < 1 << 17 || segmentLength > JournalDefaults.SEGMENT_LENGTH)
        {
            throw new IllegalArgumentException("unusable segmentLength=" + segmentLength);
        }
        if (reserveLength < 0 || reserveLength > SEGMENT_LENGTH_LIMIT - segmentLength || reserveFileLength < 0 ||
            reserveFileLength > 0 && reserveFileLength < blockLength + 2L * DirectoryStorage.SEGMENT_OVERHEAD)
        {
            throw new IllegalArgumentException(
                "unusable reserveLength=" + reserveLength + " reserveFileLength=" + reserveFileLength);
        }
    }
}
