package io.plimsoll.manager.ingress;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnswerPatienceTest
{
    private static final long STUCK_NS = TimeUnit.MILLISECONDS.toNanos(30_000);
    private static final long START_NS = Long.MAX_VALUE - 10;

    private final AnswerPatience patience = new AnswerPatience(30_000);

    @Test
    void shouldLoseItWithWhoTakesNothing()
    {
        patience.onFull(START_NS);
        assertFalse(patience.isStuck(START_NS, "a", 0));
        assertFalse(patience.isStuck(START_NS + STUCK_NS, "a", 0));
        assertTrue(patience.isStuck(START_NS + STUCK_NS + 1, "a", 0));
    }

    @Test
    void shouldKeepItWithWhoeverTakesAByteNowAndThen()
    {
        patience.onFull(START_NS);
        long nowNs = START_NS;
        for (int i = 0; i < 10; i++)
        {
            nowNs += STUCK_NS;
            assertFalse(patience.isStuck(nowNs, i < 5 ? "a" : "b", i));
        }
        assertFalse(patience.isStuck(nowNs + STUCK_NS, "b", 9));
        assertTrue(patience.isStuck(nowNs + STUCK_NS + 1, "b", 9));
    }

    /** What lay there long ago, while there was little of it, is not held against anybody. */
    @Test
    void shouldBeginAnewWheneverTooMuchWaits()
    {
        patience.onFull(START_NS);
        assertFalse(patience.isStuck(START_NS, "a", 0));
        patience.onFull(START_NS + 9 * STUCK_NS);
        assertFalse(patience.isStuck(START_NS + 10 * STUCK_NS, "a", 0));
        assertTrue(patience.isStuck(START_NS + 10 * STUCK_NS + 1, "a", 0));
    }
}
