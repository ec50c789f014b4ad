package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SeededRandom;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One pool of processors, memory and devices under predictive backfill and under plain EASY, both by the core itself:
 * nobody starts later than there by more than the bound.
 */
class PromisedHistoryTest
{
    private static final long SECOND_NS = Commands.SECOND_NS;
    private static final int SESSIONS = 120;

    /** What is asked for, in seconds and units; nobody runs for all of its limit. */
    private record Job(long submit, int cores, int memory, int devices, long limit, long run, int owner)
    {
    }

    private static List<Job> jobs(final long seed)
    {
        final SeededRandom random = new SeededRandom(seed);
        final List<Job> jobs = new ArrayList<>();
        long submit = 0;
        for (int i = 0; i < SESSIONS; i++)
        {
            submit += random.percent(75) ? random.below(8) : random.below(90);
            final long limit = 2 + random.below(random.percent(50) ? 128 : 8);
            jobs.add(new Job(
                submit,
                random.percent(20) ? 12 : 1 + random.below(6),
                random.percent(50) ? 0 : 10 * (1 + random.below(10)),
                random.percent(60) ? 0 : 1 + random.below(4),
                limit,
                1 + random.below((int)limit - 1),
                1 + random.below(4)));
        }
        return jobs;
    }

    /** When each starts, in nanoseconds. */
    private static final class Run
    {
        private final CoreHarness core;
        private final List<Job> jobs;
        private final long[] starts;
        private final TreeMap<Long, List<Long>> ends = new TreeMap<>();
        private int started;
        private final long beginNs;

        Run(final List<Job> jobs, final Backfill backfill, final long boundNs)
        {
            this.jobs = jobs;
            starts = new long[jobs.size()];
            final GroupSettings settings = new GroupSettings();
            settings.backfill = backfill;
            settings.delayMaxNs = boundNs;
            core = CoreHarness.started(CoreOptions.defaults(), settings);
            core.join(new AgentHello(1, 24_000, 200).slot("cuda.device", 8));
            beginNs = core.nowNs();
        }

        long[] go()
        {
            int next = 0;
            while (started < jobs.size() || !ends.isEmpty())
            {
                final long submitNs =
                    next < jobs.size() ? beginNs + jobs.get(next).submit * SECOND_NS : Long.MAX_VALUE;
                final long endNs = ends.isEmpty() ? Long.MAX_VALUE : ends.firstKey();
                final long wakeNs = core.core().nextDeadlineNs();
                if (wakeNs < Math.min(submitNs, endNs))
                {
                    follow(core.pass(Math.max(0, wakeNs - core.nowNs())));
                }
                else if (submitNs <= endNs)
                {
                    core.advance(submitNs - core.nowNs());
                    follow(core.run(core.command.submitAs(jobs.get(next).owner, spec(jobs.get(next)))));
                    next++;
                }
                else
                {
                    core.advance(endNs - core.nowNs());
                    ends.pollFirstEntry().getValue().forEach(this::end);
                }
            }
            return starts;
        }

        private static SubmitSpec spec(final Job job)
        {
            final SubmitSpec spec = session().cpu(job.cores * 1000L).mem(job.memory).walltime(job.limit * SECOND_NS);
            return job.devices > 0 ? spec.slot("cuda.device", job.devices) : spec;
        }

        private void end(final long id)
        {
            follow(core.report(id, ReportKind.EXITED));
        }

        private void follow(final List<String> events)
        {
            for (final String event : events)
            {
                if (event.startsWith("assigned "))
                {
                    final long id = Long.parseLong(event.split(" ")[1].split("\\.")[0]);
                    final long endNs = core.nowNs() + jobs.get((int)id - 1).run * SECOND_NS;
                    starts[(int)id - 1] = core.nowNs() - beginNs;
                    started++;
                    ends.computeIfAbsent(endNs, at -> new ArrayList<>()).add(id);
                    follow(core.report(id, ReportKind.RUNNING));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5, 60, 300})
    void shouldStartNobodyLaterThanEasyByMoreThanTheBound(final long boundSeconds)
    {
        long ahead = 0;
        for (long seed = 1; seed <= Integer.getInteger("plimsoll.seeds", 12); seed++)
        {
            final List<Job> jobs = jobs(seed);
            final long[] easy = new Run(jobs, Backfill.EASY, 0).go();
            final long[] starts = new Run(jobs, Backfill.PREDICTIVE, boundSeconds * SECOND_NS).go();
            for (int i = 0; i < starts.length; i++)
            {
                final long behind = (starts[i] - easy[i]) / SECOND_NS;
                assertTrue(behind <= boundSeconds, "seed=" + seed + " sessionId=" + (i + 1) + " behind=" + behind);
                ahead += starts[i] + SECOND_NS < easy[i] ? 1 : 0;
            }
        }
        assertEquals(0 != boundSeconds, ahead > 0, "somebody is better off: " + ahead);
    }
}
