package io.plimsoll.core;

import static io.plimsoll.core.testkit.AccountSettings.account;
import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.VictimScope;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who has to yield to whom, and what becomes of the room. */
class PreemptionTest
{
    private static final long SECOND_NS = Commands.SECOND_NS;

    private final GroupSettings settings = new GroupSettings();
    private CoreHarness core;

    private void start(final PreemptionMode mode)
    {
        settings.preemption = mode;
        core = CoreHarness.started(CoreOptions.defaults(), settings);
    }

    private static SubmitSpec low(final int cores)
    {
        return session().cpu(cores * 1000L).mem(0).priority(5).preemptible();
    }

    private static SubmitSpec high(final int cores)
    {
        return session().cpu(cores * 1000L).mem(0).priority(50);
    }

    private List<String> submit(final SubmitSpec spec)
    {
        return core.run(core.command.submit(spec));
    }

    private void running(final SubmitSpec spec)
    {
        submit(spec);
        final long id = core.core().state().nextSessionId - 1;
        for (int index = 0; index < spec.kernels; index++)
        {
            core.report(id, index, ReportKind.RUNNING, Reason.NONE, 0);
        }
    }

    private List<String> killed(final long id)
    {
        return core.report(id, 0, ReportKind.EXITED, Reason.PREEMPTED, 143);
    }

    private static List<String> victims(final List<String> events)
    {
        return events.stream()
            .filter(event -> event.startsWith("session") && event.contains("TERMINATING"))
            .filter(event -> event.contains("PREEMPTED"))
            .map(event -> event.split(" ")[1])
            .toList();
    }

    private static void assertHas(final List<String> events, final String start)
    {
        assertTrue(events.stream().anyMatch(event -> event.startsWith(start)), start + " in " + events);
    }

    private static void assertHasNot(final List<String> events, final String start)
    {
        assertTrue(events.stream().noneMatch(event -> event.startsWith(start)), start + " in " + events);
    }

    private long claimedBy(final int agent)
    {
        return core.core().state().agents.claimedBy.get(agent);
    }

