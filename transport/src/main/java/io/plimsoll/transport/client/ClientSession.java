package io.plimsoll.transport.client;

import io.plimsoll.transport.LaunchSpec;
import java.util.Map;

/**
 * A session, or a job array, to be submitted.
 *
 * @param name        for people; may be empty.
 * @param group       resource group.
 * @param type        0 batch, 1 interactive, 2 inference, 3 system.
 * @param priority    0 to 100, higher first.
 * @param kernels     that start together.
 * @param count       1, or the size of the array.
 * @param array       whether it is a job array, even of size 1.
 * @param cpuMillis   of each kernel, thousandths of a core.
 * @param memoryBytes of each kernel.
 * @param slots       further slots of each kernel by name.
 * @param walltimeNs  0: no limit.
 * @param graceNs     between SIGTERM and SIGKILL.
 * @param restart     whether it starts again elsewhere when its agent is lost, rather than waiting for it.
 * @param spec        what the agent launches.
 * @param terms       the rest.
 */
public record ClientSession(
    String name,
    String group,
    int type,
    int priority,
    int kernels,
    int count,
    boolean array,
    long cpuMillis,
    long memoryBytes,
    Map<String, Long> slots,
    long walltimeNs,
    long graceNs,
    boolean restart,
    LaunchSpec spec,
    ClientTerms terms)
{
    private static final long GRACE_NS = 10_000_000_000L;

    /** One batch session in the group default that needs nothing else. */
    public static ClientSession of(
        final String name, final long cpuMillis, final long memoryBytes, final LaunchSpec spec)
    {
        return new ClientSession(
            name, "default", 0, 10, 1, 1, false, cpuMillis, memoryBytes, Map.of(), 0, GRACE_NS, false, spec,
            ClientTerms.NONE);
    }

    /** The same with other terms. */
    public ClientSession with(final ClientTerms others)
    {
        return new ClientSession(
            name, group, type, priority, kernels, count, array, cpuMillis, memoryBytes, slots, walltimeNs, graceNs,
            restart, spec, others);
    }
}
