package io.plimsoll.loadtest.report;

/**
 * The time that a report is about, [from, to), and the time before it that it is compared with, in buckets of equal
 * width: whole ones before {@code fromNs}, and from there on up to {@code toNs}, where the last one may be shorter.
 * Times are epoch nanoseconds.
 *
 * @param fromNs          begin of the range and of a bucket.
 * @param toNs            end of the range.
 * @param widthNs         of a bucket.
 * @param baselineBuckets before the range.
 * @param rangeBuckets    of the range.
 */
public record ReportRange(long fromNs, long toNs, long widthNs, int baselineBuckets, int rangeBuckets)
{
    /** Most buckets in all. */
    public static final int BUCKETS_MAX = 500;
    /** Most buckets of the range. */
    public static final int RANGE_BUCKETS_MAX = 240;

    private static final long MS = 1_000_000L;
    private static final long SECOND = 1_000 * MS;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    /** Widths at which a scale of time reads well. */
    private static final long[] WIDTHS_NS = {
        MS, 2 * MS, 5 * MS, 10 * MS, 20 * MS, 50 * MS, 100 * MS, 200 * MS, 500 * MS, SECOND, 2 * SECOND, 5 * SECOND,
        10 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
        HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY};

    /**
     * Chooses the narrowest buckets of which there are few enough.
     *
     * @param fromNs         begin of the range.
     * @param toNs           its end, later.
     * @param baselineFromNs begin of what it is compared with, not later than the range's.
     */
    public static ReportRange of(final long fromNs, final long toNs, final long baselineFromNs)
    {
        int next = 0;
        long widthNs = WIDTHS_NS[0];
        while (buckets(toNs - fromNs, widthNs) > RANGE_BUCKETS_MAX ||
            buckets(toNs - fromNs, widthNs) + (fromNs - baselineFromNs) / widthNs > BUCKETS_MAX)
        {
            next++;
            widthNs = next < WIDTHS_NS.length ? WIDTHS_NS[next] : 2 * widthNs;
        }
        return new ReportRange(
            fromNs, toNs, widthNs, (int)((fromNs - baselineFromNs) / widthNs), (int)buckets(toNs - fromNs, widthNs));
    }

    private static long buckets(final long lengthNs, final long widthNs)
    {
        return (lengthNs + widthNs - 1) / widthNs;
    }

    /** Of baseline and range. */
    public int buckets()
    {
        return baselineBuckets + rangeBuckets;
    }

    /** Begin of the first bucket. */
    public long startNs()
    {
        return bucketStartNs(0);
    }

    /** Begin of a bucket. */
    public long bucketStartNs(final int bucket)
    {
        return fromNs + (bucket - baselineBuckets) * widthNs;
    }

    /** End of a bucket, where the next begins. */
    public long bucketEndNs(final int bucket)
    {
        return Math.min(toNs, bucketStartNs(bucket) + widthNs);
    }

    /** The bucket of a time; -1 if it is in none. */
    public int bucket(final long timeNs)
    {
        return timeNs < startNs() || timeNs >= toNs ? -1 : (int)((timeNs - startNs()) / widthNs);
    }

    /** Whether a time is in the range. */
    public boolean covers(final long timeNs)
    {
        return timeNs >= fromNs && timeNs < toNs;
    }

    /** Whether a bucket is in the range. */
    public boolean isInRange(final int bucket)
    {
        return bucket >= baselineBuckets;
    }

    /** Whether a bucket has its full width. */
    public boolean isWhole(final int bucket)
    {
        return bucketEndNs(bucket) - bucketStartNs(bucket) == widthNs;
    }
}
