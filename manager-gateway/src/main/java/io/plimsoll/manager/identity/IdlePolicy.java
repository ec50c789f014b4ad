package io.plimsoll.manager.identity;

/**
 * When sessions that are not used end.
 *
 * @param timeoutNs  after nothing went in or out for as long; 0: never.
 * @param windowNs   after next to nothing was used for as long; 0: never.
 * @param graceNs    from the start of a session, before what it uses is looked at.
 * @param cpuPercent of the processors that it asked for: less is next to nothing.
 * @param gpuPercent of its GPUs: less is next to nothing.
 */
public record IdlePolicy(long timeoutNs, long windowNs, long graceNs, int cpuPercent, int gpuPercent)
{
    /** What counts as next to nothing unless said. */
    public static final int LOW_PERCENT = 5;

    /** Never. */
    public static final IdlePolicy NONE = new IdlePolicy(0, 0, 0, LOW_PERCENT, LOW_PERCENT);
}
