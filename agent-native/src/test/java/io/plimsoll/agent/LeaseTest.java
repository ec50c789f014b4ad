package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.transport.uplink.UplinkSender;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTest
{
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long CYCLE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Lease lease = new Lease(new NoLeaseFile(), new NoLoad());
    private final Uplink uplink = new Uplink();

    @Test
    void shouldSendAHeartbeatEachInterval()
    {
        uplink.isOpen = true;

        assertEquals(10, sentWithin(10 * INTERVAL_NS));
        assertEquals(10, uplink.tries);
    }

    /** Ten thousand agents on a full stream would otherwise do nothing else. */
    @Test
    void shouldTryAFullUplinkAgainSoonButNotInEveryCycle()
    {
        assertEquals(0, sentWithin(INTERVAL_NS));
        assertTrue(uplink.tries >= 4 && uplink.tries <= 6, "tries=" + uplink.tries);

        final long fullUntilNs = INTERVAL_NS;
        uplink.isOpen = true;
        int cycles = 0;
        while (0 == lease.sendHeartbeat(uplink, 0, fullUntilNs + cycles * CYCLE_NS))
        {
            cycles++;
        }
        assertTrue(cycles * CYCLE_NS <= INTERVAL_NS / 4, "cycles=" + cycles);
        assertEquals(fullUntilNs + cycles * CYCLE_NS + INTERVAL_NS, lease.nextHeartbeatNs());
    }

    /** A machine or a thread that pauses makes all late together; that must not last. */
    @Test
    void shouldKeepItsPlaceInTheIntervalHoweverLateItWas()
    {
        uplink.isOpen = true;
        lease.connected(1, 2, 3, 0, INTERVAL_NS, 0);
        assertEquals(1, lease.sendHeartbeat(uplink, 0, 0));
        assertEquals(1, lease.sendHeartbeat(uplink, 0, INTERVAL_NS + INTERVAL_NS / 3));
        assertEquals(2 * INTERVAL_NS, lease.nextHeartbeatNs());
        assertEquals(1, lease.sendHeartbeat(uplink, 0, 5 * INTERVAL_NS + INTERVAL_NS / 2));
        assertEquals(6 * INTERVAL_NS, lease.nextHeartbeatNs(), "what was missed is not made up for");
        assertEquals(0, lease.sendHeartbeat(uplink, 0, 6 * INTERVAL_NS - 1));
        assertEquals(1, lease.sendHeartbeat(uplink, 0, 6 * INTERVAL_NS));
        assertEquals(7 * INTERVAL_NS, lease.nextHeartbeatNs());
    }

    /** Thousands that connect at one moment, as after the start of a manager, with numbers that follow each other. */
    @ParameterizedTest
    @ValueSource(longs = {1, 70_000, Integer.MAX_VALUE})
    void shouldBeatApartFromThoseThatConnectedTogether(final long firstAgent)
    {
        final int agents = 1_000;
        final int parts = 10;
        final int[] beats = new int[parts];
        uplink.isOpen = true;
        for (int i = 0; i < agents; i++)
        {
            lease.connected(1, 2, 3, firstAgent + i, INTERVAL_NS, 0);
            assertEquals(1, lease.sendHeartbeat(uplink, 0, 0));
            final long secondNs = lease.nextHeartbeatNs();
            assertTrue(secondNs > 0 && secondNs <= INTERVAL_NS, "secondNs=" + secondNs);
            // All pause, and are late together.
            assertEquals(1, lease.sendHeartbeat(uplink, 0, 3 * INTERVAL_NS));
            beats[(int)((lease.nextHeartbeatNs() - 1) % INTERVAL_NS * parts / INTERVAL_NS)]++;
        }
        for (final int some : beats)
        {
            assertEquals(agents / parts, some, agents / parts / 10.0, Arrays.toString(beats));
        }
    }

    private int sentWithin(final long durationNs)
    {
        lease.connected(1, 2, 3, 0, INTERVAL_NS, 0);
        int sent = 0;
        for (long nowNs = 0; nowNs < durationNs; nowNs += CYCLE_NS)
        {
            sent += lease.sendHeartbeat(uplink, 0, nowNs);
        }
        return sent;
    }

    private static final class Uplink implements UplinkSender
    {
        private boolean isOpen;
        private int tries;

        @Override
        public boolean isConnected()
        {
            return true;
        }

        @Override
        public boolean trySend(final int streamId, final DirectBuffer buffer, final int offset, final int length)
        {
            tries++;
            return isOpen;
        }

        @Override
        public void close()
        {
            isOpen = false;
        }
    }
}
