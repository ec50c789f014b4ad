package io.plimsoll.agent.kernel;

import java.util.List;

/**
 * An assignment as it came in; immutable.
 *
 * @param key           of the attempt.
 * @param termNonce     tells apart two reigns of one number.
 * @param assignmentNo  numbered per agent.
 * @param sequence      of the journal.
 * @param sessionId     of its session.
 * @param kernelIndex   in the session.
 * @param kernelCount   of the session.
 * @param arrayIndex    -1: not of an array.
 * @param restartOnLoss whether it must end when the lease of the agent ends.
 * @param cpuMillis     granted.
 * @param memoryBytes   granted; 0: no limit.
 * @param walltimeNs    0: no limit.
 * @param graceNs       between SIGTERM and SIGKILL.
 * @param slots         other slots.
 * @param hosts         of the kernels of the session, in index order.
 * @param addresses     of these hosts; empty where only the name is known, or for all.
 * @param spec          launch spec as JSON.
 */
public record Assignment(
    KernelKey key,
    long termNonce,
    long assignmentNo,
    long sequence,
    long sessionId,
    int kernelIndex,
    int kernelCount,
    int arrayIndex,
    boolean restartOnLoss,
    long cpuMillis,
    long memoryBytes,
    long walltimeNs,
    long graceNs,
    List<SlotGrant> slots,
    List<String> hosts,
    List<String> addresses,
    byte[] spec)
{
    private static final byte[] NO_SPEC = new byte[0];
    /** So much longer than its limit and its grace a kernel runs if its agent does not end it. */
    private static final long BACKSTOP_SECONDS = 5;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    /** Seconds of running after which it is ended without its agent if need be; 0: never. */
    public long backstopSeconds()
    {
        return 0 == walltimeNs ? 0 : (walltimeNs + graceNs) / NS_PER_SECOND + BACKSTOP_SECONDS;
    }

    /** The same with another limit; 0: none. */
    public Assignment withWalltimeNs(final long limitNs)
    {
        return new Assignment(
            key, termNonce, assignmentNo, sequence, sessionId, kernelIndex, kernelCount, arrayIndex, restartOnLoss,
            cpuMillis, memoryBytes, limitNs, graceNs, slots, hosts, addresses, spec);
    }

    /** The same without what only a launch needs; kept for kernels that have ended. */
    public Assignment ended()
    {
        return new Assignment(
            key, termNonce, assignmentNo, sequence, sessionId, kernelIndex, kernelCount, arrayIndex, restartOnLoss,
            cpuMillis, memoryBytes, walltimeNs, graceNs, List.of(), List.of(), List.of(), NO_SPEC);
    }
}
