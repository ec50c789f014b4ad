package io.plimsoll.agent.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.runtime.CpuList;
import java.util.BitSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoresTest
{
    private static final int ELSEWHERE = -1;

    private final Seats seats = new Seats(Hosts.host().node("2-5", "8g").make());
    private long nextId = 1;

    @Test
    void shouldGiveWholeCoresToOneKernelEach()
    {
        assertEquals("2", CpuList.format(acquire(1000, ELSEWHERE)));
        assertEquals("3-4", CpuList.format(acquire(2000, ELSEWHERE)));
        assertEquals("5", CpuList.format(acquire(1000, ELSEWHERE)));
    }

    @Test
    void shouldPreferCoreThatSpawningThreadIsOn()
    {
        assertEquals("4", CpuList.format(acquire(1000, 4)));
        assertEquals("2", CpuList.format(acquire(1000, 4)));
        assertEquals("3,5", CpuList.format(acquire(2000, 5)));
    }

    @Test
    void shouldGiveFreedCoresFirst()
    {
        acquire(2000, ELSEWHERE);
        acquire(2000, ELSEWHERE);
        seats.leave(SeatsTest.key(1));
        assertEquals("2-3", CpuList.format(acquire(1500, ELSEWHERE)));
    }

    @Test
    void shouldPutShareOntoFullestCoreThatHasRoom()
    {
        assertEquals("2", CpuList.format(acquire(600, ELSEWHERE)));
        assertEquals("3", CpuList.format(acquire(500, ELSEWHERE)));
        assertEquals("2", CpuList.format(acquire(300, ELSEWHERE)));
        assertEquals("3", CpuList.format(acquire(300, ELSEWHERE)));
        assertEquals("4-5", CpuList.format(acquire(2000, ELSEWHERE)));
    }

    @Test
    void shouldShareLeastUsedWhereCoresDoNotSuffice()
    {
        acquire(4000, ELSEWHERE);
        assertEquals("2", CpuList.format(acquire(1000, ELSEWHERE)));
        assertEquals("3-4", CpuList.format(acquire(2000, ELSEWHERE)));
        assertEquals("2-5", CpuList.format(acquire(64_000, ELSEWHERE)));
    }

    @Test
    void shouldBindNothingThatWantsNoCores()
    {
        assertTrue(acquire(0, ELSEWHERE).isEmpty());
        assertTrue(new Seats(Hosts.host().node("", "8g").make())
            .take(SeatsTest.kernel(1, 1000, 1), ELSEWHERE).cpus().isEmpty());
    }

    @Test
    void shouldCountCoresOfAdoptedKernels()
    {
        seats.claim(
            SeatsTest.kernel(nextId++, 2000, 0), new Seat(CpuList.parse("2-3"), new BitSet(), Map.of()));
        assertEquals("4", CpuList.format(acquire(1000, ELSEWHERE)));
    }

    private BitSet acquire(final long cpuMillis, final int here)
    {
        return seats.take(SeatsTest.kernel(nextId++, cpuMillis, 0), here).cpus();
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
