package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.transport.uplink.UplinkSender;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

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

    private int sentWithin(final long durationNs)
    {
        lease.connected(1, 2, 3, INTERVAL_NS, 0);
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
