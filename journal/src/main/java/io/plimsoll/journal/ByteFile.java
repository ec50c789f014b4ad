package io.plimsoll.journal;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A file of {@link ByteFiles}. What it throws is what the file system says. */
public interface ByteFile
{
    /** Bytes in it. */
    int length();

    /**
     * Writes; makes it longer if need be.
     *
     * @param position in the file.
     * @param source   of the bytes.
     * @param offset   in the source.
     * @param length   in bytes.
     */
    void write(int position, DirectBuffer source, int offset, int length);

    /**
     * Wraps a buffer around its content, to be read until the file becomes longer.
     *
     * @param target to wrap.
     */
    void view(UnsafeBuffer target);

    /** Forces what was written to stable storage. */
    void sync();
}
