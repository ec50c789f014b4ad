package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SeededRandom;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Who yields on small random clusters, against all sets of sessions that there are, in plain words: the fewest, of
 * these those of the lowest priorities, of these those whose work so far is least; nobody if that does not help. More
 * seeds by hand: {@code -Dplimsoll.seeds=N}.
 */
class YieldRandomTest
{
    private static final int LOW_MAX = 7;

    @Test
    void shouldHaveTheFewestAndLeastCostlyYield()
    {
        final int seeds = Integer.getInteger("plimsoll.seeds", 300);
        int yielding = 0;
        for (long seed = 1; seed <= seeds; seed++)
        {
            yielding += new Cluster(seed).compare();
        }
        assertTrue(yielding > seeds / 4, "somebody had to yield: " + yielding);
    }

    /** What runs, by session and in the order of its kernels: cores, and the agents that they are on. */
    private static final class Low
    {
        private final int priority;
        private final boolean preemptible;
        private final int cores;
        private final long sinceNs;
        private final List<Integer> agents = new ArrayList<>();

        Low(final int priority, final boolean preemptible, final int cores, final long sinceNs)
        {
            this.priority = priority;
            this.preemptible = preemptible;
            this.cores = cores;
            this.sinceNs = sinceNs;
        }
    }

    private static final class Cluster
    {
        private final long seed;
        private final SeededRandom random;
        private final CoreHarness core;
        private final int[] cores;
        private final Map<Long, Low> running = new TreeMap<>();
        private final List<Integer> asked = new ArrayList<>();
        private long leastCost;
        private int fewest;

        Cluster(final long seed)
        {
            this.seed = seed;
            random = new SeededRandom(seed);
            final GroupSettings settings = new GroupSettings();
            settings.preemption = random.percent(50) ? PreemptionMode.TERMINATE : PreemptionMode.RESCHEDULE;
            core = CoreHarness.started(CoreOptions.defaults(), settings);
            cores = new int[1 + from(1, 4)];
            for (int agent = 1; agent < cores.length; agent++)
            {
                cores[agent] = from(2, 8);
                core.join(agent, cores[agent] * 1000, 1000);
            }
        }

        private int from(final int low, final int high)
        {
            return low + random.below(high - low + 1);
        }

        /** Returns whether anybody had to yield. */
        int compare()
        {
            for (int i = from(2, LOW_MAX); i > 0; i--)
            {
                submitLow();
                core.pass(from(1, 9) * Commands.SECOND_NS);
            }
            final List<Long> victims = core.run(core.command.submit(high())).stream()
                .filter(event -> event.startsWith("session") && event.contains("PREEMPTED"))
                .map(event -> Long.parseLong(event.split(" ")[1]))
                .toList();
            search();
            assertEquals(fewest, victims.size(), () -> "seed=" + seed + " " + victims + " for " + asked);
            assertEquals(leastCost, cost(victims), () -> "seed=" + seed + " " + victims + " for " + asked);
            return victims.isEmpty() ? 0 : 1;
        }

        private void submitLow()
        {
            final Low low =
                new Low(random.below(3) * 5, random.percent(85), from(1, 4), core.nowNs());
            final int kernels = random.percent(70) ? 1 : from(2, 3);
            final SubmitSpec spec =
                session().cpu(low.cores * 1000L).mem(0).priority(low.priority).kernels(kernels);
            asked.addAll(Collections.nCopies(kernels, low.cores));
            final boolean fits = fits(List.of());
            asked.clear();
            if (!fits)
            {
                return;
            }
            if (low.preemptible)
            {
                spec.preemptible();
            }
            final List<String> events = core.run(core.command.submit(spec));
            final long id = core.core().state().nextSessionId - 1;
            for (final String event : events)
            {
                if (event.startsWith("assigned " + id + "."))
                {
                    running.put(id, low);
                    low.agents.add(core.core().state().kernels.agent.get(
                        core.core().state().kernels.find(id << KernelTable.INDEX_BITS | low.agents.size())));
                }
            }
            for (int index = 0; index < low.agents.size(); index++)
            {
                core.report(id, index, ReportKind.RUNNING, Reason.NONE, 0);
            }
        }

        private SubmitSpec high()
        {
            final int kernels = random.percent(40) ? 1 : from(2, 4);
            final boolean alike = random.percent(50);
            final int first = from(1, 6);
            final SubmitSpec spec = session().cpu(first * 1000L).mem(0).priority(50);
            asked.add(first);
            if (alike)
            {
                spec.kernels(kernels);
            }
            while (asked.size() < kernels)
            {
                final int next = alike ? first : from(1, 5);
                asked.add(next);
                if (!alike)
                {
                    spec.part(1, next * 1000L, 0);
                }
            }
            return spec;
        }

        /* All sets. */

        private void search()
        {
            final List<Long> candidates = running.keySet().stream().filter(id -> running.get(id).preemptible).toList();
            if (fits(List.of()))
            {
                return;
            }
            for (int set = 1; set < 1 << candidates.size(); set++)
            {
                final List<Long> yielding = new ArrayList<>();
                for (int i = 0; i < candidates.size(); i++)
                {
                    if (0 != (set & 1 << i))
                    {
                        yielding.add(candidates.get(i));
                    }
                }
                final boolean better = 0 == fewest || yielding.size() < fewest ||
                    yielding.size() == fewest && cost(yielding) < leastCost;
                if (better && fits(yielding))
                {
                    fewest = yielding.size();
                    leastCost = cost(yielding);
                }
            }
        }

        /** Priorities before work: seconds times thousandths of the agents. */
        private long cost(final List<Long> yielding)
        {
            long sum = 0;
            for (final long id : yielding)
            {
                final Low low = running.get(id);
                final long ranMs = (core.nowNs() - low.sinceNs) / 1_000_000L;
                final long parts = low.agents.stream().mapToLong(agent -> low.cores * 1000L / cores[agent]).sum();
                sum += low.priority * 1_000_000_000L + (ranMs * parts >> 10);
            }
            return sum;
        }

        private boolean fits(final List<Long> yielding)
        {
            final int[] free = cores.clone();
            running.forEach((id, low) ->
            {
                if (!yielding.contains(id))
                {
                    low.agents.forEach(agent -> free[agent] -= low.cores);
                }
            });
            return fits(free, 0);
        }

        private boolean fits(final int[] free, final int kernel)
        {
            if (kernel == asked.size())
            {
                return true;
            }
            boolean found = false;
            for (int agent = 1; agent < free.length && !found; agent++)
            {
                if (free[agent] >= asked.get(kernel))
                {
                    free[agent] -= asked.get(kernel);
                    found = fits(free, kernel + 1);
                    free[agent] += asked.get(kernel);
                }
            }
            return found;
        }
    }
}
