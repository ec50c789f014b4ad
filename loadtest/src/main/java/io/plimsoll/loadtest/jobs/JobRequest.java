package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.SessionPart;
import io.plimsoll.loadtest.simulate.SessionSpec.Constraint;
import io.plimsoll.loadtest.simulate.SessionSpec.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a session asks for. Equal ones are shared by all jobs of a workload, which is why millions of jobs fit.
 *
 * @param kernels     of it, at least one set of them; kernel 0 is of the first.
 * @param constraints on its agents: models of devices, labels, architecture.
 */
public record JobRequest(List<KernelSet> kernels, List<Constraint> constraints)
{
    /** Lists that nobody changes. */
    public JobRequest
    {
        kernels = List.copyOf(kernels);
        constraints = List.copyOf(constraints);
    }

    /** Equal kernels that may run anywhere. */
    public static JobRequest of(final int count, final Need need)
    {
        return new JobRequest(List.of(new KernelSet(count, need)), List.of());
    }

    /** Number of kernels. */
    public int kernelCount()
    {
        int count = 0;
        for (final KernelSet set : kernels)
        {
            count += set.count();
        }
        return count;
    }

    /** Millicores of all kernels. */
    public long cpuMillis()
    {
        long sum = 0;
        for (final KernelSet set : kernels)
        {
            sum += set.count() * set.need().cpuMillis();
        }
        return sum;
    }

    /** Bytes of all kernels. */
    public long memoryBytes()
    {
        long sum = 0;
        for (final KernelSet set : kernels)
        {
            sum += set.count() * set.need().memoryBytes();
        }
        return sum;
    }

    /** Thousandths of GPUs of all kernels. */
    public long gpuMilli()
    {
        long sum = 0;
        for (final KernelSet set : kernels)
        {
            sum += set.count() * set.need().gpuMilli();
        }
        return sum;
    }

    /** A further slot of all kernels. */
    public long slot(final String name)
    {
        long sum = 0;
        for (final KernelSet set : kernels)
        {
            sum += set.count() * set.need().slot(name);
        }
        return sum;
    }

    /** As a scenario says it. */
    public Request toRequest()
    {
        final Need first = kernels.get(0).need();
        final List<SessionPart> parts = new ArrayList<>();
        for (final KernelSet set : kernels.subList(1, kernels.size()))
        {
            final Map<String, Long> slots = new LinkedHashMap<>();
            set.need().slots().forEach(slot -> slots.put(slot.name(), slot.amount()));
            parts.add(new SessionPart(set.count(), set.need().cpuMillis(), set.need().memoryBytes(), slots));
        }
        return new Request(
            kernels.get(0).count(), first.cpuMillis(), first.memoryBytes(), first.slots(), List.copyOf(parts));
    }
}
