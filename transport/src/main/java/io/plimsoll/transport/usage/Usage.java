package io.plimsoll.transport.usage;

import io.plimsoll.transport.sbe.UsageValuesDecoder;
import io.plimsoll.transport.sbe.UsageValuesEncoder;

/**
 * What a kernel or a host used when it was looked at; {@link #UNKNOWN} stands for what cannot be told, and for rates
 * that need a second look. Totals count from when the kernel (or the host) started and never fall; rates are per
 * second.
 *
 * @param cpuNs           processor time in all.
 * @param cpuMillis       processors in use, in thousandths of one.
 * @param memoryBytes     in use, without what the system could take back at once.
 * @param memoryPeakBytes most so far.
 * @param readBytes       from disks.
 * @param writtenBytes    to disks.
 * @param receivedBytes   over the network.
 * @param sentBytes       over the network.
 * @param readRate        the same a second.
 * @param writtenRate     the same a second.
 * @param receivedRate    the same a second.
 * @param sentRate        the same a second.
 * @param processes       at the time.
 * @param gpuPercent      how busy its GPUs were on average.
 * @param gpuMemoryBytes  of its GPUs in use.
 */
public record Usage(
    long cpuNs,
    long cpuMillis,
    long memoryBytes,
    long memoryPeakBytes,
    long readBytes,
    long writtenBytes,
    long receivedBytes,
    long sentBytes,
    long readRate,
    long writtenRate,
    long receivedRate,
    long sentRate,
    int processes,
    int gpuPercent,
    long gpuMemoryBytes)
{
    /** For what cannot be told. */
    public static final int UNKNOWN = -1;

    /** Of which nothing is known. */
    public static final Usage NONE = new Usage(
        UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN,
        UNKNOWN, UNKNOWN, UNKNOWN);

    /** The same with what GPUs do. */
    public Usage withGpu(final int percent, final long memoryUsedBytes)
    {
        return new Usage(
            cpuNs, cpuMillis, memoryBytes, memoryPeakBytes, readBytes, writtenBytes, receivedBytes, sentBytes,
            readRate, writtenRate, receivedRate, sentRate, processes, percent, memoryUsedBytes);
    }

    /** Writes it into a message. */
    public void encode(final UsageValuesEncoder values)
    {
        values
            .cpuNs(cpuNs)
            .cpuMillis(cpuMillis)
            .memoryBytes(memoryBytes)
            .memoryPeakBytes(memoryPeakBytes)
            .readBytes(readBytes)
            .writtenBytes(writtenBytes)
            .receivedBytes(receivedBytes)
            .sentBytes(sentBytes)
            .readRate(readRate)
            .writtenRate(writtenRate)
            .receivedRate(receivedRate)
            .sentRate(sentRate)
            .processes(processes)
            .gpuPercent(gpuPercent)
            .gpuMemoryBytes(gpuMemoryBytes);
    }

    /** Reads it from a message; whatever is negative counts as not known. */
    public static Usage decode(final UsageValuesDecoder values)
    {
        return new Usage(
            known(values.cpuNs()),
            known(values.cpuMillis()),
            known(values.memoryBytes()),
            known(values.memoryPeakBytes()),
            known(values.readBytes()),
            known(values.writtenBytes()),
            known(values.receivedBytes()),
            known(values.sentBytes()),
            known(values.readRate()),
            known(values.writtenRate()),
            known(values.receivedRate()),
            known(values.sentRate()),
            (int)known(values.processes()),
            (int)known(values.gpuPercent()),
            known(values.gpuMemoryBytes()));
    }

    private static long known(final long value)
    {
        return value < 0 ? UNKNOWN : value;
    }
}
