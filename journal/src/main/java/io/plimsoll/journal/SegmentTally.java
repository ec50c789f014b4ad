package io.plimsoll.journal;

/** What is found in a segment while it is read. */
final class SegmentTally
{
    final SegmentEntry entry;
    long last;
    long firstNs;
    long lastNs;
    long end;

    SegmentTally(final SegmentEntry entry)
    {
        this.entry = entry;
        last = entry.firstSequence() - 1;
    }
}
