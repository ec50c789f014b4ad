package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class CorePoolTest
{
    private final CorePool pool = new CorePool(CpuList.parse("2-5"));

    @Test
    void shouldGiveWholeCoresToOneKernelEach()
    {
        assertEquals("2", CpuList.format(pool.acquire(1000)));
        assertEquals("3-4", CpuList.format(pool.acquire(2000)));
        assertEquals("5", CpuList.format(pool.acquire(1000)));
    }

    @Test
    void shouldGiveFreedCoresFirst()
    {
        final BitSet first = pool.acquire(2000);
        pool.acquire(2000);
        pool.release(first, 2000);
        assertEquals("2-3", CpuList.format(pool.acquire(1500)));
    }

    @Test
    void shouldPutShareOntoFullestCoreThatHasRoom()
    {
        assertEquals("2", CpuList.format(pool.acquire(600)));
        assertEquals("3", CpuList.format(pool.acquire(500)));
        assertEquals("2", CpuList.format(pool.acquire(300)));
        assertEquals("3", CpuList.format(pool.acquire(300)));
        assertEquals("4-5", CpuList.format(pool.acquire(2000)));
    }

    @Test
    void shouldShareLeastUsedWhereCoresDoNotSuffice()
    {
        pool.acquire(4000);
        assertEquals("2", CpuList.format(pool.acquire(1000)));
        assertEquals("3-4", CpuList.format(pool.acquire(2000)));
        assertEquals("2-5", CpuList.format(pool.acquire(64_000)));
    }

    @Test
    void shouldBindNothingThatWantsNoCores()
    {
        assertTrue(pool.acquire(0).isEmpty());
        assertTrue(new CorePool(new BitSet()).acquire(1000).isEmpty());
    }

    @Test
    void shouldCountCoresOfAdoptedKernels()
    {
        pool.claim(CpuList.parse("2-3"), 2000);
        assertEquals("4", CpuList.format(pool.acquire(1000)));
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
