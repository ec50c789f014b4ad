package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class CorePoolTest
{
    private static final int ELSEWHERE = -1;

    private final CorePool pool = new CorePool(CpuList.parse("2-5"));

    @Test
    void shouldGiveWholeCoresToOneKernelEach()
    {
        assertEquals("2", CpuList.format(pool.acquire(1000, ELSEWHERE)));
        assertEquals("3-4", CpuList.format(pool.acquire(2000, ELSEWHERE)));
        assertEquals("5", CpuList.format(pool.acquire(1000, ELSEWHERE)));
    }

    @Test
    void shouldPreferCoreThatSpawningThreadIsOn()
    {
        assertEquals("4", CpuList.format(pool.acquire(1000, 4)));
        assertEquals("2", CpuList.format(pool.acquire(1000, 4)));
        assertEquals("3,5", CpuList.format(pool.acquire(2000, 5)));
    }

    @Test
    void shouldGiveFreedCoresFirst()
    {
        final BitSet first = pool.acquire(2000, ELSEWHERE);
        pool.acquire(2000, ELSEWHERE);
        pool.release(first, 2000);
        assertEquals("2-3", CpuList.format(pool.acquire(1500, ELSEWHERE)));
    }

    @Test
    void shouldPutShareOntoFullestCoreThatHasRoom()
    {
        assertEquals("2", CpuList.format(pool.acquire(600, ELSEWHERE)));
        assertEquals("3", CpuList.format(pool.acquire(500, ELSEWHERE)));
        assertEquals("2", CpuList.format(pool.acquire(300, ELSEWHERE)));
        assertEquals("3", CpuList.format(pool.acquire(300, ELSEWHERE)));
        assertEquals("4-5", CpuList.format(pool.acquire(2000, ELSEWHERE)));
    }

    @Test
    void shouldShareLeastUsedWhereCoresDoNotSuffice()
    {
        pool.acquire(4000, ELSEWHERE);
        assertEquals("2", CpuList.format(pool.acquire(1000, ELSEWHERE)));
        assertEquals("3-4", CpuList.format(pool.acquire(2000, ELSEWHERE)));
        assertEquals("2-5", CpuList.format(pool.acquire(64_000, ELSEWHERE)));
    }

    @Test
    void shouldBindNothingThatWantsNoCores()
    {
        assertTrue(pool.acquire(0, ELSEWHERE).isEmpty());
        assertTrue(new CorePool(new BitSet()).acquire(1000, ELSEWHERE).isEmpty());
    }

    @Test
    void shouldCountCoresOfAdoptedKernels()
    {
        pool.claim(CpuList.parse("2-3"), 2000);
        assertEquals("4", CpuList.format(pool.acquire(1000, ELSEWHERE)));
    }

    @Test
    void shouldWriteAndReadLists()
    {
        for (final String list : new String[]{"", "0", "0-1", "0-3,8", "1,3,5-7,100"})
        {
            assertEquals(list, CpuList.format(CpuList.parse(list)));
        }
    }
}
