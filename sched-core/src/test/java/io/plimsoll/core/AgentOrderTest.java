package io.plimsoll.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.core.sbe.SlotKind;
import io.plimsoll.core.testkit.SeededRandom;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The order of agents against a sorted list of all of them, with amounts that are round, odd, missing or immense. */
class AgentOrderTest
{
    private static final int AGENTS = 700;
    private static final int SLOTS = 5;
    private static final long MIB = 1L << 20;

    private final SlotTable slots = new SlotTable(new Names());
    private final AgentTable agents = new AgentTable(slots);
    private final TreeSet<Integer> present = new TreeSet<>();
    private SeededRandom random;

    @Test
    void shouldFindAgentsFromTheLeastFreeOn()
    {
        compare(1, false);
    }

    @Test
    void shouldFindAgentsFromTheMostFreeOn()
    {
        compare(2, true);
    }

    private void compare(final long seed, final boolean idFalling)
    {
        random = new SeededRandom(seed);
        defineSlots();
        final AgentOrder order = new AgentOrder(agents, slots, idFalling, true);
        for (int agent = 1; agent <= AGENTS; agent++)
        {
            agents.add(agent, 1, agent);
        }
        for (int step = 0; step < 30_000; step++)
        {
            // Many are alike for a while, then all differ, then nearly all are gone.
            final int phase = step / 3_000 % 3;
            final int agent = 1 + random.below(AGENTS);
            if (present.remove(agent))
            {
                if (random.percent(50))
                {
                    change(agent, phase);
                    order.remove(agent);
                }
                else
                {
                    order.remove(agent);
                    change(agent, phase);
                }
            }
            if (random.percent(2 == phase ? 10 : 90))
            {
                order.add(agent);
                present.add(agent);
            }
            assertEquals(present.size(), order.count());
            if (0 == random.below(20))
            {
                look(order, idFalling);
            }
        }
    }

    private void defineSlots()
    {
        for (int slot = slots.count(); slot < SLOTS; slot++)
        {
            final byte[] name = ("count-" + slot).getBytes(StandardCharsets.US_ASCII);
            slots.define(SlotKind.COUNT.value(), new UnsafeBuffer(name), 0, name.length);
            agents.onSlotDefined(slot);
        }
    }

    private void change(final int agent, final int phase)
    {
        agents.capacity(agent, SlotTable.CPU, oneOf(0 == phase ? 2 : 12) * 250L - 250);
        final long mem = oneOf(0 == phase ? 2 : 8) * 512 * MIB - 512 * MIB;
        agents.capacity(agent, SlotTable.MEM, random.percent(20) ? mem + random.below(3_000) : mem);
        for (int slot = SlotTable.MEM + 1; slot < SLOTS; slot++)
        {
            final int kind = random.below(12);
            agents.capacity(agent, slot, kind < 8 ? 0 : kind < 10 ? 1 + random.below(3) : kind < 11 ? 254 : 1_022);
            if (0 == random.below(30))
            {
                agents.take(agent, slot, random.below(400));
            }
        }
        if (0 == random.below(40))
        {
            agents.capacity(agent, random.below(2), (random.percent(50) ? 1L : -1L) << 30 + random.below(30));
        }
    }

    private int oneOf(final int number)
    {
        return random.below(number);
    }

    private void look(final AgentOrder order, final boolean most)
    {
        final long[] need = new long[SlotTable.SLOTS_MAX];
        need[SlotTable.CPU] = 250L * random.below(12);
        need[SlotTable.MEM] = random.below(6) * 512 * MIB + (random.percent(20) ? random.below(3_000) : 0);
        final boolean further = random.percent(30);
        if (further)
        {
            need[SlotTable.MEM + 1] = 1 + random.below(3);
        }
        final int mask = further ? 1 << SlotTable.MEM + 1 : 0;
        final List<Integer> found = new ArrayList<>();
        if (most)
        {
            order.seekMost(need, mask);
        }
        else
        {
            order.seekLeast(need, mask);
        }
        final int limit = random.percent(50) ? 1 : AGENTS;
        int agent = next(order, most);
        while (Table.NONE != agent && found.size() < limit)
        {
            found.add(agent);
            agent = next(order, most);
        }
        assertEquals(expected(need, most).stream().limit(limit).toList(), found);
    }

    private static int next(final AgentOrder order, final boolean most)
    {
        return most ? order.nextMost() : order.nextLeast();
    }

    private List<Integer> expected(final long[] need, final boolean most)
    {
        final List<Integer> fitting = new ArrayList<>();
        for (final int agent : present)
        {
            boolean fits = true;
            for (int slot = 0; slot < SLOTS; slot++)
            {
                fits &= slot > SlotTable.MEM && 0 == need[slot] || agents.free(agent, slot) >= need[slot];
            }
            if (fits)
            {
                fitting.add(agent);
            }
        }
        Comparator<Integer> byFree = (left, right) -> 0;
        for (int slot = 0; slot < SLOTS; slot++)
        {
            final int compared = slot;
            byFree = byFree.thenComparing(agent -> agents.free(agent, compared));
        }
        fitting.sort((most ? byFree.reversed() : byFree).thenComparing(Comparator.naturalOrder()));
        return fitting;
    }
}
