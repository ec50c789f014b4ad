package io.plimsoll.manager;

import io.plimsoll.manager.egress.PendingReplies;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/** What has to be looked after now and then: calls without an answer, and the journal's space. A duty cycle. */
final class SweepAgent implements Agent
{
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PendingReplies replies;
    private final BooleanSupplier spaceKept;
    private final NanoClock clock;
    private volatile boolean spaceWasKept = true;
    private long nextNs;

    SweepAgent(final PendingReplies replies, final BooleanSupplier spaceKept, final NanoClock clock)
    {
        this.replies = replies;
        this.spaceKept = spaceKept;
        this.clock = clock;
        nextNs = clock.nanoTime();
    }

    @Override
    public String roleName()
    {
        return "sweep";
    }

    @Override
    public int doWork()
    {
        final long nowNs = clock.nanoTime();
        if (nowNs - nextNs < 0)
        {
            return 0;
        }
        nextNs = nowNs + INTERVAL_NS;
        // Asking makes the journal look for space again, which takes a system call: not once a submission.
        spaceWasKept = spaceKept.getAsBoolean();
        return replies.sweep(nowNs);
    }

    /** Whether there was space when this looked last. Any thread. */
    boolean spaceKept()
    {
        return spaceWasKept;
    }
}
