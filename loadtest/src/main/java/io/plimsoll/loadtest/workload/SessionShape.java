package io.plimsoll.loadtest.workload;

import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import java.util.List;

/**
 * One entry of a submission.
 *
 * @param type         of the session.
 * @param onLoss       what to do when its agent is lost.
 * @param priority     0 to 100.
 * @param kernels      of each session.
 * @param count        1, or the size of the array.
 * @param array        whether it is a job array.
 * @param cpuMillis    of each kernel.
 * @param memoryBytes  of each kernel.
 * @param walltimeNs   0: no limit.
 * @param graceNs      between the two signals.
 * @param slots        further slots of each kernel.
 * @param dependencies ids that must end with success first.
 * @param group        resource group.
 * @param specIndex    in the specs of the submission.
 */
public record SessionShape(
    SessionType type,
    OnLoss onLoss,
    int priority,
    int kernels,
    int count,
    boolean array,
    long cpuMillis,
    long memoryBytes,
    long walltimeNs,
    long graceNs,
    List<Slot> slots,
    List<Long> dependencies,
    String group,
    int specIndex)
{
    /** Grace of every shape that does not say otherwise. */
    public static final long GRACE_NS = 10_000_000_000L;

    /**
     * A batch session of one kernel in the group {@code default}.
     *
     * @param cpuMillis   of it.
     * @param memoryBytes of it.
     * @return the shape.
     */
    public static SessionShape single(final long cpuMillis, final long memoryBytes)
    {
        return gang(1, cpuMillis, memoryBytes);
    }

    /**
     * A batch session of several equal kernels in the group {@code default}.
     *
     * @param kernels     of the gang.
     * @param cpuMillis   of each.
     * @param memoryBytes of each.
     * @return the shape.
     */
    public static SessionShape gang(final int kernels, final long cpuMillis, final long memoryBytes)
    {
        return new SessionShape(
            SessionType.BATCH, OnLoss.WAIT, 10, kernels, 1, false, cpuMillis, memoryBytes, 0, GRACE_NS,
            List.of(), List.of(), "default", 0);
    }

    /**
     * The same as a job array.
     *
     * @param size of the array.
     * @return the shape.
     */
    public SessionShape arrayOf(final int size)
    {
        return new SessionShape(
            type, onLoss, priority, kernels, size, true, cpuMillis, memoryBytes, walltimeNs, graceNs, slots,
            dependencies, group, specIndex);
    }

    /**
     * The same with another slot.
     *
     * @param name   of the slot.
     * @param amount of each kernel.
     * @return the shape.
     */
    public SessionShape withSlot(final String name, final long amount)
    {
        return new SessionShape(
            type, onLoss, priority, kernels, count, array, cpuMillis, memoryBytes, walltimeNs, graceNs,
            List.of(new Slot(name, amount)), dependencies, group, specIndex);
    }

    /**
     * An amount of a slot.
     *
     * @param name   of the slot.
     * @param amount of it.
     */
    public record Slot(String name, long amount)
    {
    }
}
