package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SeededRandom;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TopologyTest
{
    private static CoreHarness core()
    {
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.selection = SelectPolicy.TOPOLOGY;
        return CoreHarness.started(CoreOptions.defaults(), settings);
    }

    private static List<Integer> placed(final CoreHarness core, final SubmitSpec... sessions)
    {
        final List<Integer> agents = new ArrayList<>();
        for (final String event : core.run(core.command.submit(sessions)))
        {
            if (event.startsWith("assigned"))
            {
                agents.add(Integer.parseInt(event.split(" ")[3]));
            }
        }
        return agents;
    }

    private static AgentHello agent(final int number, final int cores, final String block, final String rack)
    {
        return new AgentHello(number, cores * 1000L, 9000).label("block", block).label("rack", rack);
    }

    @Test
    void shouldTakeOneRackRatherThanTwoAndTheTightestOfThose()
    {
        final CoreHarness core = core();
        core.join(agent(1, 2, "b1", "r1"));
        core.join(agent(2, 2, "b1", "r1"));
        core.join(agent(3, 4, "b1", "r2"));
        core.join(agent(4, 2, "b2", "r1"));
        core.join(agent(5, 1, "b2", "r1"));
        assertEquals(List.of(3, 3, 3), placed(core, session().kernels(3)));
        assertEquals(List.of(4, 4, 5), placed(core, session().kernels(3)));
        assertEquals(List.of(1, 1, 2), placed(core, session().kernels(3)));
        assertEquals(List.of(2, 3), placed(core, session().kernels(2)).stream().sorted().toList());
        assertEquals(List.of(), placed(core, session().kernels(1)));
        core.report(4, 0, ReportKind.EXITED, Reason.NONE, 0);
        assertTrue(core.last().toString().contains("assigned 5.0"));
    }

    @Test
    void shouldTakeOneBlockRatherThanTwoWhenNoRackSuffices()
    {
        final CoreHarness core = core();
        core.join(agent(1, 2, "b1", "r1"));
        core.join(agent(2, 2, "b2", "r1"));
        core.join(agent(3, 2, "b2", "r2"));
        core.join(agent(4, 1, "b2", "r3"));
        assertEquals(List.of(2, 3), distinct(placed(core, session().kernels(4))));
        assertEquals(List.of(1, 4), distinct(placed(core, session().kernels(3))));
    }

    @Test
    void shouldTakeTheFewestRacksOfSeveralBlocks()
    {
        final CoreHarness core = core();
        core.join(agent(1, 4, "b1", "r1"));
        core.join(agent(2, 1, "b1", "r2"));
        core.join(agent(3, 3, "b1", "r3"));
        core.join(agent(4, 6, "b2", "r1"));
        core.join(agent(5, 1, "b3", "r1"));
        assertEquals(List.of(3, 4), distinct(placed(core, session().kernels(9))));
    }

    @Test
    void shouldCountRacksOfOneNameInTwoBlocksAsTwo()
    {
        final CoreHarness core = core();
        core.join(agent(1, 2, "b1", "r1"));
        core.join(agent(2, 2, "b2", "r1"));
        core.join(agent(3, 2, "b2", "r1"));
        assertEquals(List.of(2, 3), distinct(placed(core, session().kernels(4))));
    }

    private static List<Integer> distinct(final List<Integer> agents)
    {
        return List.copyOf(new TreeSet<>(agents));
    }

    @Test
    void shouldCompareSetsOfEquallyFewBlocks()
    {
        final CoreHarness core = core();
        core.join(agent(1, 2, "b1", "r1"));
        core.join(agent(2, 2, "b1", "r2"));
        core.join(agent(3, 2, "b1", "r3"));
        core.join(agent(4, 5, "b2", "r1"));
        core.join(agent(5, 4, "b3", "r1"));
        assertEquals(List.of(4, 5), distinct(placed(core, session().kernels(9))), "b1 is larger, but of three racks");
    }

    @Test
    void shouldTakeTheLargestBlocksWhereThereAreTooManySets()
    {
        final CoreHarness core = core();
        int number = 0;
        for (int block = 0; block < 30; block++)
        {
            for (int rack = 0; rack < 4; rack++)
            {
                core.join(agent(++number, 2, "b" + block, "r" + rack));
            }
        }
        core.join(agent(++number, 7, "last1", "r"));
        core.join(agent(++number, 7, "last2", "r"));
        core.join(agent(++number, 7, "last3", "r"));
        final List<Integer> agents = placed(core, session().kernels(21));
        assertEquals(21, agents.size());
        assertTrue(distinct(agents).size() <= 12, agents.toString());
    }

    @Test
    void shouldTakeTheFewestBlocksThenRacksThenOfOneRackTheFewestAgents()
    {
        final int seeds = Integer.getInteger("plimsoll.seeds", 1000);
        for (long seed = 1; seed <= seeds; seed++)
        {
            checkRandom(seed);
        }
    }

    private static void checkRandom(final long seed)
    {
        final SeededRandom random = new SeededRandom(seed);
        final CoreHarness core = core();
        final int count = 2 + random.below(9);
        final int racks = 1 + random.below(10);
        final int[] cores = new int[count + 1];
        final int[] rack = new int[count + 1];
        for (int number = 1; number <= count; number++)
        {
            cores[number] = 1 + random.below(4);
            rack[number] = random.below(racks);
            core.join(agent(number, cores[number], "b" + rack[number] / 2, "r" + rack[number]));
        }
        final int kernels = 1 + random.below(random.percent(50) ? 10 : 25);
        int best = Integer.MAX_VALUE;
        for (int set = 1; set < 1 << count; set++)
        {
            int room = 0;
            for (int number = 1; number <= count; number++)
            {
                room += 0 == (set & 1 << number - 1) ? 0 : cores[number];
            }
            best = room >= kernels ? Math.min(best, cost(set, rack)) : best;
        }
        final List<Integer> agents = placed(core, session().kernels(kernels));
        assertEquals(best == Integer.MAX_VALUE ? 0 : kernels, agents.size(), "seed=" + seed);
        int taken = 0;
        for (final int agent : agents)
        {
            taken |= 1 << agent - 1;
        }
        final boolean oneRack = best < 1_002_000;
        if (best != Integer.MAX_VALUE)
        {
            final int made = cost(taken, rack);
            assertEquals(oneRack ? best : best / 1000, oneRack ? made : made / 1000, "seed=" + seed);
        }
    }

    /** Blocks before racks before agents. */
    private static int cost(final int agents, final int[] rack)
    {
        final Set<Integer> racks = new TreeSet<>();
        final Set<Integer> blocks = new TreeSet<>();
        for (int number = 1; number < rack.length; number++)
        {
            if (0 != (agents & 1 << number - 1))
            {
                racks.add(rack[number]);
                blocks.add(rack[number] / 2);
            }
        }
        return blocks.size() * 1_000_000 + racks.size() * 1000 + Integer.bitCount(agents);
    }
}
