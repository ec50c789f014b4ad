package io.plimsoll.journal;

import org.agrona.DirectBuffer;

/** Walks through the excerpts of a segment, also while it is being written. For one thread. */
public interface LogReader extends AutoCloseable
{
    /**
     * Goes to the next excerpt. After false it may be called again: more may have been written.
     *
     * @return false at the end, or where what follows cannot be understood.
     */
    boolean next();

    /** Where the current excerpt is; valid until the next call. */
    DirectBuffer buffer();

    /** Of the current excerpt in {@link #buffer()}. */
    int offset();

    /** Of the current excerpt. */
    int length();

    /** Where the current excerpt begins in the segment: a place to name, and to come back to with {@link #seek}. */
    long position();

    /** Where the walk goes on: behind the current excerpt. */
    long endPosition();

    /** Makes {@link #next()} go on at the excerpt that begins there. */
    void seek(long position);

    /** Makes a whole excerpt of ours that begins there the current one, whatever the storage says of it. */
    void seekExcerpt(long position);

    /** Whether something stands at {@link #endPosition()}: not a whole excerpt, but not nothing either. */
    boolean hasRemains();

    /**
     * Looks for intact excerpts of ours anywhere behind {@link #endPosition()}, whatever the storage's own structures
     * say. Only the one that a killed writer had in hand is passed over: right at the end, not declared, and next in
     * turn.
     *
     * @param nextSequence of the record that would come next.
     * @param previousCrc  that the next record would name.
     * @return position of the first, -1 if there is none.
     */
    long findBeyond(long nextSequence, int previousCrc);

    /** Highest sequence that the storage remembers as promised, 0 if it does not know or no longer vouches for it. */
    long markedSequence();

    /** Highest sequence that the storage remembers as forced to the disk, 0 if it does not know. */
    long forcedSequence();

    @Override
    void close();
}
