package io.plimsoll.journal;

import java.util.ArrayList;
import java.util.List;

/** Good records that follow from each other, in one segment or on in the next ones. */
final class RecordRun
{
    final long first;
    final int previousCrc;
    /** Names of the segments that it is in. */
    final List<String> segments = new ArrayList<>();
    long last;
    private int lastCrc;

    RecordRun(final long first, final int previousCrc)
    {
        this.first = first;
        this.previousCrc = previousCrc;
        last = first - 1;
        lastCrc = previousCrc;
    }

    /** Takes a record that follows from the last one; false: it does not. */
    boolean tryAdd(final String segment, final ExcerptFlyweight excerpt)
    {
        if (excerpt.record().sequence() != last + 1 || excerpt.previousCrc() != lastCrc)
        {
            return false;
        }
        if (segments.isEmpty() || !segment.equals(segments.get(segments.size() - 1)))
        {
            segments.add(segment);
        }
        last++;
        lastCrc = excerpt.crc();
        return true;
    }
}
