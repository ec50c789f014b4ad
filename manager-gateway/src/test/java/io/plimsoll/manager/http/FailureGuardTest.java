package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FailureGuardTest
{
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

    private final FailureGuard guard = new FailureGuard();

    private boolean fail(final long nowNs, final String address, final String accessKey)
    {
        boolean locked = false;
        for (int i = 0; i < FailureGuard.FAILURES_MAX; i++)
        {
            locked = guard.failed(nowNs, address, accessKey);
        }
        return locked;
    }

    @Test
    void shouldLockOutAfterFailuresInARowAndLongerEachTime()
    {
        for (int i = 1; i < FailureGuard.FAILURES_MAX; i++)
        {
            assertFalse(guard.failed(0, "10.0.0.1", "a"));
        }
        assertEquals(0, guard.lockedSeconds(0, "10.0.0.1", "a"));
        assertTrue(guard.failed(0, "10.0.0.1", "a"));
        assertEquals(60, guard.lockedSeconds(0, "10.0.0.1", "a"));
        assertEquals(0, guard.lockedSeconds(0, "10.0.0.2", "a"), "the keypair is open to others");
        assertEquals(0, guard.lockedSeconds(0, "10.0.0.1", "b"), "others from there come in");
        assertEquals(1, guard.lockedSeconds(MINUTE_NS - 1, "10.0.0.1", "a"));
        assertEquals(0, guard.lockedSeconds(MINUTE_NS, "10.0.0.1", "a"));
        assertTrue(fail(MINUTE_NS, "10.0.0.1", "a"));
        assertEquals(120, guard.lockedSeconds(MINUTE_NS, "10.0.0.1", "a"));
        for (int i = 0; i < 10; i++)
        {
            fail(MINUTE_NS, "10.0.0.1", "a");
        }
        assertEquals(900, guard.lockedSeconds(MINUTE_NS, "10.0.0.1", "a"));
    }

    @Test
    void shouldForgetFailuresAfterASuccessOrALongTime()
    {
        for (int round = 0; round < 5; round++)
        {
            for (int i = 1; i < FailureGuard.FAILURES_MAX; i++)
            {
                assertFalse(guard.failed(0, "::1", "a"));
            }
            guard.succeeded("::1", "a");
        }
        assertEquals(0, guard.size());
        fail(0, "::1", "a");
        fail(40 * MINUTE_NS, "::1", "a");
        assertEquals(60, guard.lockedSeconds(40 * MINUTE_NS, "::1", "a"));
    }

    @Test
    void shouldRememberSoManyAtMost()
    {
        for (int i = 0; i < 20_000; i++)
        {
            guard.failed(0, "10.0." + i / 256 + "." + i % 256, "");
        }
        assertEquals(10_000, guard.size());
    }
}
