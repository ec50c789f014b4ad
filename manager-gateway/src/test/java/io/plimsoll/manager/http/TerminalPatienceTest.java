package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.manager.http.TerminalPatience.Verdict;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TerminalPatienceTest
{
    private static final long HEARTBEAT_NS = TimeUnit.MILLISECONDS.toNanos(HttpLimits.DEFAULTS.heartbeatIntervalMs());
    private static final long SILENT_NS = TerminalPatience.SILENT_HEARTBEATS * HEARTBEAT_NS;
    private static final long STUCK_NS =
        TerminalPatience.STUCK_FACTOR * TimeUnit.MILLISECONDS.toNanos(HttpLimits.DEFAULTS.stuckReaderTimeoutMs());
    private static final long START_NS = Long.MAX_VALUE - HEARTBEAT_NS;

    private final TerminalPatience patience = new TerminalPatience(HttpLimits.DEFAULTS, START_NS);
    private long nowNs = START_NS;

    private Verdict after(final long durationNs)
    {
        nowNs += durationNs;
        return patience.look(nowNs);
    }

    /** The client answers each ping, so that only what is asked about can end it. */
    private Verdict afterAnswers(final long durationNs)
    {
        for (long left = durationNs; left > HEARTBEAT_NS; left -= HEARTBEAT_NS)
        {
            nowNs += HEARTBEAT_NS;
            patience.onHeard(nowNs);
        }
        nowNs += durationNs % HEARTBEAT_NS;
        return patience.look(nowNs);
    }

    @Test
    void shouldWaitForTheFirstWordOfClientAndOfAgent()
    {
        assertEquals(Verdict.WAIT, after(TerminalPatience.ANSWER_NS));
        patience.onOpened(nowNs);
        patience.onHeard(nowNs);
        assertEquals(Verdict.WAIT, after(TerminalPatience.ANSWER_NS - HEARTBEAT_NS / 2));
        assertEquals(Verdict.NOT_STARTED, after(HEARTBEAT_NS / 2 + 1));
        patience.onStarted();
        assertEquals(Verdict.PING, after(0));
        assertEquals(Verdict.WAIT, after(1));
    }

    @Test
    void shouldDropWhoIsSilentThoughNothingWaits()
    {
        patience.onStarted();
        nowNs += SILENT_NS;
        patience.onHeard(nowNs);
        assertEquals(Verdict.PING, after(SILENT_NS));
        assertEquals(Verdict.SILENT, after(1));
    }

    @Test
    void shouldDropWhoTakesNothingOfWhatWaits()
    {
        patience.onStarted();
        patience.onQueued(nowNs);
        patience.onQueued(nowNs);
        assertEquals(Verdict.PING, after(STUCK_NS));
        patience.onTaken(nowNs);
        assertEquals(Verdict.PING, after(STUCK_NS));
        assertEquals(Verdict.SLOW, after(1));
    }

    /** A shell in which nobody types for an hour owes nothing. */
    @Test
    void shouldNotCountTimeInWhichNothingWaited()
    {
        patience.onStarted();
        patience.onQueued(nowNs);
        patience.onTaken(nowNs);
        nowNs += 10 * STUCK_NS;
        patience.onHeard(nowNs);
        patience.onQueued(nowNs);
        assertEquals(Verdict.PING, after(1));
        assertEquals(Verdict.SLOW, after(STUCK_NS));
    }

    @Test
    void shouldCountTakingAsAnAnswer()
    {
        patience.onStarted();
        patience.onQueued(nowNs);
        // Longer than a silent client is waited for: no answer can come from behind what waits.
        assertEquals(Verdict.PING, after(SILENT_NS + 1));
        patience.onTaken(nowNs);
        assertEquals(Verdict.WAIT, after(0));
        assertEquals(Verdict.PING, afterAnswers(2 * STUCK_NS));
    }

    @Test
    void shouldLeaveClientAsMuchTimeToReadTheRestAsBefore()
    {
        assertEquals(STUCK_NS, patience.lingerNs(true));
        assertEquals(TimeUnit.SECONDS.toNanos(2), patience.lingerNs(false));
    }
}
