package io.plimsoll.journal;

import org.agrona.concurrent.UnsafeBuffer;

/** The file of a segment, as somebody sees it who only reads. For one thread. */
interface SegmentBytes extends AutoCloseable
{
    /** How long it is now. */
    long length();

    /**
     * Wraps a buffer around all of it.
     *
     * @param target to wrap; whatever it was wrapped around by an earlier call is no longer valid.
     * @return length of what it is wrapped around.
     */
    int view(UnsafeBuffer target);

    @Override
    void close();
}
