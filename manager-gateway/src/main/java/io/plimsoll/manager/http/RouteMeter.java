package io.plimsoll.manager.http;

import java.math.BigDecimal;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/** Requests of one route by status, and how long they took. Any thread. */
final class RouteMeter
{
    /** Upper bounds of the buckets in nanoseconds; a last bucket has no bound. */
    static final long[] BOUNDS_NS =
    {
        100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
        250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000L, 5_000_000_000L, 10_000_000_000L
    };

    private static final int STATUS_MAX = 600;

    private final String method;
    private final String template;
    private final AtomicReferenceArray<LongAdder> countByStatus = new AtomicReferenceArray<>(STATUS_MAX);
    private final LongAdder[] buckets = new LongAdder[BOUNDS_NS.length + 1];
    private final LongAdder totalNs = new LongAdder();

    RouteMeter(final String method, final String template)
    {
        this.method = method;
        this.template = template;
        for (int i = 0; i < buckets.length; i++)
        {
            buckets[i] = new LongAdder();
        }
    }

    void record(final int status, final long durationNs)
    {
        LongAdder count = countByStatus.get(status);
        if (null == count)
        {
            countByStatus.compareAndSet(status, null, new LongAdder());
            count = countByStatus.get(status);
        }
        count.increment();
        int bucket = 0;
        while (bucket < BOUNDS_NS.length && durationNs > BOUNDS_NS[bucket])
        {
            bucket++;
        }
        buckets[bucket].increment();
        totalNs.add(durationNs);
    }

    /** Appends {@code plimsoll_http_requests_total}. */
    void appendCounts(final StringBuilder text)
    {
        for (int status = 0; status < STATUS_MAX; status++)
        {
            final LongAdder count = countByStatus.get(status);
            if (null != count)
            {
                text.append("plimsoll_http_requests_total{").append(labels()).append(",status=\"").append(status)
                    .append("\"} ").append(count.sum()).append('\n');
            }
        }
    }

    /** Appends {@code plimsoll_http_request_duration_seconds}, unless nothing was ever asked for here. */
    void appendDurations(final StringBuilder text)
    {
        long cumulative = 0;
        for (final LongAdder bucket : buckets)
        {
            cumulative += bucket.sum();
        }
        if (0 == cumulative)
        {
            return;
        }
        cumulative = 0;
        for (int i = 0; i < buckets.length; i++)
        {
            cumulative += buckets[i].sum();
            text.append("plimsoll_http_request_duration_seconds_bucket{").append(labels()).append(",le=\"");
            if (i < BOUNDS_NS.length)
            {
                text.append(seconds(BOUNDS_NS[i]));
            }
            else
            {
                text.append("+Inf");
            }
            text.append("\"} ").append(cumulative).append('\n');
        }
        text.append("plimsoll_http_request_duration_seconds_sum{").append(labels()).append("} ")
            .append(seconds(totalNs.sum())).append('\n');
        text.append("plimsoll_http_request_duration_seconds_count{").append(labels()).append("} ")
            .append(cumulative).append('\n');
    }

    private static String seconds(final long ns)
    {
        return BigDecimal.valueOf(ns, 9).stripTrailingZeros().toPlainString();
    }

    private String labels()
    {
        return "method=\"" + method + "\",route=\"" + template + "\"";
    }
}
