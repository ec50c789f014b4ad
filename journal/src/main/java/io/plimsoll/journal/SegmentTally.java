package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;

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

    /** A record, and where it ends. */
    void onRecord(final RecordFlyweight record, final long endPosition)
    {
        last = record.sequence();
        lastNs = record.timestampNs();
        end = endPosition;
        firstNs = 0 == firstNs ? lastNs : firstNs;
    }
}
