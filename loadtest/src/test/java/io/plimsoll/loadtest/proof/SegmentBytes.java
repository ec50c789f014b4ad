package io.plimsoll.loadtest.proof;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The file of a segment as what it is: documents of a header of four bytes and a body, which is an excerpt (see
 * {@code ExcerptFlyweight}) or something of Chronicle's own.
 */
final class SegmentBytes
{
    static final int HEADER_LENGTH = 4;
    static final int MAGIC_AT = 4;
    static final int COMMITTED_AT = 8;
    static final int PREVIOUS_CRC_AT = 20;
    static final int RECORD_AT = 24;

    private static final int LENGTH_MASK = 0x3FFF_FFFF;
    private static final int META = 0x4000_0000;

    /** A document; sequence 0: it is not a record. */
    record Document(int start, int length, long sequence)
    {
        int body()
        {
            return start + HEADER_LENGTH;
        }

        int end()
        {
            return body() + length;
        }
    }

    private final byte[] bytes;
    private final TreeMap<Integer, Document> documents = new TreeMap<>();
    private final List<Document> records = new ArrayList<>();
    private final int end;

    SegmentBytes(final byte[] bytes)
    {
        this.bytes = bytes;
        final ByteBuffer buffer = buffer(bytes);
        int at = 0;
        while (at + HEADER_LENGTH <= bytes.length && 0 != buffer.getInt(at))
        {
            final int header = buffer.getInt(at);
            final int length = header & LENGTH_MASK;
            final long sequence = 0 == (header & META) ? buffer.getLong(at + HEADER_LENGTH + RECORD_AT) : 0;
            final Document document = new Document(at, length, sequence);
            documents.put(at, document);
            if (sequence > 0)
            {
                records.add(document);
            }
            at = document.end() + 3 & -4;
        }
        end = at;
    }

    static ByteBuffer buffer(final byte[] content)
    {
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] bytes()
    {
        return bytes;
    }

    List<Document> records()
    {
        return records;
    }

    /** Behind the last document. */
    int end()
    {
        return end;
    }

    /** The document that a byte belongs to; null: it was never written. */
    Document at(final int position)
    {
        final var floor = documents.floorEntry(position);
        return null == floor || position >= floor.getValue().end() ? null : floor.getValue();
    }

    /** Gives the excerpts from an index on the checksums that a forger would. */
    static int chain(final byte[] content, final List<Document> documents, final int from, final int previousCrc)
    {
        final ByteBuffer buffer = buffer(content);
        int previous = previousCrc;
        for (final Document document : documents.subList(from, documents.size()))
        {
            buffer.putInt(document.body() + PREVIOUS_CRC_AT, previous);
            final CRC32C crc = new CRC32C();
            crc.update(content, document.body() + MAGIC_AT, document.length() - MAGIC_AT);
            previous = (int)crc.getValue();
            buffer.putInt(document.body(), previous);
        }
        return previous;
    }

    int crc(final Document document)
    {
        return buffer(bytes).getInt(document.body());
    }
}
