package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.http.ReplayGuard.Verdict;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayGuardTest
{
    private static final long NOW = 1_000_000_000L;
    private static final long SKEW = 300_000;

    private final ReplayGuard guard = new ReplayGuard(SKEW, 100);

    @Test
    void shouldLetInOnceAndNearTheDateOnly()
    {
        assertEquals(Verdict.FRESH, guard.admit(NOW, NOW, "a", "one"));
        assertEquals(Verdict.REPLAYED, guard.admit(NOW + 1, NOW, "a", "one"));
        assertEquals(Verdict.FRESH, guard.admit(NOW, NOW, "a", "two"));
        assertEquals(Verdict.FRESH, guard.admit(NOW, NOW, "b", "one"));
        assertEquals(Verdict.FRESH, guard.admit(NOW, NOW + SKEW, "a", "three"));
        assertEquals(Verdict.FRESH, guard.admit(NOW, NOW - SKEW, "a", "four"));
        assertEquals(Verdict.SKEWED, guard.admit(NOW, NOW + SKEW + 1, "a", "five"));
        assertEquals(Verdict.SKEWED, guard.admit(NOW, NOW - SKEW - 1, "a", "six"));
        assertEquals(Verdict.REPLAYED, guard.admit(NOW + SKEW, NOW, "a", "one"));
        assertEquals(Verdict.SKEWED, guard.admit(NOW + SKEW + 1, NOW, "a", "one"));
    }

    @Test
    void shouldNarrowTheWindowOfWhoSendsVeryMuch()
    {
        for (int i = 0; i < 150; i++)
        {
            assertEquals(Verdict.FRESH, guard.admit(NOW, NOW + i * 1_000, "a", "n" + i));
        }
        assertEquals(Verdict.FORGOTTEN, guard.admit(NOW, NOW, "a", "n0"));
        assertEquals(Verdict.FORGOTTEN, guard.admit(NOW, NOW, "a", "new"));
        assertEquals(Verdict.REPLAYED, guard.admit(NOW, NOW + 149_000, "a", "n149"));
        assertEquals(Verdict.FRESH, guard.admit(NOW, NOW, "b", "n0"));
    }

    @Test
    void shouldForgetKeypairsThatAreSilent()
    {
        guard.admit(NOW, NOW, "a", "one");
        guard.admit(NOW, NOW, "b", "one");
        assertEquals(2, guard.size());
        guard.admit(NOW + 2 * SKEW, NOW + 2 * SKEW, "b", "two");
        assertEquals(1, guard.size());
    }

    /** Whatever is sent, and wherever clocks go: nothing is let in twice. */
    @Test
    void shouldNeverLetInTwice()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            final Random random = new Random(seed);
            final ReplayGuard small = new ReplayGuard(10_000, 20);
            final Set<String> letIn = new HashSet<>();
            long nowMs = NOW;
            int fresh = 0;
            for (int i = 0; i < 2_000; i++)
            {
                nowMs += random.nextInt(1_000) - (random.nextInt(50) == 0 ? 3_000 : 0);
                final long dateMs = nowMs + random.nextInt(24_000) - 12_000;
                final String accessKey = "k" + random.nextInt(2);
                final long second = Math.floorDiv(dateMs, 1_000) * 1_000;
                final String nonce = "n" + random.nextInt(4);
                if (Verdict.FRESH == small.admit(nowMs, second, accessKey, nonce))
                {
                    fresh++;
                    assertTrue(letIn.add(accessKey + second + nonce), "seed=" + seed + " step=" + i);
                }
            }
            assertTrue(fresh > 500, "fresh=" + fresh);
        }
    }
}
