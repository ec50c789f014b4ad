package io.plimsoll.journal;

import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads a snapshot piece by piece and believes nothing. For one thread. */
public final class SnapshotReader implements AutoCloseable
{
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final String place;
    private final SnapshotFile file;
    private final SnapshotEntry entry;
    private final UnsafeBuffer header = SnapshotFormat.buffer(SnapshotFormat.HEADER_LENGTH);
    private final UnsafeBuffer pieceHeader = SnapshotFormat.buffer(SnapshotFormat.PIECE_HEADER_LENGTH);
    private final CRC32C whole = new CRC32C();
    private final int pieces;
    private long position;
    private int piece;
    private int kind;
    private UnsafeBuffer content;
    private int length;

    SnapshotReader(final String place, final SnapshotEntry entry, final SnapshotFile file)
    {
        this.place = place;
        this.entry = entry;
        this.file = file;
        if (file.length() != entry.length())
        {
            throw damage(file.length() + " bytes long, not " + entry.length());
        }
        if (file.length() < SnapshotFormat.HEADER_LENGTH)
        {
            throw damage("shorter than its header");
        }
        file.read(0, header, 0, SnapshotFormat.HEADER_LENGTH);
        SnapshotFormat.update(whole, header, 0, SnapshotFormat.HEADER_LENGTH);
        final int crc = SnapshotFormat.crc(
            header, SnapshotFormat.MAGIC_OFFSET, SnapshotFormat.HEADER_LENGTH - SnapshotFormat.MAGIC_OFFSET);
        if (crc != header.getInt(SnapshotFormat.CRC_OFFSET, ORDER) ||
            SnapshotFormat.MAGIC != header.getInt(SnapshotFormat.MAGIC_OFFSET, ORDER))
        {
            throw damage("wrong checksum of the header");
        }
        if (SnapshotFormat.VERSION != header.getInt(SnapshotFormat.VERSION_OFFSET, ORDER))
        {
            throw new JournalException(
                "snapshot of another version: " + header.getInt(SnapshotFormat.VERSION_OFFSET, ORDER) + " at " + place);
        }
        if (entry.sequence() != sequence() || entry.recordCrc() != recordCrc())
        {
            throw damage("not the snapshot that the manifest names");
        }
        pieces = header.getInt(SnapshotFormat.PIECES_OFFSET, ORDER);
        position = SnapshotFormat.HEADER_LENGTH;
    }

    /** Of the last record that it stands for. */
    public long sequence()
    {
        return header.getLong(SnapshotFormat.SEQUENCE_OFFSET, ORDER);
    }

    /** Of the last record that it stands for. */
    public long timestampNs()
    {
        return header.getLong(SnapshotFormat.TIMESTAMP_OFFSET, ORDER);
    }

    /** Of the build that made it. */
    public int decisionVersion()
    {
        return header.getInt(SnapshotFormat.DECISION_VERSION_OFFSET, ORDER);
    }

    int recordCrc()
    {
        return header.getInt(SnapshotFormat.RECORD_CRC_OFFSET, ORDER);
    }

    /**
     * Goes to the next piece, in memory of its own.
     *
     * @return false behind the last.
     * @throws JournalDamagedException if it is not what was written.
     */
    public boolean next()
    {
        if (piece == pieces)
        {
            checkEnd();
            return false;
        }
        if (file.length() - position < SnapshotFormat.PIECE_HEADER_LENGTH)
        {
            throw damage("ends before piece " + piece);
        }
        file.read(position, pieceHeader, 0, SnapshotFormat.PIECE_HEADER_LENGTH);
        final long stored = pieceHeader.getLong(SnapshotFormat.PIECE_LENGTH_OFFSET, ORDER);
        final long rest = file.length() - position - SnapshotFormat.PIECE_HEADER_LENGTH;
        if (stored < 0 || stored > Integer.MAX_VALUE - SnapshotFormat.ALIGNMENT || stored > rest)
        {
            throw damage("wrong length of piece " + piece);
        }
        length = (int)stored;
        final int padded = BitUtil.align(length, SnapshotFormat.ALIGNMENT);
        if (padded > rest)
        {
            throw damage("ends within piece " + piece);
        }
        content = SnapshotFormat.buffer(padded);
        file.read(position + SnapshotFormat.PIECE_HEADER_LENGTH, content, 0, padded);
        checkPiece(padded);
        kind = pieceHeader.getInt(SnapshotFormat.PIECE_KIND_OFFSET, ORDER);
        position += SnapshotFormat.PIECE_HEADER_LENGTH + padded;
        piece++;
        return true;
    }

    private void checkPiece(final int padded)
    {
        final CRC32C crc = new CRC32C();
        SnapshotFormat.update(
            crc,
            pieceHeader,
            SnapshotFormat.PIECE_KIND_OFFSET,
            SnapshotFormat.PIECE_HEADER_LENGTH - SnapshotFormat.PIECE_KIND_OFFSET);
        SnapshotFormat.update(crc, content, 0, padded);
        if ((int)crc.getValue() != pieceHeader.getInt(SnapshotFormat.CRC_OFFSET, ORDER))
        {
            throw damage("wrong checksum of piece " + piece);
        }
        SnapshotFormat.update(whole, pieceHeader, 0, SnapshotFormat.PIECE_HEADER_LENGTH);
        SnapshotFormat.update(whole, content, 0, padded);
    }

    private void checkEnd()
    {
        if (position != file.length())
        {
            throw damage("goes on behind its last piece");
        }
        if ((int)whole.getValue() != entry.crc())
        {
            throw damage("wrong checksum");
        }
    }

    /** Whose the piece is. */
    public int kind()
    {
        return kind;
    }

    /** Holds the piece from offset 0 on; the reader does not use it again. */
    public DirectBuffer content()
    {
        return content;
    }

    /** Of the piece in bytes. */
    public int length()
    {
        return length;
    }

    /** For whoever finds that a piece, whole as it is, cannot be understood. */
    public JournalDamagedException damage(final String what)
    {
        return new JournalDamagedException(place, what + " at position " + position);
    }

    /** For who is shown what is in it, and fails: every checksum says that it is as it was written. */
    public JournalDamagedException unusable(final RuntimeException cause)
    {
        final JournalDamagedException damage =
            damage("right checksums around something that this build can make nothing of (" + cause + ")");
        damage.initCause(cause);
        return damage;
    }

    @Override
    public void close()
    {
        file.close();
    }
}
