package io.plimsoll.journal;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A snapshot as storage sees it: bytes. Storage gives them a name only when all of them are durable. */
public interface SnapshotFile extends AutoCloseable
{
    /** Writes behind what was written. */
    void write(DirectBuffer buffer, int offset, int length);

    /** Makes what was written durable, and the snapshot one that is there. */
    void finish();

    /** Length of a snapshot that is there. */
    long length();

    /**
     * Reads from a snapshot that is there.
     *
     * @param position of the first byte.
     * @param target   with room for the bytes.
     * @param offset   of the first byte in it.
     * @param length   of what is read; there is so much.
     */
    void read(long position, MutableDirectBuffer target, int offset, int length);

    /** One that was not finished leaves nothing behind. */
    @Override
    void close();
}
