package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SeededRandom;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each session was promised under conservative backfilling is kept, on random clusters and queues: a reservation
 * never moves later, and nobody starts after its own, whoever comes, ends early or is cancelled. Fresh seeds by hand:
 * {@code -Dplimsoll.seeds=N} runs so many.
 */
class ConservativePromiseTest
{
    private static final long SECOND_NS = Commands.SECOND_NS;
    private static final int STEPS = 300;

    /** What may happen besides that sessions come and end. */
    private enum Histories
    {
        EXACT_LIMITS, EARLY_ENDS, CANCELS, PRIORITIES, AGENTS_GO
    }

    @ParameterizedTest
    @EnumSource
    void shouldNeverPutAnybodyOff(final Histories histories)
    {
        final int seeds = Integer.getInteger("plimsoll.seeds", 8);
        int kept = 0;
        int plansChecked = 0;
        for (long seed = 1; seed <= seeds; seed++)
        {
            final Run run = new Run(histories, OrderPolicy.FIFO, seed);
            run.go();
            kept += run.kept;
            plansChecked += run.plansChecked;
        }
        assertTrue(kept > 8 * seeds, "promises kept: " + kept);
        assertTrue(plansChecked > 100 * seeds, "plans checked: " + plansChecked);
    }

    @ParameterizedTest
    @EnumSource(names = {"LIFO", "DRF", "FAIR_SHARE"}, mode = EnumSource.Mode.INCLUDE)
    void shouldNeverPutAnybodyOffWhateverTheOrder(final OrderPolicy order)
    {
        for (long seed = 1; seed <= Integer.getInteger("plimsoll.seeds", 4); seed++)
        {
            new Run(Histories.CANCELS, order, seed).go();
        }
    }

    @Test
    void shouldDecideTheSameAfterARestore()
    {
        for (long seed = 100; seed < 104; seed++)
        {
            final Run run = new Run(Histories.CANCELS, OrderPolicy.FIFO, seed);
            run.restarting = true;
            final Run other = new Run(Histories.CANCELS, OrderPolicy.FIFO, seed);
            run.go();
            other.go();
            assertEquals(other.core.core().stateHash(), run.core.core().stateHash(), "seed=" + seed);
        }
    }

    /** The second element has its turn where the first cannot start for it, and is asked once that one has. */
    @Test
    void shouldAskTheNextElementOnceTheOneBeforeHasStarted()
    {
        final GroupSettings settings = new GroupSettings();
        settings.backfill = Backfill.CONSERVATIVE;
        final CoreHarness core = CoreHarness.started(CoreOptions.defaults(), settings);
        core.join(1, 4000, 1000);
        core.join(2, 4000, 1000);
        core.run(core.command.submitAs(
            1, session().arrayOf(4).kernels(2).cpu(2000).mem(0).walltime(100 * SECOND_NS)));
        for (final long session : new long[]{2, 1})
        {
            core.advance(SECOND_NS);
            core.report(session, 0, ReportKind.RUNNING, Reason.NONE, 0);
            core.report(session, 1, ReportKind.RUNNING, Reason.NONE, 0);
        }
        core.advance(SECOND_NS);
        final List<String> assigned = new ArrayList<>();
        for (final long session : new long[]{1, 2})
        {
            for (int kernel = 0; kernel < 2; kernel++)
            {
                for (final String event : core.report(session, kernel, ReportKind.EXITED, Reason.COMPLETED, 0))
                {
                    if (event.startsWith("assigned "))
                    {
                        assigned.add(event.split(" ")[1]);
                    }
                }
            }
        }
        assertEquals(List.of("3.0", "3.1", "4.0", "4.1"), assigned);
    }

    /** One history; the clock jumps from one thing that happens to the next. */
    private static final class Run
    {
        private final SeededRandom random;
        private final SeededRandom other = new SeededRandom(7);
        private final Histories histories;
        private final long seed;
        private final CoreHarness core;
        /** By time: kernels that end, with their session. */
        private final TreeMap<Long, TreeMap<Long, Long>> ends = new TreeMap<>();
        private final Map<Long, Integer> kernels = new TreeMap<>();
        private final Map<Long, Long> runSeconds = new TreeMap<>();
        private final Map<Long, Integer> priorities = new TreeMap<>();
        private final Map<Long, Long> promisedNs = new TreeMap<>();
        private final List<Integer> agents = new ArrayList<>();
        private int priorityMax;
        private boolean restarting;
        private int kept;
        private int plansChecked;

