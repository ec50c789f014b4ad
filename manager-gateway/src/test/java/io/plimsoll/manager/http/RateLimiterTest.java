package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimiterTest
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final RateLimiter limiter = new RateLimiter(0);

    @Test
    void shouldLetInAsManyAsAMinuteHasAndThenOneByOne()
    {
        for (int i = 0; i < 60; i++)
        {
            final RateLimiter.Verdict verdict = limiter.admit(0, "a", 60);
            assertTrue(verdict.allowed());
            assertEquals(59 - i, verdict.remaining());
            assertEquals(i + 1, verdict.resetSeconds());
        }
        final RateLimiter.Verdict refused = limiter.admit(0, "a", 60);
        assertFalse(refused.allowed());
        assertEquals(1, refused.retryAfterSeconds());
        assertEquals(60, refused.resetSeconds());
        assertTrue(limiter.admit(0, "b", 60).allowed(), "others have their own");
        assertTrue(limiter.admit(SECOND_NS, "a", 60).allowed());
        assertFalse(limiter.admit(SECOND_NS, "a", 60).allowed());
        assertEquals(1, limiter.tryAdmit(SECOND_NS, "a", 60));
        assertEquals(0, limiter.tryAdmit(2 * SECOND_NS, "a", 60));
        assertEquals(1, limiter.tryAdmit(2 * SECOND_NS, "a", 60));
        assertEquals(59, limiter.admit(200 * SECOND_NS, "a", 60).remaining());
    }

    @Test
    void shouldHoldWhateverTheRateIs()
    {
        for (final int perMinute : new int[]{1, 7, 600, 1_000_000, Integer.MAX_VALUE})
        {
            final RateLimiter fresh = new RateLimiter(0);
            int allowed = 0;
            for (int i = 0; i < 5_000; i++)
            {
                allowed += fresh.admit(i * 24_000_000L, "a", perMinute).allowed() ? 1 : 0;
            }
            // Two minutes: what a minute has at once, and two minutes' worth after it.
            final long most = Math.min(5_000, 3L * perMinute);
            assertTrue(allowed <= most && allowed >= Math.min(5_000, 2L * perMinute), perMinute + ": " + allowed);
        }
    }

    @Test
    void shouldForgetWhoIsSilent()
    {
        limiter.admit(0, "a", 10);
        limiter.admit(0, "b", 10);
        assertEquals(2, limiter.size());
        limiter.admit(300 * SECOND_NS, "b", 10);
        assertEquals(1, limiter.size());
    }
}
