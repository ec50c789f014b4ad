package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SeededRandom;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Sessions on small random clusters of racks and blocks, against all sets of these that there are, in plain words: they
 * take the fewest blocks, and of these the fewest racks, whether their kernels ask for the same or not. More seeds by
 * hand: {@code -Dplimsoll.seeds=N}.
 */
class TopologyRandomTest
{
    @Test
    void shouldTakeTheFewestBlocksAndRacks()
    {
        final int seeds = Integer.getInteger("plimsoll.seeds", 150);
        int across = 0;
        for (long seed = 1; seed <= seeds; seed++)
        {
            across += new Cluster(seed).compare();
        }
        assertTrue(across > seeds / 4, "more than one rack: " + across);
    }

    private static final class Cluster
    {
        private final long seed;
        private final SeededRandom random;
        private final CoreHarness core;
        private final int[] free;
        private final String[] blocks;
        private final String[] racks;
        private final List<Integer> asked = new ArrayList<>();
        private long sessions;

        Cluster(final long seed)
        {
            this.seed = seed;
            random = new SeededRandom(seed);
            final GroupSettings settings = new GroupSettings();
            settings.selection = SelectPolicy.TOPOLOGY;
            core = CoreHarness.started(CoreOptions.defaults(), settings);
            final int agents = 2 + random.below(7);
            free = new int[agents];
            blocks = new String[agents];
            racks = new String[agents];
            final int blockCount = 1 + random.below(4);
            for (int i = 0; i < agents; i++)
            {
                free[i] = 1 + random.below(8);
                blocks[i] = "b" + random.below(blockCount);
                racks[i] = blocks[i] + "-r" + random.below(3);
                core.join(
                    new AgentHello(i + 1, free[i] * 1000, 1000).label("block", blocks[i]).label("rack", racks[i]));
            }
        }

        /** Returns how many of the sessions took more than one rack. */
        int compare()
        {
            int across = 0;
            for (int i = 0; i < 6; i++)
            {
                final SubmitSpec spec = next();
                if (fits(List.of(racks)))
                {
                    core.run(core.command.submit(spec));
                    sessions++;
                    final List<Integer> taken = taken();
                    final int[] fewest = fewest();
                    final String what = "seed=" + seed + " " + asked + " on " + taken;
                    assertEquals(fewest[0], taken.stream().map(agent -> blocks[agent]).distinct().count(), what);
                    assertEquals(fewest[1], taken.stream().map(agent -> racks[agent]).distinct().count(), what);
                    across += fewest[1] > 1 ? 1 : 0;
                    for (int kernel = 0; kernel < asked.size(); kernel++)
                    {
                        free[taken.get(kernel)] -= asked.get(kernel);
                    }
                }
            }
            return across;
        }

        private SubmitSpec next()
        {
            asked.clear();
            final boolean alike = random.percent(40);
            final int kernels = 1 + random.below(5);
            asked.add(1 + random.below(4));
            final SubmitSpec spec = session().cpu(asked.get(0) * 1000L).mem(0);
            while (asked.size() < kernels)
            {
                final int next = alike ? asked.get(0) : 1 + random.below(4);
                asked.add(next);
                if (!alike)
                {
                    spec.part(1, next * 1000L, 0);
                }
            }
            return alike ? spec.kernels(kernels) : spec;
        }

        private List<Integer> taken()
        {
            final CoreState state = core.core().state();
            return IntStream.range(0, asked.size())
                .map(kernel -> state.kernels.find(sessions << KernelTable.INDEX_BITS | kernel))
                .mapToObj(row -> state.kernels.agent.get(row) - 1)
                .toList();
        }

        /** Blocks, and racks of so many blocks. */
        private int[] fewest()
        {
            final List<String> all = List.copyOf(new HashSet<>(List.of(racks)));
            final int[] fewest = {Integer.MAX_VALUE, Integer.MAX_VALUE};
            for (int set = 1; set < 1 << all.size(); set++)
            {
                final Set<String> some = new HashSet<>();
                final Set<String> ofBlocks = new HashSet<>();
                for (int i = 0; i < all.size(); i++)
                {
                    if (0 != (set & 1 << i))
                    {
                        some.add(all.get(i));
                        ofBlocks.add(all.get(i).substring(0, 2));
                    }
                }
                final boolean fewer = ofBlocks.size() < fewest[0] ||
                    ofBlocks.size() == fewest[0] && some.size() < fewest[1];
                if (fewer && fits(some))
                {
                    fewest[0] = ofBlocks.size();
                    fewest[1] = some.size();
                }
            }
            return fewest;
        }

        private boolean fits(final Collection<String> some)
        {
            return fits(some, free.clone(), 0);
        }

        private boolean fits(final Collection<String> some, final int[] left, final int kernel)
        {
            boolean found = kernel == asked.size();
            for (int agent = 0; agent < left.length && !found; agent++)
            {
                if (left[agent] >= asked.get(kernel) && some.contains(racks[agent]))
                {
                    left[agent] -= asked.get(kernel);
                    found = fits(some, left, kernel + 1);
                    left[agent] += asked.get(kernel);
                }
            }
            return found;
        }
    }
}
