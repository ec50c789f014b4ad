package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SeededRandom;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a head was promised is kept, on random clusters and queues, when nobody runs for longer than its limit: it never
 * starts later than it was first expected to.
 */
class BackfillPromiseTest
{
    private static final long SECOND_NS = Commands.SECOND_NS;
    private static final int STEPS = 400;
    private static final int SEEDS = Integer.getInteger("plimsoll.seeds", 12);

    @ParameterizedTest
    @EnumSource(value = Backfill.class, names = {"EASY", "EASY_SJBF"})
    void shouldNeverPutTheHeadOff(final Backfill backfill)
    {
        int kept = 0;
        for (long seed = 1; seed <= SEEDS; seed++)
        {
            kept += new Run(backfill, seed).go();
        }
        assertTrue(kept > 10 * SEEDS, "heads: " + kept);
    }

    @Test
    void shouldNeverPutOffAHeadThatMustBeApartFromOthers()
    {
        int kept = 0;
        for (long seed = 1; seed <= SEEDS; seed++)
        {
            final Run run = new Run(Backfill.EASY, seed);
            run.apartPercent = 35;
            run.restarting = 0 == seed % 2;
            kept += run.go();
        }
        assertTrue(kept > 10 * SEEDS, "heads: " + kept);
    }

    @Test
    void shouldDecideTheSameAfterARestore()
    {
        for (long seed = 100; seed < 104; seed++)
        {
            final Run run = new Run(Backfill.EASY, seed);
            run.restarting = true;
            final Run other = new Run(Backfill.EASY, seed);
            run.go();
            other.go();
            assertEquals(other.core.core().stateHash(), run.core.core().stateHash(), "seed=" + seed);
        }
    }

    /** One history; the clock jumps from one thing that happens to the next. */
    private static final class Run
    {
        private final SeededRandom random;
        private final SeededRandom other = new SeededRandom(7);
        private final long seed;
        private final CoreHarness core;
        private final TreeMap<Long, TreeMap<Long, Long>> ends = new TreeMap<>();
        private final Map<Long, Integer> kernels = new TreeMap<>();
        private final Map<Long, Long> runSeconds = new TreeMap<>();
        private final Map<Long, Long> promisedNs = new TreeMap<>();
        private final Map<Long, Integer> left = new TreeMap<>();
        private boolean restarting;
        private int apartPercent;
        private int kept;

        Run(final Backfill backfill, final long seed)
        {
            this.seed = seed;
            random = new SeededRandom(seed);
            final GroupSettings settings = new GroupSettings();
            settings.backfill = backfill;
            settings.selection = random.percent(50) ? SelectPolicy.CONCENTRATED : SelectPolicy.DISPERSED;
            core = CoreHarness.started(CoreOptions.defaults(), settings);
            final int agents = 1 + random.below(5);
            for (int i = 1; i <= agents; i++)
            {
                final AgentHello hello = new AgentHello(i, random.between(2, 10) * 1000, 1000);
                hello.slot("cuda.device", random.between(0, 3));
                core.join(hello);
            }
        }

        /** Returns how many heads started in time. */
        int go()
        {
            for (int i = 0; i < STEPS; i++)
            {
                if (random.percent(55))
                {
                    submit();
                }
                else
                {
                    passUntilNextEnd();
                }
                if (restarting && other.percent(10))
                {
                    core.restart();
                }
                else if (restarting && other.percent(10))
                {
                    core.core().dropCaches();
                }
            }
            while (!ends.isEmpty())
            {
                passUntilNextEnd();
            }
            return kept;
        }

        private void submit()
        {
            final long limit = random.between(5, 200);
            final SubmitSpec spec = session()
                .cpu(random.between(1, 8) * 1000)
                .mem(random.below(3) * 100L)
                .walltime(limit * SECOND_NS);
            final int gang = random.percent(20) ? 2 + random.below(4) : 1;
            spec.kernels(gang);
            if (random.percent(20))
            {
                spec.slot("cuda.device", random.between(1, 2));
            }
            else if (random.percent(20))
            {
                spec.slot("cuda.shares", random.between(1, 15) * 100);
            }
            if (apartPercent > 0 && random.percent(apartPercent))
            {
                spec.constrained(ConstraintKind.SPREAD_STRICT, "web" + random.below(2), "");
            }
            final List<String> events = core.run(core.command.submit(spec));
            final long id = core.core().state().nextSessionId - 1;
            if (events.stream().noneMatch(event -> event.startsWith("rejected")))
            {
                kernels.put(id, gang);
                runSeconds.put(id, random.percent(30) ? limit : random.between(1, (int)limit));
            }
            follow(events);
        }

        private void passUntilNextEnd()
        {
            if (ends.isEmpty())
            {
                return;
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
            notePromise();
            for (final String event : events)
            {
                if (event.startsWith("assigned "))
                {
                    final String[] kernel = event.split(" ")[1].split("\\.");
                    begin(Long.parseLong(kernel[0]), Integer.parseInt(kernel[1]));
                }
            }
        }

        private void begin(final long id, final int index)
        {
            final Long promised = promisedNs.get(id);
            if (null != promised)
            {
                kept += 0 == index ? 1 : 0;
                assertTrue(core.nowNs() <= promised, "seed=" + seed + " sessionId=" + id + " late by " +
                    (core.nowNs() - promised) / SECOND_NS + " s");
            }
            ends.computeIfAbsent(core.nowNs() + runSeconds.get(id) * SECOND_NS, at -> new TreeMap<>())
                .put(id << 10 | index, id);
            left.merge(id, 1, Integer::sum);
            follow(core.report(id, index, ReportKind.RUNNING, Reason.NONE, 0));
        }

        /** Once a session has been the head nobody comes before it: all have one priority. */
        private void notePromise()
        {
            final CoreState state = core.core().state();
            core.core().continueNeeded();
            final Reservation head = ((BackfillQueue)state.schedule.queue(0)).head();
            if (null != head)
            {
                final int first = state.shapes.queueHead.get(head.shape());
                final long id = state.sessions.nextId.get(first);
                assertTrue(
                    promisedNs.getOrDefault(id, Long.MAX_VALUE) >= head.startNs(), "seed=" + seed + " put off " + id);
                promisedNs.put(id, head.startNs());
                final Reservation anew = new Reservation(state, 0);
                assertTrue(anew.find(head.shape()), "seed=" + seed + " for nobody but the queue, sessionId=" + id);
                assertEquals(anew.startNs(), head.startNs(), "seed=" + seed + " as if nothing were known before");
            }
        }
    }
}
