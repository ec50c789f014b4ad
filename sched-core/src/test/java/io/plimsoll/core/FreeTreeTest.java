package io.plimsoll.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.CoreHarness;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found by a tree is what a look at one agent after the other finds. */
class FreeTreeTest
{
    private static final int RDMA = SlotTable.MEM + 1;

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 63, 64, 65, 300, 1_100})
    void shouldFindWhatAScanFinds(final int count)
    {
        final SplittableRandom random = new SplittableRandom(count);
        final CoreHarness core = CoreHarness.started();
        for (int agent = 1; agent <= count; agent++)
        {
            core.join(new AgentHello(agent, 8_000, 8_000).slot("rdma", 8));
        }
        final AgentTable agents = core.core().state().agents;
        final FreeTree tree = new FreeTree(agents, core.core().state().slots);
        final boolean[] present = new boolean[count + 1];
        for (int step = 0; step < 4 * count + 200; step++)
        {
            change(random, tree, agents, present);
            final long[] need = new long[SlotTable.SLOTS_MAX];
            need[SlotTable.CPU] = 1_000L * random.nextInt(10);
            need[SlotTable.MEM] = 1_000L * random.nextInt(10);
            need[RDMA] = random.nextInt(10);
            final int mask = random.nextBoolean() ? 1 << RDMA : 0;
            for (int after = random.nextInt(20); after <= count; after += 1 + random.nextInt(100))
            {
                assertEquals(
                    scan(agents, present, after, need, mask), tree.next(after, need, mask), "after=" + after);
            }
        }
    }

    private static void change(
        final SplittableRandom random, final FreeTree tree, final AgentTable agents, final boolean[] present)
    {
        final int agent = 1 + random.nextInt(present.length - 1);
        for (final int slot : new int[]{SlotTable.CPU, SlotTable.MEM, RDMA})
        {
            final long unit = RDMA == slot ? 1 : 1_000;
            agents.take(agent, slot, agents.free(agent, slot) - unit * random.nextInt(9));
        }
        present[agent] = random.nextInt(5) > 0;
        tree.set(agent, present[agent]);
    }

    private static int scan(
        final AgentTable agents, final boolean[] present, final int after, final long[] need, final int mask)
    {
        for (int agent = after + 1; agent < present.length; agent++)
        {
            if (present[agent] && agents.free(agent, SlotTable.CPU) >= need[SlotTable.CPU] &&
                agents.free(agent, SlotTable.MEM) >= need[SlotTable.MEM] &&
                (0 == mask || agents.free(agent, RDMA) >= need[RDMA]))
            {
                return agent;
            }
        }
        return Table.NONE;
    }
}
