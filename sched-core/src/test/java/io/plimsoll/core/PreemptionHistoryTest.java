package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
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

/**
 * Random histories of full clusters in which sessions make others yield: only lower ones do, whatever is restored or
 * dropped in between changes nothing, no claim outlives its reason, and in the end everybody has run.
 */
class PreemptionHistoryTest
{
    private static final int STEPS = 300;

    @Test
    void shouldLetOnlyLowerOnesYieldAndEveryoneRunInTheEnd()
    {
        int preempted = 0;
        for (long seed = 1; seed <= Integer.getInteger("plimsoll.seeds", 12); seed++)
        {
            final Run run = new Run(seed, false);
            final Run same = new Run(seed, true);
            run.go();
            same.go();
            assertEquals(run.core.core().stateHash(), same.core.core().stateHash(), "seed=" + seed);
            preempted += run.preempted;
        }
        assertTrue(preempted > 30, "preempted=" + preempted);
    }

    private static final class Run
    {
        private final SeededRandom random;
        private final SeededRandom other = new SeededRandom(7);
        private final CoreHarness core;
        private final CoreState[] state = new CoreState[1];
        private final boolean restarting;
        private final long seed;
        private final List<Long> runningKernels = new ArrayList<>();
        private final Map<Long, Integer> priorities = new TreeMap<>();
        private int preempted;

        Run(final long seed, final boolean restarting)
        {
            this.seed = seed;
            this.restarting = restarting;
            random = new SeededRandom(seed);
            final GroupSettings settings = new GroupSettings();
            settings.preemption = random.percent(50) ? PreemptionMode.TERMINATE : PreemptionMode.RESCHEDULE;
            settings.preemptionMinRuntimeNs = random.percent(50) ? 0 : 5 * Commands.SECOND_NS;
            settings.backfill = random.percent(70) ? Backfill.GREEDY : Backfill.EASY;
            core = CoreHarness.started(CoreOptions.defaults(), settings);
            final int agents = 1 + random.below(4);
            for (int i = 1; i <= agents; i++)
            {
                core.join(new AgentHello(i, random.between(2, 8) * 1000, 2000).slot("cuda.device", 2));
            }
        }

        void go()
        {
            for (int i = 0; i < STEPS; i++)
            {
                if (random.percent(45))
                {
                    submit();
                }
                else if (random.percent(30))
                {
                    follow(core.pass(random.between(1, 4) * Commands.SECOND_NS));
                }
                else
                {
                    endOne();
                }
                shake();
            }
            int idle = 0;
            while (idle < 3)
            {
                idle = runningKernels.isEmpty() ? idle + 1 : 0;
                endOne();
                follow(core.pass(6 * Commands.SECOND_NS));
            }
            assertEquals(0, state().groups.pending.get(0), "seed=" + seed + " still waiting");
            assertEquals(0, state().agents.claims, "seed=" + seed);
        }

        private CoreState state()
        {
            state[0] = core.core().state();
            return state[0];
        }

        private void shake()
        {
            new CoreInvariants(core.core()).check();
            if (restarting && other.percent(15))
            {
                core.restart();
            }
            else if (restarting && other.percent(15))
            {
                core.core().dropCaches();
            }
        }

        private void submit()
        {
            final int priority = random.below(5) * 10;
            final SubmitSpec spec = session().cpu(random.between(1, 6) * 1000).mem(100).priority(priority);
            if (random.percent(70))
            {
                spec.preemptible();
            }
            if (random.percent(25))
            {
                spec.kernels(2 + random.below(3));
            }
            if (random.percent(25))
            {
                spec.slot("cuda.shares", random.between(1, 20) * 100);
            }
            if (random.percent(30))
            {
                spec.walltime(3600 * Commands.SECOND_NS);
            }
            final List<String> events = core.run(core.command.submit(spec));
            if (events.stream().noneMatch(event -> event.startsWith("rejected")))
            {
                priorities.put(state().nextSessionId - 1, priority);
            }
            follow(events);
        }

        private void endOne()
        {
            if (!runningKernels.isEmpty())
            {
                final long kernelId = runningKernels.remove(random.below(runningKernels.size()));
                final int kernel = state().kernels.find(kernelId);
                final boolean told = LifeState.TERMINATING.value() == state().kernels.state.get(kernel);
                follow(core.report(
                    kernelId >> 10,
                    (int)(kernelId & 1023),
                    ReportKind.EXITED,
                    told ? Reason.PREEMPTED : Reason.NONE,
                    told ? 143 : 0));
            }
        }

        private void follow(final List<String> events)
        {
            for (final String event : events)
            {
                if (event.startsWith("assigned "))
                {
                    final String[] kernel = event.split(" ")[1].split("\\.");
                    runningKernels.add(Long.parseLong(kernel[0]) << 10 | Long.parseLong(kernel[1]));
                    follow(core.report(
                        Long.parseLong(kernel[0]), Integer.parseInt(kernel[1]), ReportKind.RUNNING, Reason.NONE, 0));
                }
                else if (event.contains("TERMINATING") && event.contains("PREEMPTED") && event.startsWith("session"))
                {
                    preempted++;
                    checkLower(Long.parseLong(event.split(" ")[1]));
                }
            }
        }

        private void checkLower(final long victim)
        {
            int highest = -1;
            for (int session = 0; session < state().sessions.highWater(); session++)
            {
                if (state().sessions.isLive(session) &&
                    LifeState.PENDING.value() == state().sessions.state.get(session))
                {
                    highest = Math.max(highest, priorities.get(state().sessions.nextId.get(session)));
                }
            }
            assertTrue(highest > priorities.get(victim), "seed=" + seed + " victim=" + victim);
        }
    }
}
