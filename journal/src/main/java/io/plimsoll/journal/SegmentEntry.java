package io.plimsoll.journal;

/**
 * A segment as the manifest knows it.
 *
 * @param name          of the segment.
 * @param firstSequence of its first excerpt.
 * @param previousCrc   crc of the excerpt before the first.
 * @param closed        whether it will not grow any more; the next three are known only then.
 * @param lastSequence  of its last excerpt; firstSequence - 1 if it is empty.
 * @param lastCrc       of its last excerpt; previousCrc if it is empty.
 * @param cut           what was found behind the last excerpt and is not part of the journal; null if nothing.
 */
record SegmentEntry(
    String name,
    long firstSequence,
    int previousCrc,
    boolean closed,
    long lastSequence,
    int lastCrc,
    String cut)
{
    static SegmentEntry open(final String name, final long firstSequence, final int previousCrc)
    {
        return new SegmentEntry(name, firstSequence, previousCrc, false, firstSequence - 1, previousCrc, null);
    }

    SegmentEntry close(final long sequence, final int crc, final String what)
    {
        return new SegmentEntry(name, firstSequence, previousCrc, true, sequence, crc, what);
    }
}