    @Test
    void shouldMakeRoomWhenTheTimeToStartHasCome()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(low(4));
        final SubmitSpec later = high(3);
        later.startsAtNs = core.nowNs() + 60 * Commands.SECOND_NS;
        assertEquals(List.of(), victims(submit(later)));
        assertEquals(List.of("1"), victims(core.pass(60 * Commands.SECOND_NS)));
    }

    @Test
    void shouldNotGoRoundInCirclesForASessionThatHasToBeWithOthers()
    {
        start(PreemptionMode.RESCHEDULE);
        core.join(1, 1000, 1000);
        running(session().cpu(1000).mem(0).priority(50).constrained(ConstraintKind.PACK_STRICT, "h", ""));
        core.join(2, 4000, 1000);
        running(low(4));
        assertEquals(
            List.of(), victims(submit(high(3).constrained(ConstraintKind.PACK_STRICT, "h", ""))));
    }

    @Test
    void shouldNotPreemptUnlessToldTo()
    {
        start(PreemptionMode.OFF);
        core.join(1, 4000, 1000);
        running(low(4));
        assertEquals(List.of(), victims(submit(high(4))));
    }

    @Test
    void shouldEndTheVictimAndKeepItsRoomForTheOneThatNeedsIt()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(low(4));
        final List<String> events = submit(high(3));
        assertHas(events, "session 1 TERMINATING FAILURE PREEMPTED");
        assertHas(events, "kill 1.0 agent 1 PREEMPTED");
        assertEquals(2, claimedBy(1));
        assertHasNot(submit(session().cpu(1000).mem(0).priority(90)), "assigned");
        core.restart();
        final List<String> gone = killed(1);
        assertHas(gone, "session 1 TERMINATED FAILURE PREEMPTED");
        assertHas(gone, "assigned 2.0 agent 1");
        assertHas(gone, "assigned 3.0 agent 1");
        assertEquals(0, claimedBy(1));
    }

    @Test
    void shouldRunTheVictimAgainWithoutCountingThatAsAFailure()
    {
        settings.attemptsMax = 1;
        start(PreemptionMode.RESCHEDULE);
        core.join(1, 4000, 1000);
        running(low(4));
        submit(high(4));
        final List<String> gone = killed(1);
        assertHas(gone, "session 1 PENDING UNDEFINED PREEMPTED attempt 1");
        assertHas(gone, "assigned 2.0 agent 1");
        core.report(2, ReportKind.RUNNING);
        assertHas(core.report(2, ReportKind.EXITED), "assigned 1.0 agent 1 no 3 attempt 2");
        assertHas(
            core.report(1, 0, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0), "session 1 ERROR FAILURE LAUNCH_FAILED");
    }

    @Test
    void shouldLeaveAloneWhoMayNotBePreempted()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(session().cpu(1000).mem(0).priority(5));
        running(low(1).priority(50));
        running(low(1).priority(60));
        submit(low(1));
        assertEquals(List.of(), victims(submit(high(2))), "one is not enough, and it has not come to run");
        core.report(4, ReportKind.RUNNING);
        assertEquals(List.of("4"), victims(submit(high(1))));
    }

    @Test
    void shouldPreemptTheFewestThenTheLeastCostly()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        core.join(2, 4000, 1000);
        running(low(1));
        running(low(3));
        running(low(2));
        core.advance(100 * SECOND_NS);
        running(low(2));
        core.advance(SECOND_NS);
        assertEquals(List.of("4"), victims(submit(high(2))), "2 cores for 1 s, before 3 or 2 for 101 s");
        assertEquals(List.of("2"), victims(submit(high(3))), "one rather than two");
    }

    @Test
    void shouldPreemptTheLowestPriorityBeforeTheLeastWork()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        core.join(2, 4000, 1000);
        running(low(4).priority(4));
        core.advance(100 * SECOND_NS);
        running(low(4));
        core.advance(SECOND_NS);
        assertEquals(List.of("1"), victims(submit(high(1))));
        assertEquals(List.of("2"), victims(submit(high(1).priority(60).kernels(2))));
    }

    @Test
    void shouldPreemptTheLeastCostlyForAGang()
    {
        start(PreemptionMode.TERMINATE);
        for (int agent = 1; agent <= 4; agent++)
        {
            core.join(agent, 2000, 1000);
            running(low(2));
            core.advance(SECOND_NS);
        }
        assertEquals(List.of("4", "3"), victims(submit(high(2).kernels(2))));
    }

    @Test
    void shouldPreemptTheFewestForAGang()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        core.join(2, 4000, 1000);
        running(low(4));
        core.advance(SECOND_NS);
        running(low(1));
        running(low(3));
        assertEquals(List.of("1"), victims(submit(high(2).kernels(2))), "one rather than two");
    }

    @Test
    void shouldNotPreemptWhereThatDoesNotHelp()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 2000, 1000);
        core.join(2, 4000, 1000);
        running(low(2));
        running(session().cpu(3000).mem(0));
        running(low(1));
        assertEquals(List.of(), victims(submit(high(3))));
    }

    @Test
    void shouldNotPreemptForRoomThatIsOnItsWay()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        core.join(2, 4000, 1000);
        running(low(4));
        running(low(4));
        core.run(core.command.cancel(1, 1));
        assertEquals(List.of(), victims(submit(high(4))));
        assertHas(core.report(1, 0, ReportKind.EXITED, Reason.USER_REQUESTED, 143), "assigned 3.0 agent 1");
    }

    @Test
    void shouldWaitUntilTheVictimHasRunForLongEnough()
    {
        settings.preemptionMinRuntimeNs = 60 * SECOND_NS;
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(low(4));
        core.advance(10 * SECOND_NS);
        assertEquals(List.of(), victims(submit(high(4))));
        assertEquals(core.nowNs() + 50 * SECOND_NS, core.core().nextDeadlineNs());
        core.restart();
        assertEquals(core.nowNs() + 50 * SECOND_NS, core.core().nextDeadlineNs());
        assertEquals(List.of(), victims(core.pass(50 * SECOND_NS - 1)));
        assertEquals(List.of("1"), victims(core.pass(1)));
    }

    @Test
    void shouldKeepToTheScope()
    {
        settings.victimScope = VictimScope.PROJECT;
        start(PreemptionMode.TERMINATE);
        core.run(core.command.configureAccount(account(1, AccountLevel.PROJECT, "p")));
        core.run(core.command.configureAccount(account(2, AccountLevel.PROJECT, "q")));
        core.run(core.command.configureAccount(account(3, AccountLevel.USER, "a").under(1)));
        core.run(core.command.configureAccount(account(4, AccountLevel.USER, "b").under(1)));
        core.run(core.command.configureAccount(account(5, AccountLevel.USER, "c").under(2)));
        core.join(1, 2000, 1000);
        core.run(core.command.submitAs(3, low(2)));
        core.report(1, ReportKind.RUNNING);
        assertEquals(List.of(), victims(core.run(core.command.submitAs(5, high(2)))));
        assertEquals(List.of("1"), victims(core.run(core.command.submitAs(4, high(1)))));
    }

    @Test
    void shouldMakeRoomForAGangWithoutEndingMoreThanItNeeds()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 2000, 1000);
        core.join(2, 2000, 1000);
        core.join(3, 2000, 1000);
        running(low(2));
        core.advance(SECOND_NS);
        running(low(2));
        core.advance(SECOND_NS);
        running(low(1));
        core.advance(SECOND_NS);
        final List<String> events = submit(high(2).kernels(2));
        assertEquals(2, victims(events).size(), "of three agents two will do: " + events);
        for (final String victim : victims(events))
        {
            killed(Long.parseLong(victim));
        }
        assertTrue(core.assignments.isAssigned(4L << 10 | 1));
        for (int agent = 1; agent <= 3; agent++)
        {
            assertEquals(0, claimedBy(agent));
        }
    }

    @Test
    void shouldReleaseTheRoomWhenItIsNoLongerWanted()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(low(4));
        submit(high(4));
        submit(session().cpu(4000).mem(0));
        core.run(core.command.cancel(2, 2));
        assertEquals(0, claimedBy(1));
        assertHas(killed(1), "assigned 3.0 agent 1");
    }

    @Test
    void shouldLookElsewhereWhenTheAgentIsLost()
    {
        start(PreemptionMode.TERMINATE);
        final int lost = core.join(1, 4000, 1000);
        running(low(4));
        core.advance(SECOND_NS);
        core.join(2, 4000, 1000);
        running(low(4));
        core.run(core.command.agentDisconnected(2, 1));
        assertEquals(List.of("1"), victims(submit(high(4))));
        assertEquals(3, claimedBy(lost));
        core.run(core.command.agentDisconnected(lost, core.assignments.connection(lost)));
        assertEquals(0, claimedBy(lost));
    }

    @Test
    void shouldLookElsewhereWhenTheVictimNeverEnds()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(low(4));
        core.advance(SECOND_NS);
        core.join(2, 4000, 1000);
        running(low(4));
        assertEquals(List.of("2"), victims(submit(high(4))));
        final List<String> late = core.pass(40 * SECOND_NS);
        assertHas(late, "kernel 2.0 TERMINATED TERMINATION_TIMEOUT exit -1 held");
        assertEquals(List.of("1"), victims(late));
        assertEquals(0, claimedBy(2));
        assertHas(killed(1), "assigned 3.0 agent 1");
    }

    @Test
    void shouldCountWorkThatWasDoneInTime()
    {
        start(PreemptionMode.RESCHEDULE);
        core.join(1, 4000, 1000);
        running(low(4));
        submit(high(4));
        final List<String> done = core.report(1, 0, ReportKind.EXITED, Reason.COMPLETED, 0);
        assertHas(done, "session 1 TERMINATED SUCCESS COMPLETED");
        assertHas(done, "assigned 2.0 agent 1");
    }

    @Test
    void shouldServeSeveralThatNeedRoom()
    {
        start(PreemptionMode.RESCHEDULE);
        core.join(1, 2000, 1000);
        core.join(2, 2000, 1000);
        running(low(2));
        running(low(2));
        assertEquals(List.of("1", "2"), victims(core.run(core.command.submit(high(2), high(2), high(2)))));
        killed(1);
        killed(2);
        assertTrue(core.assignments.isAssigned(3L << 10));
        assertTrue(core.assignments.isAssigned(4L << 10));
        assertEquals(0, claimedBy(1) + claimedBy(2));
    }

    /** Those who have to yield to a session; under predictive backfilling that may take a tick. */
    private List<String> yielding(final SubmitSpec spec)
    {
        final List<String> atOnce = victims(submit(spec));
        return atOnce.isEmpty() ? victims(core.pass(1)) : atOnce;
    }

    private void begin(final Backfill backfill, final SubmitSpec spec)
    {
        settings.backfill = backfill;
        settings.acceptUnsatisfiable = true;
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        submit(spec);
        core.pass(1);
        core.report(1, 0, ReportKind.RUNNING, Reason.NONE, 0);
    }

    @ParameterizedTest
    @EnumSource(value = Backfill.class, names = {"EASY", "EASY_SJBF", "CONSERVATIVE", "PREDICTIVE", "GREEDY"})
    void shouldNotBeKeptFromMakingRoomByWhatNeverFits(final Backfill backfill)
    {
        begin(backfill, low(4));
        assertEquals(List.of(), yielding(high(64).priority(90)));
        assertEquals(List.of("1"), yielding(high(4)));
    }

    @Test
    void shouldNotBeKeptFromMakingRoomByWhatNoAgentIsTheKindFor()
    {
        begin(Backfill.NONE, low(4));
        assertEquals(
            List.of(), yielding(high(1).priority(90).constrained(ConstraintKind.ARCH_IN, "", "aarch64")));
        assertEquals(List.of("1"), yielding(high(4)));
    }

    @ParameterizedTest
    @EnumSource(value = Backfill.class, mode = EnumSource.Mode.EXCLUDE, names = {"NULL_VAL", "SBE_UNKNOWN"})
    void shouldMakeRoomForThePriorityWhoeverCameBefore(final Backfill backfill)
    {
        begin(backfill, low(4).walltime(1000 * SECOND_NS));
        assertEquals(List.of(), yielding(low(4).walltime(1000 * SECOND_NS)));
        assertEquals(List.of("1"), yielding(high(4).walltime(1000 * SECOND_NS)));
    }

    private static SubmitSpec apart(final SubmitSpec spec)
    {
        return spec.constrained(ConstraintKind.SPREAD_STRICT, "s", "");
    }

    private static SubmitSpec together(final SubmitSpec spec)
    {
        return spec.constrained(ConstraintKind.PACK_STRICT, "p", "");
    }

    @Test
    void shouldMakeRoomApartFromOthersOfTheGroup()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(apart(high(1)));
        running(low(3));
        core.advance(100 * SECOND_NS);
        core.join(2, 3000, 1000);
        running(low(1));
        running(low(1));
        core.advance(SECOND_NS);
        assertEquals(List.of("3", "4"), sorted(victims(submit(apart(high(3))))), "one on agent 1 would be of no use");
        killed(3);
        assertHas(killed(4), "assigned 5.0 agent 2");
    }

    private static List<String> sorted(final List<String> victims)
    {
        return victims.stream().sorted().toList();
    }

    @Test
    void shouldHaveTheOneYieldThatItMustBeApartFrom()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 8000, 1000);
        running(apart(low(1)));
        core.advance(SECOND_NS);
        running(low(1));
        assertEquals(List.of("1"), victims(submit(apart(high(1)))), "there is room, but not beside it");
        assertHas(killed(1), "assigned 3.0 agent 1");
    }

    @Test
    void shouldMakeRoomOnAsManyAgentsAsThereAreKernelsToBeApart()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(low(4));
        core.advance(SECOND_NS);
        core.join(2, 4000, 1000);
        running(low(4));
        core.advance(SECOND_NS);
        assertEquals(List.of("1", "2"), sorted(victims(submit(apart(high(1).kernels(2))))));
        killed(1);
        final List<String> gone = killed(2);
        assertHas(gone, "assigned 3.0 agent");
        assertHas(gone, "assigned 3.1 agent");
    }

    @Test
    void shouldNotMakeRoomForMoreKernelsThanMayBeApart()
    {
        start(PreemptionMode.TERMINATE);
        settings.acceptUnsatisfiable = true;
        core.run(core.command.configureGroup(settings));
        core.join(1, 4000, 1000);
        running(low(4));
        assertEquals(List.of(), victims(submit(apart(high(1).kernels(2)))));
    }

    @Test
    void shouldMakeRoomApartForUnequalKernels()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(low(4));
        core.advance(SECOND_NS);
        core.join(2, 4000, 1000);
        running(low(4));
        core.advance(SECOND_NS);
        assertEquals(List.of("1", "2"), sorted(victims(submit(apart(high(1).part(1, 2000, 0))))));
    }

    @Test
    void shouldMakeRoomWhereTheOthersAre()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(together(high(1)));
        running(low(3).priority(6));
        core.advance(SECOND_NS);
        core.join(2, 4000, 1000);
        running(low(4));
        assertEquals(List.of("2"), victims(submit(together(high(2)))), "the less costly one is somewhere else");
        assertHas(killed(2), "assigned 4.0 agent 1");
    }

    @Test
    void shouldLeaveOneWithWhomItHasToBe()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(session().cpu(2000).mem(0).priority(50));
        running(together(low(1)));
        running(together(low(1)));
        core.join(2, 4000, 1000);
        running(session().cpu(4000).mem(0).priority(50));
        core.advance(SECOND_NS);
        assertEquals(1, victims(submit(together(high(1)))).size());
        assertEquals(5, claimedBy(1), "the other one stays, or it would have nobody to be with");
    }

    @Test
    void shouldHaveAllYieldThatItWouldHaveToBeWithWhereThereIsNoRoom()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 1000, 1000);
        running(together(low(1)));
        core.join(2, 4000, 1000);
        assertEquals(List.of("1"), victims(submit(together(high(3)))));
        assertEquals(2, claimedBy(2), "the room is elsewhere");
        assertEquals(List.of(), submit(low(4)).stream().filter(event -> event.startsWith("assigned")).toList());
        core.restart();
        assertHas(killed(1), "assigned 2.0 agent 2");
        assertEquals(0, claimedBy(2));
    }

    @Test
    void shouldMakeRoomOnOneAgentForAllThatHasToBeTogether()
    {
        start(PreemptionMode.TERMINATE);
        for (int agent = 1; agent <= 2; agent++)
        {
            core.join(agent, 4000, 1000);
            running(low(2));
            running(low(2));
            core.advance(SECOND_NS);
        }
        assertEquals(List.of("3", "4"), sorted(victims(submit(together(high(2).kernels(2))))));
        killed(3);
        final List<String> gone = killed(4);
        assertHas(gone, "assigned 5.0 agent 2");
        assertHas(gone, "assigned 5.1 agent 2");
    }

    @Test
    void shouldMakeRoomOnSeveralAgentsWhereTheOthersAre()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(together(high(1)));
        running(low(3));
        core.join(2, 4000, 1000);
        running(low(4));
        assertEquals(List.of("2"), victims(submit(together(high(1).kernels(2)))));
    }

    @Test
    void shouldMakeRoomForWhoWouldRatherBeApart()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(low(4));
        assertEquals(
            List.of("1"), victims(submit(high(4).constrained(ConstraintKind.SPREAD_PREFERRED, "s", ""))));
    }

    @Test
    void shouldNotHaveOthersYieldWhereTheyHaveNotRunForLongEnough()
    {
        settings.preemptionMinRuntimeNs = 60 * SECOND_NS;
        start(PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(apart(low(1)));
        core.advance(10 * SECOND_NS);
        assertEquals(List.of(), victims(submit(apart(high(1)))));
        assertEquals(core.nowNs() + 50 * SECOND_NS, core.core().nextDeadlineNs());
        assertEquals(List.of("1"), victims(core.pass(50 * SECOND_NS)));
    }

    @Test
    void shouldNotHaveAnyYieldWhereOneStaysThatItWouldHaveToBeWith()
    {
        start(PreemptionMode.TERMINATE);
        core.join(1, 1000, 1000);
        running(together(low(1).priority(50)));
        core.join(2, 4000, 1000);
        running(low(4));
        assertEquals(List.of(), victims(submit(together(high(3)))), "one that it has to be with does not yield");
    }
}