        Run(final Histories histories, final OrderPolicy order, final long seed)
        {
            this.histories = histories;
            this.seed = seed;
            random = new SeededRandom(seed);
            final GroupSettings settings = new GroupSettings();
            settings.backfill = Backfill.CONSERVATIVE;
            settings.order = order;
            settings.selection = random.percent(50) ? SelectPolicy.CONCENTRATED : SelectPolicy.DISPERSED;
            settings.decisionsPerCommandMax = random.percent(30) ? 1 + random.below(3) : 1000;
            core = CoreHarness.started(CoreOptions.defaults(), settings);
            final int count = 1 + random.below(5);
            for (int i = 1; i <= count; i++)
            {
                final AgentHello hello = new AgentHello(i, random.between(2, 10) * 1000, 1000);
                hello.slot("cuda.device", random.between(0, 3));
                hello.kernelsMax = random.percent(30) ? 1 + random.below(4) : -1;
                agents.add(core.join(hello));
            }
        }

        void go()
        {
            for (int i = 0; i < STEPS; i++)
            {
                step();
                if (restarting && other.percent(10))
                {
                    core.restart();
                }
                else if (restarting && other.percent(10))
                {
                    core.core().dropCaches();
                }
            }
            agents.forEach(agent -> drain(agent, false));
            while (!ends.isEmpty() || core.core().state().reservations.count() > 0)
            {
                passUntilNextEnd();
            }
            assertNobodyWaits();
        }

        private void step()
        {
            if (random.percent(55))
            {
                submit();
            }
            else if (Histories.CANCELS == histories && random.percent(20))
            {
                cancel();
            }
            else if (Histories.AGENTS_GO == histories && random.percent(20))
            {
                drain(agents.get(random.below(agents.size())), random.percent(50));
            }
            else
            {
                passUntilNextEnd();
            }
        }

        private void submit()
        {
            final long limit = random.between(5, 200);
            final SubmitSpec spec = session()
                .cpu(random.between(1, 8) * 1000)
                .mem(random.below(3) * 100L)
                .walltime(limit * SECOND_NS);
            final int gang = random.percent(20) ? 2 + random.below(4) : 1;
            final int elements = random.percent(10) ? 1 + random.below(6) : 1;
            final int priority = Histories.PRIORITIES == histories ? 10 * random.below(3) : 10;
            spec.kernels(gang).priority(priority);
            if (elements > 1)
            {
                spec.arrayOf(elements);
            }
            if (random.percent(20))
            {
                spec.slot("cuda.device", random.between(1, 2));
            }
            else if (random.percent(20))
            {
                spec.slot("cuda.shares", random.between(1, 15) * 100);
            }
            priorityMax = Math.max(priorityMax, priority);
            final long first = core.core().state().nextSessionId;
            final long seconds = runSeconds(limit);
            for (long id = first; id < first + elements; id++)
            {
                kernels.put(id, gang);
                priorities.put(id, priority);
                runSeconds.put(id, seconds);
            }
            follow(core.run(core.command.submitAs(1 + random.below(4), spec)));
        }

        private long runSeconds(final long limit)
        {
            return Histories.EXACT_LIMITS == histories || random.percent(30) ? limit : random.between(1, (int)limit);
        }

        private void cancel()
        {
            final long first = 1 + random.below((int)core.core().state().nextSessionId);
            final List<String> events = core.run(core.command.cancel(first, first + random.below(2)));
            for (final String event : events)
            {
                if (event.startsWith("session ") && event.contains(" CANCELLED "))
                {
                    promisedNs.remove(Long.parseLong(event.split(" ")[1]));
                }
            }
            follow(events);
        }

        private void drain(final int agent, final boolean drained)
        {
            promisedNs.clear();
            follow(core.run(core.command.drain(agent, drained)));
        }

        private void passUntilNextEnd()
        {
            if (ends.isEmpty() && 0 == core.core().state().reservations.count())
            {
                return;
            }
            final long endNs = ends.isEmpty() ? Long.MAX_VALUE : ends.firstKey();
            if (core.core().nextDeadlineNs() < endNs)
            {
                core.advance(Math.max(0, core.core().nextDeadlineNs() - core.nowNs()));
                follow(core.run(core.command.timePassed()));
                return;
            }
            if (ends.isEmpty())
            {
                throw new AssertionError("seed=" + seed + " turns that never come");
            }
            final long atNs = ends.firstKey();
            core.advance(Math.max(0, atNs - core.nowNs()));
            final Map<Long, Long> ended = ends.pollFirstEntry().getValue();
            for (final long kernelId : ended.keySet())
            {
                follow(core.report(
                    kernelId >> 10, (int)(kernelId & 1023), ReportKind.EXITED, Reason.NONE, 0));
            }
        }

