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
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who overtakes whom, worked out by hand. */
class BackfillTest
{
    private static final long SECOND_NS = Commands.SECOND_NS;

    private final GroupSettings settings = new GroupSettings();
    private CoreHarness core;

    private void start(final Backfill backfill)
    {
        settings.backfill = backfill;
        core = CoreHarness.started(CoreOptions.defaults(), settings);
    }

    private static SubmitSpec job(final int cores, final long seconds)
    {
        return session().cpu(cores * 1000L).mem(0).walltime(seconds * SECOND_NS);
    }

    /** Ids of the sessions that began to run; each is told to run at once. */
    private List<Long> started(final List<String> events)
    {
        final List<Long> ids = new ArrayList<>();
        final List<String> left = new ArrayList<>(events);
        while (!left.isEmpty())
        {
            final String event = left.remove(0);
            if (event.startsWith("assigned "))
            {
                final String[] kernel = event.split(" ")[1].split("\\.");
                final long id = Long.parseLong(kernel[0]);
                if (!ids.contains(id))
                {
                    ids.add(id);
                }
                left.addAll(core.report(
                    id, Integer.parseInt(kernel[1]), ReportKind.RUNNING, Reason.NONE, 0));
            }
        }
        return ids;
    }

    private List<Long> submit(final SubmitSpec spec)
    {
        return started(core.run(core.command.submit(spec)));
    }

    private List<Long> end(final long id)
    {
        return started(core.report(id, ReportKind.EXITED));
    }

    @Test
    void shouldLetNobodyOvertakeWithoutBackfilling()
    {
        start(Backfill.NONE);
        core.join(1, 4000, 1000);
        assertEquals(List.of(1L), submit(job(3, 100)));
        assertEquals(List.of(), submit(job(2, 100)));
        assertEquals(List.of(), submit(job(1, 1)));
        assertEquals(List.of(2L, 3L), end(1));
    }

    @Test
    void shouldOnlyOvertakeWhatEndsBeforeTheHeadStarts()
    {
        start(Backfill.EASY);
        core.join(1, 4000, 1000);
        assertEquals(List.of(1L), submit(job(2, 100)));
        core.advance(10 * SECOND_NS);
        assertEquals(List.of(), submit(job(4, 50)), "fits at 100");
        assertEquals(List.of(), submit(job(1, 91)), "would end at 101");
        assertEquals(List.of(4L), submit(job(1, 90)), "ends at 100");
        assertEquals(List.of(), submit(session().cpu(1000).mem(0)), "may never end");
        core.advance(90 * SECOND_NS);
        assertEquals(List.of(), end(4));
        assertEquals(List.of(2L), end(1));
    }

    @Test
    void shouldOvertakeInWhatTheHeadLeaves()
    {
        start(Backfill.EASY);
        core.join(1, 10_000, 1000);
        assertEquals(List.of(1L), submit(job(4, 100)));
        assertEquals(List.of(2L), submit(job(4, 100)));
        assertEquals(List.of(), submit(job(7, 100)), "fits at 100, when 1 and 2 end, and leaves 3");
        assertEquals(List.of(4L), submit(job(1, 1000)));
        assertEquals(List.of(5L), submit(session().cpu(1000).mem(0)));
        assertEquals(List.of(), submit(job(2, 1000)), "no room now");
    }

    @Test
    void shouldCountAllThatEndsAtTheShadowTime()
    {
        start(Backfill.EASY);
        core.join(1, 10_000, 1000);
        submit(job(3, 100));
        submit(job(3, 100));
        assertEquals(List.of(), submit(job(6, 100)), "fits at 100 with one of them gone, but both go");
        assertEquals(List.of(4L), submit(job(4, 1000)), "10 - 6");
    }

