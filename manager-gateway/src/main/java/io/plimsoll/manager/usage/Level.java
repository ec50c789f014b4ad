package io.plimsoll.manager.usage;

import io.plimsoll.transport.usage.Usage;
import java.util.function.ToLongFunction;

/** What rises and falls, so that more than its latest value is worth keeping. */
public enum Level
{
    CPU_MILLIS(Usage::cpuMillis),
    MEMORY_BYTES(Usage::memoryBytes),
    READ_RATE(Usage::readRate),
    WRITTEN_RATE(Usage::writtenRate),
    RECEIVED_RATE(Usage::receivedRate),
    SENT_RATE(Usage::sentRate),
    GPU_PERCENT(Usage::gpuPercent),
    GPU_MEMORY_BYTES(Usage::gpuMemoryBytes);

    private final ToLongFunction<Usage> value;

    Level(final ToLongFunction<Usage> value)
    {
        this.value = value;
    }

    /** Negative: not known. */
    public long of(final Usage usage)
    {
        return value.applyAsLong(usage);
    }
}
