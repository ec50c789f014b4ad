package io.plimsoll.manager.usage;

import io.plimsoll.transport.usage.Usage;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What something has used so far; immutable.
 *
 * @param atNs    when the latest sample came, in epoch nanoseconds of the manager.
 * @param samples that came.
 * @param last    totals and peak so far, levels as of the latest sample.
 * @param ranges  of levels that were ever known.
 */
public record UsageStatistics(long atNs, long samples, Usage last, Map<Level, Range> ranges)
{
    static final UsageStatistics NONE = new UsageStatistics(0, 0, Usage.NONE, Map.of());

    /**
     * The same after another sample.
     *
     * @param usage   as it came.
     * @param epochNs now.
     * @param falls   whether totals may begin anew, as those of a host do when it starts.
     */
    UsageStatistics with(final Usage usage, final long epochNs, final boolean falls)
    {
        final EnumMap<Level, Range> next = new EnumMap<>(Level.class);
        for (final Level level : Level.values())
        {
            final long value = level.of(usage);
            final Range before = ranges.get(level);
            if (value >= 0 || null != before)
            {
                next.put(level, (null == before ? Range.NONE : before).with(value));
            }
        }
        return new UsageStatistics(
            epochNs, samples + 1, merged(usage, falls), Collections.unmodifiableMap(next));
    }

    /** What cannot be told for once is still known from before. */
    private Usage merged(final Usage now, final boolean falls)
    {
        return new Usage(
            total(last.cpuNs(), now.cpuNs(), falls),
            now.cpuMillis(),
            now.memoryBytes(),
            Math.max(last.memoryPeakBytes(), Math.max(now.memoryPeakBytes(), now.memoryBytes())),
            total(last.readBytes(), now.readBytes(), falls),
            total(last.writtenBytes(), now.writtenBytes(), falls),
            total(last.receivedBytes(), now.receivedBytes(), falls),
            total(last.sentBytes(), now.sentBytes(), falls),
            now.readRate(),
            now.writtenRate(),
            now.receivedRate(),
            now.sentRate(),
            now.processes(),
            now.gpuPercent(),
            now.gpuMemoryBytes());
    }

    private static long total(final long before, final long now, final boolean falls)
    {
        return falls && now >= 0 ? now : Math.max(before, now);
    }

    /** Of one level. */
    public Range range(final Level level)
    {
        return ranges.getOrDefault(level, Range.NONE);
    }
}
