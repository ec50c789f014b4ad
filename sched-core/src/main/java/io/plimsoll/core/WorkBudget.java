package io.plimsoll.core;

/** How much one command may still do: pieces of work, and bytes of events. */
final class WorkBudget
{
    private final EventWriter writer;
    private int left;

    WorkBudget(final EventWriter writer)
    {
        this.writer = writer;
    }

    void reset(final int pieces)
    {
        left = pieces;
    }

    void spend()
    {
        left--;
    }

    /** Whether one more piece of work may be done. */
    boolean isLeft()
    {
        return isLeft(Emitter.WORK_UNIT_LENGTH);
    }

    /** Whether one more piece of work may be done that can take so many bytes of events. */
    boolean isLeft(final int bytes)
    {
        return left > 0 && writer.remaining() >= bytes;
    }
}
