package io.plimsoll.agent.usage;

import io.plimsoll.agent.gpu.GpuSample;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.usage.Usage;
import java.util.List;

/**
 * What there is to say; immutable.
 *
 * @param host             null: nothing new.
 * @param processors       of the host.
 * @param memoryTotalBytes of the host.
 * @param kernels          of which there is news.
 * @param gpus             of the host; empty without news of the host.
 */
public record UsageReport(
    Usage host, int processors, long memoryTotalBytes, List<OfKernel> kernels, List<GpuSample> gpus)
{
    /** What a kernel uses. */
    public record OfKernel(KernelKey key, Usage usage)
    {
    }
}
