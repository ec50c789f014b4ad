package io.plimsoll.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.testkit.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The structures below the tables, against plain ones of the JDK. */
class StructuresTest
{
    @Test
    void shouldMapIdsLikeAnyMap()
    {
        final SeededRandom random = new SeededRandom(1);
        final IdMap map = new IdMap();
        final Map<Long, Integer> expected = new TreeMap<>();
        for (int i = 0; i < 200_000; i++)
        {
            final long id = 1 + random.below(random.percent(50) ? 3000 : 5_000_000);
            if (expected.containsKey(id))
            {
                assertEquals(expected.remove(id), map.get(id));
                map.remove(id);
            }
            else
            {
                assertEquals(Table.NONE, map.get(id));
                map.put(id, i);
                expected.put(id, i);
            }
        }
        expected.forEach((id, row) -> assertEquals(row, map.get(id)));
    }

    @Test
    void shouldMapRisingIdsLikeAnyMap()
    {
        final SeededRandom random = new SeededRandom(8);
        final IdWindow map = new IdWindow();
        final TreeMap<Long, Integer> expected = new TreeMap<>();
        long last = 0;
        for (int i = 0; i < 300_000; i++)
        {
            // Steps of one for long, then wider ones, and now and then far ones; others come out of order.
            last += 1 + random.below(0 == i / 60_000 % 2 ? 1 : 40) + (0 == random.below(20_000) ? 1_000_000 : 0);
            final long id = random.percent(90) ? last : Math.max(1, last - random.below(1_500_000));
            if (!expected.containsKey(id))
            {
                map.put(id, i);
                expected.put(id, i);
            }
            while (expected.size() > 5000 || !expected.isEmpty() && 0 == random.below(4))
            {
                final Long from = expected.ceilingKey(Math.max(1, last - random.below(3_000_000)));
                final long gone = null == from || random.percent(60) ? expected.firstKey() : from;
                assertEquals(expected.remove(gone), map.get(gone));
                map.remove(gone);
                assertEquals(Table.NONE, map.get(gone));
            }
            assertEquals(expected.isEmpty(), map.isEmpty());
            assertEquals(expected.getOrDefault(id, Table.NONE), map.get(id));
        }
        expected.forEach((id, row) -> assertEquals(row, map.get(id)));
        map.clear();
        assertTrue(map.isEmpty());
        expected.forEach((id, row) -> assertEquals(Table.NONE, map.get(id)));
    }

    @Test
    void shouldFindEveryRowOfEqualHash()
    {
        final SeededRandom random = new SeededRandom(2);
        final RowIndex index = new RowIndex();
        final Map<Integer, Long> hashOf = new TreeMap<>();
        for (int i = 0; i < 50_000; i++)
        {
            final int row = random.below(2000);
            if (hashOf.containsKey(row))
            {
                index.remove(hashOf.remove(row), row);
            }
            else
            {
                final long hash = random.below(300);
                index.add(hash, row);
                hashOf.put(row, hash);
            }
        }
        assertEquals(hashOf.size(), index.count());
        hashOf.forEach((row, hash) -> assertTrue(contains(index, hash, row)));
    }

    private static boolean contains(final RowIndex index, final long hash, final int row)
    {
        for (int found = index.first(hash); Table.NONE != found; found = index.next())
        {
            if (found == row)
            {
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldGiveTimersInOrderOfDeadlineAndId()
    {
        final SeededRandom random = new SeededRandom(3);
        final TimerQueue timers = new TimerQueue();
        final TreeMap<String, Integer> expected = new TreeMap<>();
        final Map<Long, Integer> handles = new TreeMap<>();
        final Map<Long, String> keys = new TreeMap<>();
        for (int i = 0; i < 100_000; i++)
        {
            final long id = random.below(3000);
            final int lane = random.below(4);
            // In a lane most come in order, some at the same time, and some before others.
            final long deadlineNs = i / 3 + 1000L * lane + (random.percent(20) ? random.below(5000) : 0);
            final String key = String.format("%06d-%06d", deadlineNs, id);
            if (handles.containsKey(id) && random.percent(40))
            {
                timers.reschedule(handles.get(id), lane, deadlineNs);
                expected.remove(keys.put(id, key));
                expected.put(key, (int)id);
            }
            else if (handles.containsKey(id))
            {
                timers.cancel(handles.remove(id));
                expected.remove(keys.remove(id));
            }
            else
            {
                handles.put(id, timers.schedule(lane, deadlineNs, id, (int)id));
                keys.put(id, key);
                expected.put(key, (int)id);
            }
            assertEquals(expected.size(), timers.size());
            if (!expected.isEmpty())
            {
                assertEquals(expected.firstEntry().getValue(), timers.nextOwner());
            }
        }
    }

    @Test
    void shouldTakeTheSmallestKeyFirst()
    {
        final SeededRandom random = new SeededRandom(4);
        final KeyHeap heap = new KeyHeap();
        final List<Long> expected = new ArrayList<>();
        for (int i = 0; i < 20_000; i++)
        {
            if (random.percent(60) || heap.isEmpty())
            {
                final long key = random.below(10_000);
                heap.push(key, random.below(100), i, 0, 0);
                expected.add(key);
            }
            else
            {
                final Long least = expected.stream().min(Long::compare).orElseThrow();
                assertEquals(least, heap.key());
                expected.remove(least);
                heap.pop();
            }
            if (expected.size() > 200)
            {
                expected.clear();
                heap.clear();
            }
        }
    }

    @Test
    void shouldCountLiveIdsByBlock()
    {
        final IdBlocks blocks = new IdBlocks();
        blocks.add(4090, 10_000);
        assertTrue(blocks.isEmpty(1 << 20));
        blocks.remove(4090, 6);
        assertTrue(blocks.isEmpty(1));
        assertTrue(!blocks.isEmpty(4096));
        blocks.remove(4096, 9994);
        assertTrue(blocks.isEmpty(4096) && blocks.isEmpty(8192) && blocks.isEmpty(14_000));
    }
}