    @Test
    void shouldAskTheShortestFirstIfToldSo()
    {
        start(Backfill.EASY_SJBF);
        core.join(1, 4000, 1000);
        submit(job(2, 100));
        submit(job(1, 100));
        submit(job(4, 100));
        assertEquals(List.of(4L), submit(job(1, 80)));
        assertEquals(List.of(), submit(job(1, 60)));
        assertEquals(List.of(), submit(job(1, 50)));
        assertEquals(List.of(), submit(job(1, 50)));
        assertEquals(List.of(6L), end(4));
        assertEquals(List.of(7L), end(6));
        assertEquals(List.of(5L), end(7));
    }

    @Test
    void shouldKeepTheHeadsAgentAndUseTheOthers()
    {
        start(Backfill.EASY);
        settings.selection = SelectPolicy.CONCENTRATED;
        core.join(1, 4000, 1000);
        core.join(2, 3000, 1000);
        submit(job(1, 100));
        submit(job(3, 50));
        assertEquals(1, core.assignments.agent(2L << 10));
        assertEquals(List.of(), submit(job(4, 50)), "only agent 1 can hold it, at 50 or 100");
        assertEquals(List.of(4L), submit(session().cpu(1000).mem(0)));
        assertEquals(2, core.assignments.agent(4L << 10));
    }

    @Test
    void shouldReserveDevicesOneByOne()
    {
        start(Backfill.EASY);
        core.join(new AgentHello(1, 64_000, 1000).slot("cuda.device", 2));
        submit(job(1, 100).slot("cuda.device", 1));
        assertEquals(List.of(), submit(job(1, 100).slot("cuda.device", 2)));
        assertEquals(List.of(), submit(job(1, 101).slot("cuda.device", 1)));
        assertEquals(List.of(), submit(job(1, 101).slot("cuda.shares", 300)));
        assertEquals(List.of(5L), submit(job(1, 100).slot("cuda.shares", 300)));
        assertEquals(List.of(6L), submit(job(1, 500)), "needs no device");
    }

    @Test
    void shouldReserveForGangs()
    {
        start(Backfill.EASY);
        core.join(1, 2000, 1000);
        core.join(2, 2000, 1000);
        assertEquals(List.of(1L), submit(job(2, 100)));
        assertEquals(List.of(2L), submit(job(1, 50)));
        assertEquals(List.of(), submit(job(1, 50).kernels(3)), "at 100: all of one agent and one of the other");
        assertEquals(List.of(4L), submit(job(1, 100)));
        assertEquals(List.of(), end(2));
        assertEquals(List.of(5L), submit(job(1, 1000)), "one is left at 100");
        assertEquals(List.of(), end(4));
        assertEquals(List.of(), submit(job(1, 1000)));
        assertEquals(List.of(3L), end(1));
    }

    @Test
    void shouldNotBeHeldUpByWhatNeverFits()
    {
        start(Backfill.EASY);
        core.join(1, 4000, 1000);
        final int large = core.join(2, 64_000, 1000);
        assertEquals(List.of(1L), submit(job(64, 100)));
        assertEquals(List.of(), submit(job(64, 100).priority(20)));
        core.run(core.command.agentDisconnected(large, core.assignments.connection(large)));
        assertEquals(List.of(3L), submit(job(3, 100)));
        assertEquals(List.of(), submit(job(4, 100)), "has a reservation all the same");
        assertEquals(List.of(), submit(job(1, 101)));
        assertEquals(List.of(6L), submit(job(1, 99)));
    }

