package io.plimsoll.transport.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReconnectBackoffTest
{
    private static final long FIRST = 1000;
    private static final long MAX = 16_000;

    @Test
    void shouldBeDueAtOnceAndThenDoubleUpToTheLargest()
    {
        final ReconnectBackoff backoff = new ReconnectBackoff(FIRST, MAX, 1);
        assertTrue(backoff.isDue(0));
        long delay = FIRST;
        long now = 0;
        for (int i = 0; i < 20; i++)
        {
            backoff.onClosed(now);
            final long wait = backoff.dueNs() - now;
            assertTrue(wait >= delay / 2 && wait <= delay, "wait=" + wait + " delay=" + delay);
            assertFalse(backoff.isDue(backoff.dueNs() - 1));
            assertTrue(backoff.isDue(backoff.dueNs()));
            now = backoff.dueNs();
            delay = Math.min(MAX, delay * 2);
        }
    }

    @Test
    void shouldBeginAnewOnlyAfterALinkThatLasted()
    {
        final ReconnectBackoff backoff = new ReconnectBackoff(FIRST, MAX, 1);
        backoff.onClosed(0);
        backoff.onClosed(0);
        backoff.onOpened(0);
        backoff.onClosed(MAX - 1);
        assertTrue(backoff.dueNs() - (MAX - 1) > FIRST);
        backoff.onOpened(0);
        backoff.onClosed(MAX);
        assertTrue(backoff.dueNs() - MAX <= FIRST);
    }

    @Test
    void shouldStayAwayAsLongAsTheManagerSays()
    {
        final ReconnectBackoff backoff = new ReconnectBackoff(FIRST, MAX, 1);
        backoff.onClosed(0, 1_000_000);
        assertFalse(backoff.isDue(1_000_000));
        assertTrue(backoff.isDue(1_000_000 + FIRST));
    }

    @Test
    void shouldDrawFromTheSeed()
    {
        assertEquals(dueAfterFour(7), dueAfterFour(7));
        assertNotEquals(dueAfterFour(7), dueAfterFour(8));
    }

    private static long dueAfterFour(final long seed)
    {
        final ReconnectBackoff backoff = new ReconnectBackoff(FIRST, MAX, seed);
        for (int i = 0; i < 4; i++)
        {
            backoff.onClosed(0);
        }
        return backoff.dueNs();
    }
}