        private void follow(final List<String> events)
        {
            notePromises();
            for (final String event : events)
            {
                if (event.startsWith("kill "))
                {
                    final String[] kernel = event.split(" ")[1].split("\\.");
                    hurry(Long.parseLong(kernel[0]) << 10 | Integer.parseInt(kernel[1]));
                }
                if (event.startsWith("assigned "))
                {
                    final String[] kernel = event.split(" ")[1].split("\\.");
                    begin(Long.parseLong(kernel[0]), Integer.parseInt(kernel[1]));
                }
            }
        }

        /** Who is told to end does so before it is ended by force. */
        private void hurry(final long kernelId)
        {
            for (final Map.Entry<Long, TreeMap<Long, Long>> entry : ends.entrySet())
            {
                if (entry.getValue().containsKey(kernelId))
                {
                    final long id = entry.getValue().remove(kernelId);
                    final long atNs = Math.min(entry.getKey(), core.nowNs() + random.below(10) * SECOND_NS);
                    ends.values().removeIf(TreeMap::isEmpty);
                    ends.computeIfAbsent(atNs, at -> new TreeMap<>()).put(kernelId, id);
                    return;
                }
            }
        }

        private void begin(final long id, final int index)
        {
            final Long promised = promisedNs.get(id);
            if (null != promised && isFirm(id))
            {
                kept += 0 == index ? 1 : 0;
                assertTrue(core.nowNs() <= promised, "seed=" + seed + " sessionId=" + id + " late by " +
                    (core.nowNs() - promised) / SECOND_NS + " s");
            }
            ends.computeIfAbsent(core.nowNs() + runSeconds.get(id) * SECOND_NS, at -> new TreeMap<>())
                .put(id << 10 | index, id);
            follow(core.report(id, index, ReportKind.RUNNING, Reason.NONE, 0));
        }

        /** Who has less priority than others may be put off by these. */
        private boolean isFirm(final long id)
        {
            return priorityMax == priorities.get(id);
        }

        /** After every command, everybody who waits has a reservation, and none is later than it was. */
        private void notePromises()
        {
            final CoreState state = core.core().state();
            plansChecked += PlanAudit.check(state, 0);
            final SessionTable sessions = state.sessions;
            for (int row = 0; row < sessions.highWater(); row++)
            {
                if (sessions.isLive(row) && LifeState.PENDING.value() == sessions.state.get(row))
                {
                    long id = sessions.nextId.get(row);
                    for (int at = state.reservations.first(row); Table.NONE != at; at = state.reservations.next(at))
                    {
                        notePromise(id, state.reservations.startNs.get(at));
                        id++;
                    }
                    assertTrue(
                        Histories.AGENTS_GO == histories || id == sessions.endId.get(row) || !mayBePlanned(row),
                        "seed=" + seed + " no reservation for sessionId=" + id);
                }
            }
        }

        private void notePromise(final long id, final long startNs)
        {
            final long beforeNs = promisedNs.getOrDefault(id, Long.MAX_VALUE);
            assertTrue(startNs <= beforeNs || !isFirm(id), "seed=" + seed + " put off sessionId=" + id);
            promisedNs.put(id, startNs);
        }

        /** Kernels that share a device with each other are planned as if each had its own. */
        private boolean mayBePlanned(final int session)
        {
            final ShapeTable shapes = core.core().state().shapes;
            final int shape = core.core().state().sessions.shape.get(session);
            return 1 == shapes.kernels.get(shape) || 0 == shapes.deviceCount.get(shape) ||
                AgentView.WHOLE == shapes.deviceShare.get(shape);
        }

        private boolean mayEverFit(final int session)
        {
            final CoreState state = core.core().state();
            return new EverFits(state, new Reservation(state, 0)).mayEverFit(state.sessions.shape.get(session));
        }

        private void assertNobodyWaits()
        {
            final SessionTable sessions = core.core().state().sessions;
            for (int row = 0; row < sessions.highWater(); row++)
            {
                assertTrue(
                    !sessions.isLive(row) || LifeState.PENDING.value() != sessions.state.get(row) || !mayEverFit(row),
                    "seed=" + seed + " waits for ever: sessionId=" + sessions.nextId.get(row));
            }
        }
    }
}
