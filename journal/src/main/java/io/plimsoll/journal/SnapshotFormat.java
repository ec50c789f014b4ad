package io.plimsoll.journal;

import io.plimsoll.journal.checkpoint.MerkleHasher;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.function.ObjIntConsumer;
import java.util.zip.CRC32C;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How a snapshot stands in its file. Little endian:
 * <pre>
 *   header   int32 crc of the rest of the header, int32 magic, int32 version, int32 number of pieces,
 *            int64 sequence, int64 timestamp, int32 crc of the record, int32 decision version, int64 0
 *   piece    int32 crc of the rest of the piece, padding included, int32 kind, int64 length, bytes, padding to 8 bytes
 * </pre>
 */
final class SnapshotFormat
{
    /** Reads "PLS1" in a dump. */
    static final int MAGIC = 0x3153_4C50;
    static final int VERSION = 1;
    static final int HEADER_LENGTH = 48;
    static final int PIECE_HEADER_LENGTH = 16;
    static final int ALIGNMENT = 8;

    static final int CRC_OFFSET = 0;
    static final int MAGIC_OFFSET = 4;
    static final int VERSION_OFFSET = 8;
    static final int PIECES_OFFSET = 12;
    static final int SEQUENCE_OFFSET = 16;
    static final int TIMESTAMP_OFFSET = 24;
    static final int RECORD_CRC_OFFSET = 32;
    static final int DECISION_VERSION_OFFSET = 36;
    static final int PIECE_KIND_OFFSET = 4;
    static final int PIECE_LENGTH_OFFSET = 8;

    private static final int CHUNK_LENGTH = 1 << 16;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private SnapshotFormat()
    {
    }

    /** Bytes that a snapshot takes. */
    static long length(final Snapshot snapshot)
    {
        long length = HEADER_LENGTH;
        for (final SnapshotPiece piece : snapshot.pieces())
        {
            length += PIECE_HEADER_LENGTH + BitUtil.align((long)piece.length(), ALIGNMENT);
        }
        return length;
    }

    private static int count(final Iterable<SnapshotPiece> pieces)
    {
        int count = 0;
        for (final Iterator<SnapshotPiece> iterator = pieces.iterator(); iterator.hasNext(); iterator.next())
        {
            count++;
        }
        return count;
    }

    /** Writes a snapshot to a new file and finishes it; returns what the manifest keeps of it. */
    static SnapshotEntry write(
        final String name, final Snapshot snapshot, final int recordCrc, final SnapshotFile file)
    {
        final CRC32C whole = new CRC32C();
        final UnsafeBuffer header = buffer(HEADER_LENGTH);
        header.putInt(MAGIC_OFFSET, MAGIC, ORDER);
        header.putInt(VERSION_OFFSET, VERSION, ORDER);
        header.putInt(PIECES_OFFSET, count(snapshot.pieces()), ORDER);
        header.putLong(SEQUENCE_OFFSET, snapshot.sequence(), ORDER);
        header.putLong(TIMESTAMP_OFFSET, snapshot.timestampNs(), ORDER);
        header.putInt(RECORD_CRC_OFFSET, recordCrc, ORDER);
        header.putInt(DECISION_VERSION_OFFSET, snapshot.decisionVersion(), ORDER);
        header.putInt(CRC_OFFSET, crc(header, MAGIC_OFFSET, HEADER_LENGTH - MAGIC_OFFSET), ORDER);
        long length = append(file, whole, header, 0, HEADER_LENGTH);
        final UnsafeBuffer pieceHeader = buffer(PIECE_HEADER_LENGTH);
        final UnsafeBuffer padding = buffer(ALIGNMENT);
        for (final SnapshotPiece piece : snapshot.pieces())
        {
            final int pad = BitUtil.align(piece.length(), ALIGNMENT) - piece.length();
            pieceHeader.putInt(PIECE_KIND_OFFSET, piece.kind(), ORDER);
            pieceHeader.putLong(PIECE_LENGTH_OFFSET, piece.length(), ORDER);
            final CRC32C crc = new CRC32C();
            update(crc, pieceHeader, PIECE_KIND_OFFSET, PIECE_HEADER_LENGTH - PIECE_KIND_OFFSET);
            update(crc, piece.buffer(), piece.offset(), piece.length());
            update(crc, padding, 0, pad);
            pieceHeader.putInt(CRC_OFFSET, (int)crc.getValue(), ORDER);
            length += append(file, whole, pieceHeader, 0, PIECE_HEADER_LENGTH);
            length += append(file, whole, piece.buffer(), piece.offset(), piece.length());
            length += append(file, whole, padding, 0, pad);
        }
        file.finish();
        return new SnapshotEntry(name, snapshot.sequence(), recordCrc, length, (int)whole.getValue());
    }

    /** What a manifest would keep of a snapshot that is there, as far as the file itself tells. */
    static SnapshotEntry describe(final String name, final String place, final SnapshotFile file)
    {
        final CRC32C whole = new CRC32C();
        forEachChunk(file, (chunk, length) -> update(whole, chunk, 0, length));
        if (file.length() < HEADER_LENGTH)
        {
            throw new JournalDamagedException(place, "shorter than its header");
        }
        final UnsafeBuffer header = buffer(HEADER_LENGTH);
        file.read(0, header, 0, HEADER_LENGTH);
        return new SnapshotEntry(
            name,
            header.getLong(SEQUENCE_OFFSET, ORDER),
            header.getInt(RECORD_CRC_OFFSET, ORDER),
            file.length(),
            (int)whole.getValue());
    }

    /** Writes the same bytes to a new file and finishes it. */
    static void copy(final SnapshotFile from, final SnapshotFile to)
    {
        forEachChunk(from, (chunk, length) -> to.write(chunk, 0, length));
        to.finish();
    }

    private static void forEachChunk(final SnapshotFile file, final ObjIntConsumer<UnsafeBuffer> consumer)
    {
        final UnsafeBuffer chunk = buffer(CHUNK_LENGTH);
        final long end = file.length();
        for (long at = 0; at < end; at += CHUNK_LENGTH)
        {
            final int length = (int)Math.min(CHUNK_LENGTH, end - at);
            file.read(at, chunk, 0, length);
            consumer.accept(chunk, length);
        }
    }

    private static long append(
        final SnapshotFile file, final CRC32C whole, final DirectBuffer bytes, final int offset, final int length)
    {
        file.write(bytes, offset, length);
        update(whole, bytes, offset, length);
        return length;
    }

    /** SHA-256 of a whole file, in hex. */
    static String sha256(final SnapshotFile file)
    {
        final MessageDigest digest = MerkleHasher.sha256();
        forEachChunk(file, (chunk, length) -> digest.update(chunk.byteBuffer().duplicate().limit(length)));
        return HexFormat.of().formatHex(digest.digest());
    }

    static UnsafeBuffer buffer(final int length)
    {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(length));
    }

    static int crc(final DirectBuffer bytes, final int offset, final int length)
    {
        final CRC32C crc = new CRC32C();
        update(crc, bytes, offset, length);
        return (int)crc.getValue();
    }

    static void update(final CRC32C crc, final DirectBuffer bytes, final int offset, final int length)
    {
        final int start = offset + bytes.wrapAdjustment();
        if (null != bytes.byteBuffer())
        {
            crc.update(bytes.byteBuffer().duplicate().limit(start + length).position(start));
        }
        else
        {
            crc.update(bytes.byteArray(), start, length);
        }
    }
}