    /** Kernels that must be apart on more agents than there are, or together on one that is too small. */
    @ParameterizedTest
    @CsvSource({
        "EASY, SPREAD_STRICT, 1000, 0",
        "EASY, PACK_STRICT, 3000, 0",
        "EASY_SJBF, SPREAD_STRICT, 1000, 0",
        "EASY, SPREAD_STRICT, 1000, 1",
        "EASY, PACK_STRICT, 3000, 1"})
    void shouldNotBeHeldUpByWhatNeverFitsTogetherOrApart(
        final Backfill backfill, final ConstraintKind kind, final long cpuMillis, final int parts)
    {
        settings.acceptUnsatisfiable = true;
        start(backfill);
        core.join(1, 4000, 1000);
        core.join(2, 4000, 1000);
        final SubmitSpec never = session().cpu(cpuMillis).mem(0).kernels(3 - parts).walltime(10 * SECOND_NS)
            .constrained(kind, "web", "");
        assertEquals(List.of(), submit(0 == parts ? never : never.part(1, cpuMillis, 1)));
        core.advance(5000 * SECOND_NS);
        assertEquals(List.of(2L), submit(job(1, 10)));
        assertEquals(List.of(3L), submit(job(4, 10)));
    }

    /** Under conservative it has no reservation to be protected by, and those who must be apart ask where it may go. */
    @ParameterizedTest
    @CsvSource({"3000, 3, SPREAD_STRICT", "3000, 3, PACK_STRICT", "2000, 5, SPREAD_STRICT"})
    void shouldNotHoldUpWhoMustBeApartOrTogetherForWhatNeverFits(
        final long cpuMillis, final int kernels, final ConstraintKind kind)
    {
        settings.acceptUnsatisfiable = true;
        start(Backfill.CONSERVATIVE);
        core.join(1, 4000, 1000);
        core.join(2, 4000, 1000);
        final SubmitSpec never = session().cpu(cpuMillis).mem(0).kernels(kernels).walltime(10 * SECOND_NS);
        assertEquals(List.of(), submit(never));
        core.advance(5000 * SECOND_NS);
        assertEquals(List.of(2L), submit(job(1, 10).constrained(kind, "web", "")));
        assertEquals(List.of(3L), submit(job(1, 10)));
    }

    @Test
    void shouldGiveTheHeadItsTurnThoughNobodyKnowsWhen()
    {
        start(Backfill.EASY);
        core.join(1, 4000, 1000);
        core.join(2, 1000, 1000);
        assertEquals(List.of(1L), submit(session().cpu(2000).mem(0)));
        assertEquals(List.of(), submit(job(4, 100)));
        core.advance(600 * SECOND_NS);
        assertEquals(List.of(3L), submit(job(2, 5000)), "nobody knows when the head fits");
        core.advance(1);
        assertEquals(List.of(), end(3));
        assertEquals(List.of(), submit(job(2, 1)), "it has waited for long enough");
        assertEquals(List.of(5L), submit(job(1, 1)), "could not hold it anyway");
        assertEquals(List.of(2L), end(1));
    }

    @Test
    void shouldNotCountWhatMayNotRunYetAsHead()
    {
        start(Backfill.NONE);
        core.join(1, 4000, 1000);
        assertEquals(List.of(1L), submit(job(2, 100)));
        assertEquals(List.of(), submit(job(2, 100).after(1)));
        assertEquals(List.of(), submit(job(4, 100).startsAt(core.nowNs() + 3600 * SECOND_NS).priority(50)));
        assertEquals(List.of(4L), submit(job(2, 100)));
    }

    @Test
    void shouldTakeNoteOfOtherPoliciesWhileRunning()
    {
        start(Backfill.NONE);
        core.join(1, 4000, 1000);
        submit(job(3, 100));
        submit(job(2, 100));
        assertEquals(List.of(), submit(job(1, 100)));
        settings.backfill = Backfill.EASY;
        assertEquals(List.of(3L), started(core.run(core.command.configureGroup(settings))));
    }

