package io.plimsoll.agent.usage;

import io.plimsoll.transport.usage.Usage;

/**
 * Counters and levels as the system has them now; {@link Usage#UNKNOWN} for what it does not tell.
 *
 * @param cpuNs           processor time.
 * @param memoryBytes     in use.
 * @param memoryPeakBytes most so far.
 * @param readBytes       from disks.
 * @param writtenBytes    to disks.
 * @param receivedBytes   over the network.
 * @param sentBytes       over the network.
 * @param processes       now.
 */
public record Totals(
    long cpuNs,
    long memoryBytes,
    long memoryPeakBytes,
    long readBytes,
    long writtenBytes,
    long receivedBytes,
    long sentBytes,
    int processes)
{
    private static final long UNKNOWN = Usage.UNKNOWN;

    /** Nothing is known. */
    public static final Totals NONE =
        new Totals(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, Usage.UNKNOWN);

    /** What this leaves open, as that has it. */
    Totals or(final Totals that)
    {
        return new Totals(
            or(cpuNs, that.cpuNs),
            or(memoryBytes, that.memoryBytes),
            or(memoryPeakBytes, that.memoryPeakBytes),
            or(readBytes, that.readBytes),
            or(writtenBytes, that.writtenBytes),
            or(receivedBytes, that.receivedBytes),
            or(sentBytes, that.sentBytes),
            (int)or(processes, that.processes));
    }

    private static long or(final long value, final long otherwise)
    {
        return value < 0 ? otherwise : value;
    }
}
