package io.plimsoll.core.pipeline;

import java.util.function.LongSupplier;

/**
 * Says when what came in has not been handled for so long that timers must not blame those who sent it: after a pause
 * of the process, behind a full ring, a slow disk or an uplink that falls behind. A mark goes through the ring with
 * what came in before it; the age of the last one that came out is how far behind the core is. Of the core's thread.
 */
final class HeldTime
{
    private final CommandRing ring;
    private final LongSupplier arrivedNs;
    private final long heldMinNs;
    private long markSequence;
    private long markNs;
    /** All that had come in by then is handled. */
    private long handledNs;
    private long toldNs;
    /** Since when nobody was heard and nothing was told. */
    private long owedFromNs;
    private boolean isOwed;

    /**
     * Begins now.
     *
     * @param ring      that commands come through.
     * @param arrivedNs monotonic: all that had come in by then stands in the ring, or has stood there.
     * @param heldMinNs less is no pause.
     * @param nowNs     monotonic.
     */
    HeldTime(final CommandRing ring, final LongSupplier arrivedNs, final long heldMinNs, final long nowNs)
    {
        this.ring = ring;
        this.arrivedNs = arrivedNs;
        this.heldMinNs = heldMinNs;
        markSequence = ring.lastTaken();
        markNs = nowNs;
        handledNs = nowNs;
        toldNs = nowNs;
    }

    /** Looks how far behind the core is at a monotonic time. */
    void look(final long nowNs)
    {
        if (ring.isHandled(markSequence))
        {
            handledNs = Math.max(handledNs, markNs);
            // In this order: what had come in by then is in the ring before the mark is set.
            markNs = Math.min(nowNs, arrivedNs.getAsLong());
            markSequence = ring.lastTaken();
            if (ring.isHandled(markSequence))
            {
                handledNs = Math.max(handledNs, markNs);
            }
        }
        if (isOwed)
        {
            // It may have caught up before the time that the core was told ahead was over.
            isOwed = isBehind(nowNs) || nowNs > owedFromNs;
        }
        else if (isBehind(nowNs))
        {
            isOwed = true;
            owedFromNs = Math.max(handledNs, toldNs);
        }
    }

    private boolean isBehind(final long nowNs)
    {
        return nowNs - handledNs >= heldMinNs;
    }

    /** Whether there is something to tell, now or later. */
    boolean isOwed()
    {
        return isOwed;
    }

    /** Whether the core has to be told: when it has caught up, and before that when a timer would expire. */
    boolean isDue(final long nowNs, final boolean isTimerDue)
    {
        return !isBehind(nowNs) || isTimerDue && nowNs >= owedFromNs;
    }

    /**
     * For how long nobody was heard that was not told before; it counts as told now. As long as the core is behind,
     * that is a stretch ahead, so that what is due within it neither expires nor has to be told of each time.
     */
    long take(final long nowNs)
    {
        toldNs = isBehind(nowNs) ? nowNs + heldMinNs : nowNs;
        isOwed = false;
        return toldNs - owedFromNs;
    }
}
