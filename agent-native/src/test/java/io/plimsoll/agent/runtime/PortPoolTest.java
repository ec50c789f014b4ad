package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PortPoolTest
{
    private static final long COOL_DOWN_NS = TimeUnit.SECONDS.toNanos(60);

    private final PortPool pool = new PortPool(30_000, 30_002, COOL_DOWN_NS);

    @Test
    void shouldGiveOutInOrderAndWhatCameBackLast()
    {
        assertEquals(30_000, pool.acquire(0));
        assertEquals(30_001, pool.acquire(0));
        pool.release(30_000, 0);
        assertEquals(30_002, pool.acquire(COOL_DOWN_NS));
        assertEquals(30_000, pool.acquire(COOL_DOWN_NS));
    }

    @Test
    void shouldRefuseUntilAPortHasCooledDown()
    {
        for (int port = 30_000; port <= 30_002; port++)
        {
            assertEquals(port, pool.acquire(0));
        }
        assertEquals(PortPool.NONE, pool.acquire(0));
        pool.release(30_001, 5);
        assertEquals(PortPool.NONE, pool.acquire(4 + COOL_DOWN_NS));
        assertEquals(30_001, pool.acquire(5 + COOL_DOWN_NS));
    }

    @Test
    void shouldClaimWithoutCoolingDown()
    {
        assertEquals(30_000, pool.acquire(0));
        pool.release(30_000, 0);
        pool.claim(30_000);
        assertEquals(30_001, pool.acquire(1));
        assertEquals(30_002, pool.acquire(1));
        assertEquals(PortPool.NONE, pool.acquire(10 * COOL_DOWN_NS));
    }

    @Test
    void shouldIgnoreWhatIsOutsideOrNotTaken()
    {
        pool.release(29_999, 0);
        pool.release(30_003, 0);
        pool.claim(40_000);
        pool.release(30_001, 0);
        assertEquals(30_000, pool.acquire(0));
        assertEquals(30_001, pool.acquire(0));
        assertEquals(30_002, pool.acquire(0));
        assertEquals(PortPool.NONE, pool.acquire(COOL_DOWN_NS));
    }

    @Test
    void shouldRefuseARangeThatIsNone()
    {
        final String message =
            assertThrows(IllegalArgumentException.class, () -> new PortPool(30_001, 30_000, 0)).getMessage();
        assertTrue(message.contains("30001-30000"), message);
    }
}
