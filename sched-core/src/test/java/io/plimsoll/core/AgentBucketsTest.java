package io.plimsoll.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.core.testkit.SeededRandom;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Agents with devices against a sorted list of all of them, for requests for every combination of slots. */
class AgentBucketsTest
{
    private static final int AGENTS = 300;
    private static final List<String> SLOTS =
        List.of("cpu", "mem", "tpu.device", "licences", "cuda.device", "cuda.shares", "cuda.mem");
    private static final int TPU = 2;
    private static final int LICENCES = 3;
    private static final int CUDA = 4;
    private static final int SHARES = 5;
    private static final int CUDA_MEM = 6;

    private final CoreState state = new CoreState(CoreOptions.defaults());
    private final SlotTable slots = state.slots;
    private final AgentTable agents = state.agents;
    private final TreeSet<Integer> present = new TreeSet<>();
    private final SeededRandom random = new SeededRandom(5);

    @Test
    void shouldFindAgentsFromTheLeastLeftOn()
    {
        compare(false);
    }

    @Test
    void shouldFindAgentsFromTheMostLeftOn()
    {
        compare(true);
    }

    private void compare(final boolean most)
    {
        for (int slot = slots.count(); slot < SLOTS.size(); slot++)
        {
            final UnsafeBuffer name = new UnsafeBuffer(SLOTS.get(slot).getBytes(StandardCharsets.US_ASCII));
            slots.define(SlotTable.kindOf(name).value(), name, 0, name.capacity());
            agents.onSlotDefined(slot);
        }
        for (int agent = 1; agent <= AGENTS; agent++)
        {
            agents.add(agent, 1, agent);
        }
        final List<AgentBuckets> all = new ArrayList<>();
        final List<Integer> masks = new ArrayList<>();
        for (int mask = 0; mask < 1 << SLOTS.size(); mask += 1 << TPU)
        {
            masks.add(mask);
            all.add(new AgentBuckets(agents, slots, new SlotPriority(state), mask, most));
        }
        for (int step = 0; step < 6_000; step++)
        {
            final int agent = 1 + random.below(AGENTS);
            change(agent);
            final boolean stays = random.percent(80);
            all.forEach(stays ? buckets -> buckets.set(agent) : buckets -> buckets.remove(agent));
            present.remove(agent);
            if (stays)
            {
                present.add(agent);
            }
            if (0 == random.below(10))
            {
                final int i = random.below(all.size());
                look(all.get(i), masks.get(i), most);
            }
        }
    }

    private void change(final int agent)
    {
        agents.capacity(agent, SlotTable.CPU, random.below(12) * 250L);
        agents.capacity(agent, SlotTable.MEM, random.below(8) * 1_000L);
        agents.capacity(agent, TPU, random.percent(70) ? 0 : random.below(3));
        agents.capacity(agent, LICENCES, random.percent(50) ? 0 : random.below(4));
        agents.capacity(agent, CUDA_MEM, random.percent(50) ? 0 : (1L + random.below(3)) << 36);
        if (0 == agents.devicesUsed(agent, CUDA))
        {
            agents.capacity(agent, CUDA, random.below(5));
        }
        for (int device = 0; device < agents.capacity(agent, CUDA); device++)
        {
            final int free = agents.deviceFree(agent, CUDA, device);
            final int target = random.percent(50) ? 1_000 : random.below(5) * 250;
            agents.takeDevices(agent, CUDA, 1L << device, free - target);
        }
    }

    private void look(final AgentBuckets buckets, final int mask, final boolean most)
    {
        final long[] need = new long[SlotTable.SLOTS_MAX];
        need[SlotTable.CPU] = 250L * random.below(8);
        need[SlotTable.MEM] = 1_000L * random.below(6);
        for (int slot = TPU; slot < SLOTS.size(); slot++)
        {
            final long amount = SHARES == slot ? 250L * (1 + random.below(4)) :
                CUDA_MEM == slot ? (1L + random.below(2)) << 36 : 1 + random.below(2);
            need[slot] = 0 == (mask & 1 << slot) ? 0 : amount;
        }
        final List<Integer> found = new ArrayList<>();
        buckets.seek(need, most);
        for (AgentOrder order = buckets.next(); null != order; order = buckets.next())
        {
            addAll(order, need, mask, most, found);
        }
        assertEquals(expected(need, mask, most), found, () -> "mask " + mask);
    }

    private static void addAll(
        final AgentOrder order, final long[] need, final int mask, final boolean most, final List<Integer> target)
    {
        if (most)
        {
            order.seekMost(need, mask);
        }
        else
        {
            order.seekLeast(need, mask);
        }
        int agent = most ? order.nextMost() : order.nextLeast();
        while (Table.NONE != agent)
        {
            target.add(agent);
            agent = most ? order.nextMost() : order.nextLeast();
        }
    }

    private List<Integer> expected(final long[] need, final int mask, final boolean most)
    {
        final List<Integer> fitting = new ArrayList<>();
        for (final int agent : present)
        {
            boolean fits = true;
            for (int slot = 0; slot < SLOTS.size(); slot++)
            {
                final boolean asked = slot < TPU || 0 != (mask & 1 << slot);
                fits &= !asked || agents.free(agent, slot) >= need[slot];
            }
            if (fits)
            {
                fitting.add(agent);
            }
        }
        Comparator<Integer> byFree = (left, right) -> 0;
        for (final int slot : new int[] {CUDA, SHARES, CUDA_MEM, TPU})
        {
            if (0 != (mask & 1 << slot))
            {
                byFree = byFree.thenComparing(agent -> SHARES == slot ? sharesOf(agent) : agents.free(agent, slot));
            }
        }
        for (int slot = 0; slot < SLOTS.size(); slot++)
        {
            final int compared = slot;
            byFree = byFree.thenComparing(agent -> agents.free(agent, compared));
        }
        fitting.sort(Comparator.<Integer>comparingInt(agent -> unused(agent, mask))
            .thenComparing(most ? byFree.reversed() : byFree).thenComparing(Comparator.naturalOrder()));
        return fitting;
    }

    private long sharesOf(final int agent)
    {
        long sum = 0;
        for (int device = 0; device < agents.capacity(agent, CUDA); device++)
        {
            sum += agents.deviceFree(agent, CUDA, device);
        }
        return sum;
    }

    private int unused(final int agent, final int mask)
    {
        final Set<String> kinds = new HashSet<>();
        for (int slot = TPU; slot < SLOTS.size(); slot++)
        {
            final boolean ofDevices = CUDA == slot || SHARES == slot;
            final boolean asked = 0 != (mask & (ofDevices ? 1 << CUDA | 1 << SHARES : 1 << slot));
            if (!asked && agents.free(agent, slot) > 0)
            {
                kinds.add(ofDevices ? "cuda devices" : SLOTS.get(slot));
            }
        }
        return kinds.size();
    }
}
