package io.plimsoll.agent.usage;

import io.plimsoll.transport.usage.Usage;

/** Makes rates, and totals that never fall, of what the system counts for one kernel or host. One thread. */
final class UsageMeter
{
    private static final long NS_PER_MILLI_CORE = 1_000_000L;

    private final Counter cpu = new Counter();
    private final Counter read = new Counter();
    private final Counter written = new Counter();
    private final Counter received = new Counter();
    private final Counter sent = new Counter();
    private long peakBytes = Usage.UNKNOWN;

    /**
     * Takes a sample.
     *
     * @param now   as the system has it.
     * @param nowNs when.
     * @return what is known after it.
     */
    Usage sample(final Totals now, final long nowNs)
    {
        cpu.sample(now.cpuNs(), nowNs);
        read.sample(now.readBytes(), nowNs);
        written.sample(now.writtenBytes(), nowNs);
        received.sample(now.receivedBytes(), nowNs);
        sent.sample(now.sentBytes(), nowNs);
        peakBytes = Math.max(peakBytes, Math.max(now.memoryPeakBytes(), now.memoryBytes()));
        return new Usage(
            cpu.total,
            cpu.perSecond < 0 ? Usage.UNKNOWN : Math.round((double)cpu.perSecond / NS_PER_MILLI_CORE),
            now.memoryBytes(),
            peakBytes,
            read.total,
            written.total,
            received.total,
            sent.total,
            read.perSecond,
            written.perSecond,
            received.perSecond,
            sent.perSecond,
            now.processes(),
            Usage.UNKNOWN,
            Usage.UNKNOWN);
    }

    private static final class Counter
    {
        private final CounterRate rate = new CounterRate();
        private long total = Usage.UNKNOWN;
        private long perSecond = Usage.UNKNOWN;

        void sample(final long value, final long nowNs)
        {
            if (value < 0)
            {
                perSecond = Usage.UNKNOWN;
                return;
            }
            final boolean isFirst = total < 0;
            rate.sample(value, nowNs);
            total = isFirst ? value : total + rate.difference();
            // One look makes no rate: it is told as not known, so that no average counts it as none.
            perSecond = isFirst ? Usage.UNKNOWN : rate.perSecond();
        }
    }
}
