package io.plimsoll.agent;

import java.util.concurrent.TimeUnit;

/**
 * A clock that goes on only while somebody listens, by which the manager's silence is measured. What came in while
 * nobody looked, or while more had come in than was looked at, may wait unread: that is not the manager's silence. So
 * an agent that was stopped for a minute gives its link up no sooner than one that was not. One thread.
 */
final class Listening
{
    /** Of the time between two looks no more counts; they are some milliseconds apart at most. */
    static final long LOOK_MAX_NS = TimeUnit.SECONDS.toNanos(1);

    private long lookedNs;
    private long timeNs;
    private boolean hasLooked;

    /**
     * Somebody has looked at what came in.
     *
     * @param nowNs   when the look began.
     * @param sawAll  whether nothing was left.
     */
    void onLook(final long nowNs, final boolean sawAll)
    {
        if (hasLooked && sawAll)
        {
            timeNs += Math.min(nowNs - lookedNs, LOOK_MAX_NS);
        }
        hasLooked = true;
        lookedNs = nowNs;
    }

    /** Time spent listening so far; rises. */
    long timeNs()
    {
        return timeNs;
    }
}
