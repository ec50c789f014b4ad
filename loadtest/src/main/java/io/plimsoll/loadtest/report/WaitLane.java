package io.plimsoll.loadtest.report;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Who waits and who has waited in one group or of one owner, by bucket. */
final class WaitLane
{
    final DurationCounts[] byBucket;
    final DurationCounts inRange = new DurationCounts();
    final DurationCounts before = new DurationCounts();
    final long[] pendingAtEnd;
    final long[] oldestNs;
    private final ReportRange range;
    /** Sessions that wait, by when that began. */
    private final TreeMap<Long, long[]> waiting = new TreeMap<>();
    private long pending;

    WaitLane(final ReportRange range)
    {
        this.range = range;
        byBucket = new DurationCounts[range.buckets()];
        pendingAtEnd = new long[range.buckets()];
        oldestNs = new long[range.buckets()];
    }

    void begin(final long sinceNs, final long count)
    {
        waiting.computeIfAbsent(sinceNs, key -> new long[1])[0] += count;
        pending += count;
    }

    void end(final long sinceNs)
    {
        final long[] count = waiting.get(sinceNs);
        count[0]--;
        pending--;
        if (0 == count[0])
        {
            waiting.remove(sinceNs);
        }
    }

    /** A wait ended with a place. */
    void placed(final long waitNs, final long nowNs)
    {
        final int bucket = range.bucket(nowNs);
        if (bucket >= 0)
        {
            if (null == byBucket[bucket])
            {
                byBucket[bucket] = new DurationCounts();
            }
            byBucket[bucket].add(waitNs);
            (range.isInRange(bucket) ? inRange : before).add(waitNs);
        }
    }

    void onBucketEnd(final int bucket, final long endNs)
    {
        final Map.Entry<Long, long[]> oldest = waiting.firstEntry();
        pendingAtEnd[bucket] = pending;
        oldestNs[bucket] = null == oldest ? 0 : Math.max(0, endNs - oldest.getKey());
    }

    /** Whether anything is to be told of it. */
    boolean isEmpty()
    {
        return 0 == inRange.count() && Arrays.stream(pendingAtEnd).allMatch(count -> 0 == count) &&
            Arrays.stream(byBucket).allMatch(Objects::isNull);
    }
}
