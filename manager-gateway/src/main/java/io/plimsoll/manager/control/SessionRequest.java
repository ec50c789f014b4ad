package io.plimsoll.manager.control;

import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.transport.LaunchSpec;
import java.util.List;
import java.util.Map;

/**
 * One session, or one job array.
 *
 * @param name         for people; not unique.
 * @param group        resource group, {@code default} if the user named none.
 * @param type         of the session.
 * @param priority     0 to 100, higher first, 10 by default.
 * @param kernels      of each session, at least 1.
 * @param count        1, or the size of the array.
 * @param array        whether it is a job array, even of size 1.
 * @param cpuMillis    of each kernel.
 * @param memoryBytes  of each kernel.
 * @param slots        further slots of each kernel by name, such as {@code cuda.device}.
 * @param walltimeNs   0: no limit.
 * @param graceNs      between SIGTERM and SIGKILL.
 * @param onLoss       what to do when the agent is lost.
 * @param dependencies ids that must end with success first.
 * @param spec         what the agent launches.
 * @param terms        the rest.
 */
public record SessionRequest(
    String name,
    String group,
    SessionType type,
    int priority,
    int kernels,
    int count,
    boolean array,
    long cpuMillis,
    long memoryBytes,
    Map<String, Long> slots,
    long walltimeNs,
    long graceNs,
    OnLoss onLoss,
    List<Long> dependencies,
    LaunchSpec spec,
    SessionTerms terms)
{
    /** The same with another limit of its run time. */
    public SessionRequest withWalltimeNs(final long otherNs)
    {
        return new SessionRequest(
            name, group, type, priority, kernels, count, array, cpuMillis, memoryBytes, slots, otherNs, graceNs, onLoss,
            dependencies, spec, terms);
    }
}
