package io.plimsoll.core;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.CoreHarness;
import org.junit.jupiter.api.Test;

class AgentPoolTest
{
    private static final int FIRST = 1 << SlotTable.MEM + 1;

    @Test
    void shouldKeepOrdersForTheCombinationsThatAreAskedFor()
    {
        final CoreHarness core = CoreHarness.started();
        core.join(new AgentHello(1, 4000, 9000).slot("cuda.device", 2).slot("rdma", 3));
        final CoreState state = core.core().state();
        final AgentPool pool = new AgentPool(state, 0);
        pool.add(1);
        assertFalse(pool.further(0).isEmpty());
        final AgentBuckets usual = pool.further(FIRST);
        for (int other = 2; other < 9; other++)
        {
            assertNotNull(pool.further(other * FIRST));
        }

        assertNull(pool.further(9 * FIRST), "there are eight");
        for (int i = 0; i <= 1_000; i++)
        {
            assertSame(usual, pool.further(FIRST));
        }
        assertFalse(usual.isEmpty());
        assertNotNull(pool.further(9 * FIRST), "in place of one that nobody has asked for");
        assertSame(usual, pool.further(FIRST));
    }
}
