package io.plimsoll.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.core.testkit.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The directory against a list of the keys with which leaves begin, up to as many as very large clusters need. */
class LeafDirectoryTest
{
    private static final int LEAVES_MAX = 5_000;
    private static final int KEYS = 20_000;

    private final SlotTable slots = new SlotTable(new Names());
    private final AgentTable agents = new AgentTable(slots);
    private final LeafDirectory directory = new LeafDirectory(new AgentRank(agents, slots, false));
    private final List<Long> keys = new ArrayList<>();
    private final List<Integer> free = new ArrayList<>();
    private final SeededRandom random = new SeededRandom(11);
    private int leavesMade;

    @Test
    void shouldFindTheLeafThatBeginsLastBelowAKey()
    {
        agents.add(1, 1, 1);
        begin();
        while (keys.size() < LEAVES_MAX)
        {
            insert();
            look();
        }
        while (keys.size() > 1)
        {
            remove();
            look();
        }
        remove();
        assertEquals(0, directory.count());
        begin();
        look();
    }

    @Test
    void shouldFindItWhereLeavesComeAndGo()
    {
        agents.add(1, 1, 1);
        begin();
        for (int step = 0; step < 50_000; step++)
        {
            if (keys.size() > 1 && random.percent(step / 5_000 % 2 * 40 + 30))
            {
                remove();
            }
            else
            {
                insert();
            }
            look();
        }
    }

    private void begin()
    {
        directory.begin(takeLeaf());
        keys.add(0L);
    }

    private void insert()
    {
        final long key = key();
        final int at = lastBelow(key) + 1;
        directory.insert(at, takeLeaf(), key, 1);
        keys.add(at, key);
    }

    private void remove()
    {
        final int at = random.below(keys.size());
        free.add(directory.leaf(at));
        directory.remove(at);
        keys.remove(at);
        if (0 == at && !keys.isEmpty())
        {
            keys.set(0, 0L);
        }
    }

    private int takeLeaf()
    {
        return free.isEmpty() ? leavesMade++ : free.remove(free.size() - 1);
    }

    private void look()
    {
        final long key = key();
        assertEquals(lastBelow(key), directory.lastBelow(key), () -> "key=" + key + " leaves=" + keys.size());
        final int at = random.below(keys.size());
        assertEquals(at, directory.at(directory.leaf(at)));
        assertEquals(keys.get(at), directory.key(at));
    }

    private int lastBelow(final long key)
    {
        int below = 0;
        int above = keys.size();
        while (below < above)
        {
            final int middle = (below + above) >>> 1;
            if (keys.get(middle) < key)
            {
                below = middle + 1;
            }
            else
            {
                above = middle;
            }
        }
        return Math.max(0, below - 1);
    }

    /** Many are equal; some are as large as keys become. */
    private long key()
    {
        final long key = 1 + random.below(KEYS);
        return random.percent(1) ? AgentRank.ABOVE_ALL : key << AgentRank.CPU_SHIFT;
    }
}