    @Test
    void shouldKeepEverybodysTurnUnderConservativeBackfilling()
    {
        start(Backfill.CONSERVATIVE);
        core.join(1, 4000, 1000);
        assertEquals(List.of(1L), submit(job(2, 100)));
        assertEquals(List.of(), submit(job(3, 100)), "from 100 to 200");
        assertEquals(List.of(), submit(job(4, 50)), "from 200 to 250");
        assertEquals(List.of(), submit(job(1, 201)), "would put off 3, though not 2, which leaves one core");
        assertEquals(List.of(5L), submit(job(1, 200)));
        assertEquals(List.of(), submit(job(1, 110)), "would put off 2");
        assertEquals(List.of(7L), submit(job(1, 100)));
        assertTurn(2, 100);
        assertTurn(3, 200);
        assertTurn(4, 250);
        assertTurn(6, 250);
        core.advance(100 * SECOND_NS);
        assertEquals(List.of(), end(7));
        assertEquals(List.of(2L), end(1));
    }

    private void assertTurn(final long id, final long seconds)
    {
        final Explanation explanation = core.core().explain(id);
        assertTrue(explanation.reserved());
        assertEquals(core.nowNs() + seconds * SECOND_NS, explanation.expectedNs(), "sessionId=" + id);
    }

    @Test
    void shouldOnlyMoveTurnsForwardWhenSomebodyEndsEarly()
    {
        start(Backfill.CONSERVATIVE);
        core.join(1, 4000, 1000);
        assertEquals(List.of(1L), submit(job(4, 100)));
        assertEquals(List.of(), submit(job(3, 100)));
        assertEquals(List.of(), submit(job(2, 100)));
        assertEquals(List.of(), submit(job(1, 200)));
        assertTurn(2, 100);
        assertTurn(3, 200);
        assertTurn(4, 100);
        core.advance(50 * SECOND_NS);
        assertEquals(List.of(2L, 4L), end(1));
        assertTurn(3, 100);
    }

    @Test
    void shouldMakeReservationsAnewWhenTheirAgentGoes()
    {
        start(Backfill.CONSERVATIVE);
        final int first = core.join(1, 4000, 1000);
        core.join(2, 4000, 1000);
        assertEquals(List.of(1L), submit(job(4, 100)));
        assertEquals(List.of(2L), submit(job(4, 300)));
        assertEquals(List.of(), submit(job(3, 100)));
        assertTurn(3, 100);
        core.run(core.command.drain(first, true));
        assertTurn(3, 300);
        core.run(core.command.drain(first, false));
        assertTurn(3, 100);
    }

    @Test
    void shouldForgetReservationsWithOtherBackfilling()
    {
        start(Backfill.CONSERVATIVE);
        core.join(1, 4000, 1000);
        assertEquals(List.of(1L), submit(job(3, 100)));
        assertEquals(List.of(), submit(job(2, 100).arrayOf(3)));
        assertEquals(List.of(), submit(job(4, 100)));
        assertEquals(4, core.core().state().reservations.count());
        settings.backfill = Backfill.GREEDY;
        core.run(core.command.configureGroup(settings));
        assertEquals(0, core.core().state().reservations.count());
        settings.backfill = Backfill.CONSERVATIVE;
        core.run(core.command.configureGroup(settings));
        assertTurn(5, 300);
    }

    private SubmitSpec on(final String agent, final SubmitSpec spec)
    {
        return spec.constrained(ConstraintKind.AGENT_STRICT, "", agent);
    }

    @Test
    void shouldReserveWhereTheHeadWillBeApartFromOthers()
    {
        start(Backfill.EASY);
        core.join(1, 6000, 1000);
        core.join(2, 5000, 1000);
        final SubmitSpec other = on("agent-1", job(1, 1000));
        assertEquals(List.of(1L), submit(other.constrained(ConstraintKind.SPREAD_STRICT, "w", "")));
        assertEquals(List.of(2L), submit(on("agent-2", job(4, 100))));
        assertEquals(List.of(), submit(job(5, 50).constrained(ConstraintKind.SPREAD_STRICT, "w", "")), "apart from 1");
        assertEquals(List.of(), submit(on("agent-2", job(1, 500))), "would put it off");
        assertEquals(List.of(5L), submit(on("agent-2", job(1, 100))), "ends before");
        core.advance(100 * SECOND_NS);
        assertEquals(List.of(), end(5));
        assertEquals(List.of(3L), end(2));
    }

