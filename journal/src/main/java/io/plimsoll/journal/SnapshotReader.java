package io.plimsoll.journal;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads a snapshot piece by piece and believes nothing. Its memory is outside of the heap, as much as the longest piece
 * has and what is kept ({@link #keepContent}), and is given back when it is closed. For one thread.
 */
public final class SnapshotReader implements AutoCloseable
{
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    /** A piece that is only checked passes in parts. */
    private static final int PART_LENGTH = 1 << 16;

    private final String place;
    private final SnapshotFile file;
    private final SnapshotEntry entry;
    private final UnsafeBuffer header = SnapshotFormat.buffer(SnapshotFormat.HEADER_LENGTH);
    private final UnsafeBuffer pieceHeader = SnapshotFormat.buffer(SnapshotFormat.PIECE_HEADER_LENGTH);
    private final CRC32C whole = new CRC32C();
    private final CRC32C pieceCrc = new CRC32C();
    private final UnsafeBuffer wantedPart = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer readPart = new UnsafeBuffer(0, 0);
    private final List<UnsafeBuffer> kept = new ArrayList<>();
    private final int pieces;
    private long position;
    private int piece;
    private int kind;
    private UnsafeBuffer content = new UnsafeBuffer(0, 0);
    private int length;
    private int padded;

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
     * Goes to the next piece, in the memory of the one before unless that is kept.
     *
     * @return false behind the last.
     * @throws JournalDamagedException if it is not what was written.
     */
    public boolean next()
    {
        if (!nextHeader())
        {
            return false;
        }
        ensureContent(padded);
        file.read(position, content, 0, padded);
        update(content, padded);
        endPiece();
        return true;
    }

    /**
     * Checks all that is left without holding it.
     *
     * @throws JournalDamagedException if it is not what was written.
     */
    void checkRest()
    {
        while (nextHeader())
        {
            ensureContent(PART_LENGTH);
            for (int at = 0; at < padded; at += PART_LENGTH)
            {
                final int part = Math.min(PART_LENGTH, padded - at);
                file.read(position + at, content, 0, part);
                update(content, part);
            }
            endPiece();
        }
    }

    /**
     * Compares all pieces with what was to be written, a part at a time.
     *
     * @param expected pieces of the snapshot, in order.
     * @throws JournalDamagedException if they are others.
     */
    void compare(final Iterable<SnapshotPiece> expected)
    {
        ensureContent(PART_LENGTH);
        for (final SnapshotPiece wanted : expected)
        {
            if (!nextHeader() || wanted.kind() != pieceHeader.getInt(SnapshotFormat.PIECE_KIND_OFFSET, ORDER) ||
                wanted.length() != length)
            {
                throw damage("piece " + piece + " is not the one that was written");
            }
            for (int at = 0; at < padded; at += PART_LENGTH)
            {
                final int part = Math.min(PART_LENGTH, padded - at);
                file.read(position + at, content, 0, part);
                update(content, part);
                comparePart(wanted, at, Math.max(0, Math.min(part, length - at)));
            }
            endPiece();
        }
        if (nextHeader())
        {
            throw damage("more pieces than were written");
        }
    }

    private void comparePart(final SnapshotPiece wanted, final int at, final int part)
    {
        wantedPart.wrap(wanted.buffer(), wanted.offset() + at, part);
        readPart.wrap(content, 0, part);
        if (!wantedPart.equals(readPart))
        {
            throw damage("piece " + piece + " is not as it was written, behind its byte " + at);
        }
    }

    private boolean nextHeader()
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
        padded = BitUtil.align(length, SnapshotFormat.ALIGNMENT);
        if (padded > rest)
        {
            throw damage("ends within piece " + piece);
        }
        position += SnapshotFormat.PIECE_HEADER_LENGTH;
        pieceCrc.reset();
        SnapshotFormat.update(
            pieceCrc,
            pieceHeader,
            SnapshotFormat.PIECE_KIND_OFFSET,
            SnapshotFormat.PIECE_HEADER_LENGTH - SnapshotFormat.PIECE_KIND_OFFSET);
        SnapshotFormat.update(whole, pieceHeader, 0, SnapshotFormat.PIECE_HEADER_LENGTH);
        return true;
    }

    private void ensureContent(final int capacity)
    {
        if (content.capacity() < capacity)
        {
            BufferUtil.free(content);
            content = new UnsafeBuffer(0, 0);
            content = SnapshotFormat.buffer(Math.max(capacity, PART_LENGTH));
        }
    }

    private void update(final UnsafeBuffer bytes, final int count)
    {
        SnapshotFormat.update(pieceCrc, bytes, 0, count);
        SnapshotFormat.update(whole, bytes, 0, count);
    }

    private void endPiece()
    {
        if ((int)pieceCrc.getValue() != pieceHeader.getInt(SnapshotFormat.CRC_OFFSET, ORDER))
        {
            throw damage("wrong checksum of piece " + piece);
        }
        kind = pieceHeader.getInt(SnapshotFormat.PIECE_KIND_OFFSET, ORDER);
        position += padded;
        piece++;
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

    /** Holds the piece from offset 0 on, until the next one is read or the reader is closed. */
    public DirectBuffer content()
    {
        return content;
    }

    /** The same, but the piece stays there until the reader is closed. */
    public DirectBuffer keepContent()
    {
        final UnsafeBuffer result = content;
        kept.add(result);
        content = new UnsafeBuffer(0, 0);
        return result;
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
        kept.forEach(BufferUtil::free);
        kept.clear();
        BufferUtil.free(content);
        content = new UnsafeBuffer(0, 0);
        file.close();
    }
}
