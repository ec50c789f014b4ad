package io.plimsoll.journal;

/**
 * What is stored is not what was written, or part of it is missing, and going on could lose or change what was
 * promised. Names the place: file or segment, byte position, the excerpt counted from 0, the sequence expected there.
 */
public final class JournalDamagedException extends JournalException
{
    private static final long serialVersionUID = 1L;

    private final String place;
    private final long position;
    private final long index;
    private final long sequence;

    JournalDamagedException(
        final String place, final long position, final long index, final long sequence, final String what)
    {
        super("journal damaged: " + what + " at " + place + " position=" + position + " index=" + index +
            " sequence=" + sequence);
        this.place = place;
        this.position = position;
        this.index = index;
        this.sequence = sequence;
    }

    /** A record that nobody can do anything with, though every checksum says that it is as it was written. */
    JournalDamagedException(
        final String place, final long position, final long index, final long sequence, final RuntimeException cause)
    {
        this(place, position, index, sequence,
            "a record with right checksums that this build can make nothing of (" + cause + ")");
        initCause(cause);
    }

    /** Damage of a file that is no segment. */
    JournalDamagedException(final String place, final String what)
    {
        super("journal damaged: " + what + " at " + place);
        this.place = place;
        position = -1;
        index = -1;
        sequence = -1;
    }

    /** File or segment. */
    public String place()
    {
        return place;
    }

    /** Byte position in the segment's file, -1 if it is no segment. */
    public long position()
    {
        return position;
    }

    /** Number of excerpts in the segment before the damage, -1 if it is no segment. */
    public long index()
    {
        return index;
    }

    /** Sequence expected at the damage, -1 if it is no segment. */
    public long sequence()
    {
        return sequence;
    }
}
