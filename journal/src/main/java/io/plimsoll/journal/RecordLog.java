package io.plimsoll.journal;

import org.agrona.DirectBuffer;

/**
 * One segment of the journal as storage sees it: excerpts, appended in order. Framing and checks are the journal's
 * own, above this port. One thread writes. Anything thrown by {@link #append} or {@link #sync} is final.
 */
public interface RecordLog extends AutoCloseable
{
    /**
     * Stores one excerpt behind the last.
     *
     * @param buffer that holds it.
     * @param offset of its first byte.
     * @param length in bytes.
     */
    void append(DirectBuffer buffer, int offset, int length);

    /** Forces all that was appended to stable storage. */
    void sync();

    /**
     * Remembers that everything up to a sequence is promised. Cheap: it must survive the end of the process, not a
     * power cut, and tells a record that was damaged from one that was never finished.
     *
     * @param sequence that was committed last.
     */
    void mark(long sequence);

    /** Bytes used so far, all framing included. */
    long length();

    /**
     * Takes space from the file system ahead of need.
     *
     * @param lengthBytes to be appended without needing more space.
     * @return false if the file system has not that much.
     */
    boolean tryReserve(long lengthBytes);

    /** Opens what is stored, from the first excerpt. Any thread. */
    LogReader read();

    @Override
    void close();
}
