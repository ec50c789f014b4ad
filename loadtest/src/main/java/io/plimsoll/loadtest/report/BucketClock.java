package io.plimsoll.loadtest.report;

import java.util.List;

/** Lets time pass from record to record, bucket by bucket. For one thread. */
final class BucketClock
{
    private final ReportRange range;
    private final List<ReportListener> listeners;
    private long nowNs;
    private int bucket;

    BucketClock(final ReportRange range, final List<ReportListener> listeners)
    {
        this.range = range;
        this.listeners = List.copyOf(listeners);
        nowNs = range.startNs();
    }

    /** Everything of before this time has been told, nothing of it or later. */
    void advance(final long timeNs)
    {
        while (bucket < range.buckets() && range.bucketEndNs(bucket) <= timeNs)
        {
            pass(range.bucketEndNs(bucket));
            for (final ReportListener listener : listeners)
            {
                listener.onBucketEnd(bucket, nowNs);
            }
            bucket++;
        }
        if (bucket < range.buckets())
        {
            pass(timeNs);
        }
    }

    private void pass(final long timeNs)
    {
        if (timeNs > nowNs)
        {
            for (final ReportListener listener : listeners)
            {
                listener.onTime(bucket, nowNs, timeNs);
            }
            nowNs = timeNs;
        }
    }
}
