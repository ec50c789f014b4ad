package io.plimsoll.manager.http;

import java.util.concurrent.TimeUnit;

/**
 * How long a terminal waits for its client, and for the agent's first word: what has come and gone since when. Knows
 * nothing of sockets. Event loop only.
 */
final class TerminalPatience
{
    /** Until the client has said what it wants, and then until the agent has answered. */
    static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(2);
    static final int SILENT_HEARTBEATS = 4;
    /** Somebody who pages through the output of a command is slower than a reader of logs. */
    static final int STUCK_FACTOR = 20;

    private final long stuckNs;
    private final long heartbeatNs;
    private boolean started;
    private int waiting;
    private long sinceNs;
    private long progressNs;
    private long heardNs;
    private long pingedNs;

    TerminalPatience(final HttpLimits limits, final long nowNs)
    {
        this(limits, nowNs, STUCK_FACTOR);
    }

    /** For somebody who only reads, and nothing has to be waited for first. */
    static TerminalPatience ofReader(final HttpLimits limits, final long nowNs)
    {
        final TerminalPatience patience = new TerminalPatience(limits, nowNs, 1);
        patience.onStarted();
        return patience;
    }

    private TerminalPatience(final HttpLimits limits, final long nowNs, final int stuckFactor)
    {
        stuckNs = stuckFactor * TimeUnit.MILLISECONDS.toNanos(limits.stuckReaderTimeoutMs());
        heartbeatNs = TimeUnit.MILLISECONDS.toNanos(limits.heartbeatIntervalMs());
        sinceNs = nowNs;
        progressNs = nowNs;
        heardNs = nowNs;
        pingedNs = nowNs;
    }

    /** The client has said what it wants. */
    void onOpened(final long nowNs)
    {
        sinceNs = nowNs;
    }

    /** The agent has answered. */
    void onStarted()
    {
        started = true;
    }

    void onHeard(final long nowNs)
    {
        heardNs = nowNs;
    }

    /** Output waits for the client. */
    void onQueued(final long nowNs)
    {
        if (0 == waiting)
        {
            // While nothing waited nobody was slow.
            progressNs = nowNs;
        }
        waiting++;
    }

    void onTaken(final long nowNs)
    {
        waiting--;
        progressNs = nowNs;
        // Whoever takes is there.
        heardNs = nowNs;
    }

    /**
     * How long the connection stays when all is said, unless the client closes it. What it has not read by then is lost
     * to it, though it has been sent: whoever pages through the output is not hurried by the command's end.
     */
    long lingerNs(final boolean isRegular)
    {
        return isRegular ? stuckNs : LINGER_NS;
    }

    /** What is to be done now. */
    Verdict look(final long nowNs)
    {
        if (!started && nowNs - sinceNs > ANSWER_NS)
        {
            return Verdict.NOT_STARTED;
        }
        if (waiting > 0 && nowNs - progressNs > stuckNs)
        {
            return Verdict.SLOW;
        }
        // Behind output that waits no answer can come.
        if (0 == waiting && nowNs - heardNs > SILENT_HEARTBEATS * heartbeatNs)
        {
            return Verdict.SILENT;
        }
        if (nowNs - pingedNs > heartbeatNs)
        {
            pingedNs = nowNs;
            return Verdict.PING;
        }
        return Verdict.WAIT;
    }

    enum Verdict
    {
        WAIT, PING, NOT_STARTED, SLOW, SILENT
    }
}