    @Test
    void shouldKeepThoseAwayFromWhomTheHeadMustBeApart()
    {
        start(Backfill.EASY);
        core.join(1, 4000, 1000);
        assertEquals(List.of(1L), submit(job(2, 100)));
        assertEquals(List.of(), submit(job(3, 50).constrained(ConstraintKind.SPREAD_STRICT, "w", "")));
        assertEquals(List.of(), submit(job(1, 500).constrained(ConstraintKind.SPREAD_PREFERRED, "w", "")));
        assertEquals(List.of(4L), submit(job(1, 500).constrained(ConstraintKind.SPREAD_PREFERRED, "x", "")));
        core.advance(100 * SECOND_NS);
        assertEquals(List.of(2L), end(1));
    }

    @Test
    void shouldReserveAnAgentForEachKernelThatMustBeApart()
    {
        start(Backfill.EASY);
        core.join(1, 4000, 1000);
        core.join(2, 4000, 1000);
        assertEquals(List.of(1L), submit(on("agent-2", job(4, 100))));
        assertEquals(List.of(), submit(job(1, 50).kernels(2).constrained(ConstraintKind.SPREAD_STRICT, "w", "")));
        assertEquals(List.of(), submit(job(4, 500)), "would put it off");
        assertEquals(List.of(4L), submit(job(3, 500)), "leaves enough");
        core.advance(100 * SECOND_NS);
        assertEquals(2L, end(1).get(0));
    }

    @Test
    void shouldReserveOneAgentForWhatMustBeTogether()
    {
        start(Backfill.EASY);
        core.join(1, 2000, 1000);
        core.join(2, 4000, 1000);
        assertEquals(List.of(1L), submit(on("agent-2", job(3, 100))));
        assertEquals(List.of(), submit(job(1, 50).kernels(4).constrained(ConstraintKind.PACK_STRICT, "w", "")));
        assertEquals(List.of(), submit(on("agent-2", job(1, 500))), "would put it off");
        assertEquals(List.of(4L), submit(job(1, 500)), "elsewhere");
        core.advance(100 * SECOND_NS);
        assertEquals(List.of(2L), end(1));
    }

    @Test
    void shouldLeaveTheHeadTheDeviceThatItCounts()
    {
        start(Backfill.EASY);
        core.join(new AgentHello(1, 8000, 1000).slot("cuda.device", 2));
        assertEquals(List.of(1L), submit(job(1, 1000).slot("cuda.shares", 700)));
        assertEquals(List.of(2L), submit(job(1, 100).slot("cuda.shares", 900)));
        assertEquals(List.of(), submit(job(1, 50).slot("cuda.shares", 950)), "on the device of 2");
        assertEquals(List.of(), submit(job(1, 500).slot("cuda.shares", 100)), "would get it of that device now");
        assertEquals(
            List.of(5L, 4L), submit(job(1, 500).slot("cuda.shares", 200)), "of the other one, and then 4 does too");
        core.advance(100 * SECOND_NS);
        assertEquals(3L, end(2).get(0));
    }

    @ParameterizedTest
    @EnumSource(value = Backfill.class, names = {"GREEDY", "NONE", "EASY", "EASY_SJBF", "CONSERVATIVE"})
    void shouldStartWhoMustGoWhereItsGroupIsOnceThatHasEndedElsewhere(final Backfill backfill)
    {
        start(backfill);
        settings.name = "other";
        core.run(core.command.configureGroup(settings));
        core.join(1, 4000, 1000);
        core.join(new AgentHello(2, 4000, 1000).in("other"));
        final SubmitSpec together = job(1, 100).constrained(ConstraintKind.PACK_STRICT, "mpi", "");
        assertEquals(List.of(1L), submit(together));
        assertEquals(List.of(), submit(together.in("other")), "its group is in the other resource group");
        assertEquals(List.of(2L), end(1));
    }
}
