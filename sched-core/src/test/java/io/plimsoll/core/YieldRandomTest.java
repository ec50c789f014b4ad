package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SeededRandom;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who yields on small random clusters, against all sets of sessions that there are, in plain words: the fewest, of
 * these those of the lowest priorities, of these those whose work so far is least; nobody if that does not help. With
 * and without a group of sessions that must be apart, or together. More seeds by hand: {@code -Dplimsoll.seeds=N}.
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
            yielding += new Cluster(seed, null).compare();
        }
        assertTrue(yielding > seeds / 4, "somebody had to yield: " + yielding);
    }

    @ParameterizedTest
    @EnumSource(value = ConstraintKind.class, names = {"SPREAD_STRICT", "PACK_STRICT"})
    void shouldHaveTheFewestAndLeastCostlyYieldToWhoMindsWhereOthersAre(final ConstraintKind kind)
    {
        final int seeds = Integer.getInteger("plimsoll.seeds", 300);
        int yielding = 0;
        int related = 0;
        for (long seed = 1; seed <= seeds; seed++)
        {
            final Cluster cluster = new Cluster(seed, kind);
            yielding += cluster.compare();
            related += cluster.isAnyRelatedYielding ? 1 : 0;
        }
        assertTrue(yielding > seeds / 8, "somebody had to yield: " + yielding);
        assertTrue(related > seeds / 40, "somebody of the same group had to yield: " + related);
    }

    /** What runs, by session and in the order of its kernels: cores, and the agents that they are on. */
    private static final class Low
    {
        private final int priority;
        private final boolean preemptible;
        private final int cores;
        private final long sinceNs;
        private final List<Integer> agents = new ArrayList<>();
        /** What it asks for as to the others of its group; null: it is of none. */
        private final ConstraintKind kind;

        Low(
            final int priority,
            final boolean preemptible,
            final int cores,
            final long sinceNs,
            final ConstraintKind kind)
        {
            this.priority = priority;
            this.preemptible = preemptible;
            this.cores = cores;
            this.sinceNs = sinceNs;
            this.kind = kind;
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
        private final ConstraintKind kind;
        /** What is being placed asks for as to the others of its group. */
        private ConstraintKind askedKind;
        private boolean isAnyRelatedYielding;

        Cluster(final long seed, final ConstraintKind kind)
        {
            this.seed = seed;
            this.kind = kind;
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
            if (ConstraintKind.PACK_STRICT == kind && sum(asked) > Arrays.stream(cores).max().orElseThrow())
            {
                // What would not fit together on an empty agent is refused, wherever others are.
                assertEquals(List.of(), victims);
                return 0;
            }
            search();
            isAnyRelatedYielding = victims.stream().anyMatch(id -> null != running.get(id).kind);
            assertEquals(fewest, victims.size(), () -> "seed=" + seed + " " + victims + " for " + asked);
            assertEquals(leastCost, cost(victims), () -> "seed=" + seed + " " + victims + " for " + asked);
            return victims.isEmpty() ? 0 : 1;
        }

        private static int sum(final List<Integer> amounts)
        {
            return amounts.stream().mapToInt(Integer::intValue).sum();
        }

        private void submitLow()
        {
            final Low low =
                new Low(random.below(3) * 5, random.percent(85), from(1, 4), core.nowNs(), lowKind());
            final int kernels = random.percent(70) ? 1 : from(2, 3);
            final SubmitSpec spec =
                session().cpu(low.cores * 1000L).mem(0).priority(low.priority).kernels(kernels);
            asked.addAll(Collections.nCopies(kernels, low.cores));
            askedKind = low.kind;
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
            if (null != low.kind)
            {
                spec.constrained(low.kind, "g", "");
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

        /** Most are of the group if there is one; those that only prefer to be somewhere are of it as well. */
        private ConstraintKind lowKind()
        {
            if (null == kind || random.percent(50))
            {
                return null;
            }
            return random.percent(50) ? kind : ConstraintKind.SPREAD_PREFERRED;
        }

        private SubmitSpec high()
        {
            askedKind = kind;
            final int kernels = random.percent(40) ? 1 : from(2, 4);
            final boolean alike = random.percent(50);
            final int first = from(1, 6);
            final SubmitSpec spec = session().cpu(first * 1000L).mem(0).priority(50);
            if (null != kind)
            {
                spec.constrained(kind, "g", "");
            }
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
            final int[] related = new int[cores.length];
            running.forEach((id, low) ->
            {
                if (!yielding.contains(id))
                {
                    low.agents.forEach(agent -> free[agent] -= low.cores);
                    low.agents.forEach(agent -> related[agent] += null == low.kind ? 0 : 1);
                }
            });
            return fits(free, related, 0);
        }

        private boolean fits(final int[] free, final int[] related, final int kernel)
        {
            if (kernel == asked.size())
            {
                return true;
            }
            boolean found = false;
            for (int agent = 1; agent < free.length && !found; agent++)
            {
                if (free[agent] >= asked.get(kernel) && isAllowed(related, agent))
                {
                    free[agent] -= asked.get(kernel);
                    related[agent]++;
                    found = fits(free, related, kernel + 1);
                    related[agent]--;
                    free[agent] += asked.get(kernel);
                }
            }
            return found;
        }

        /** By the kernels of the group that are on agents, those before it included. */
        private boolean isAllowed(final int[] related, final int agent)
        {
            if (ConstraintKind.SPREAD_STRICT == askedKind)
            {
                return 0 == related[agent];
            }
            return ConstraintKind.PACK_STRICT != askedKind || related[agent] > 0 || 0 == Arrays.stream(related).sum();
        }
    }
}
