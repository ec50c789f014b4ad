package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of states of the design, edge by edge. */
class LifecycleTest
{
    private static final long SECOND_NS = Commands.SECOND_NS;

    private final CoreHarness core = CoreHarness.started();
    private int agent;

    @BeforeEach
    void join()
    {
        agent = core.join(1, 4000, 10_000);
    }

    private static void assertHas(final List<String> events, final String start)
    {
        assertTrue(events.stream().anyMatch(event -> event.startsWith(start)), start + " in " + events);
    }

    private static void assertHasNot(final List<String> events, final String start)
    {
        assertTrue(events.stream().noneMatch(event -> event.startsWith(start)), start + " in " + events);
    }

    private void submit(final SubmitSpec spec)
    {
        core.run(core.command.submit(spec));
    }

    private long free()
    {
        return core.core().state().agents.free(agent, SlotTable.CPU);
    }

    @Test
    void shouldFollowTheLeastAdvancedKernel()
    {
        submit(session().kernels(2));
        assertEquals(
            List.of("kernel 1.0 PULLING NONE exit -1"), core.report(1, 0, ReportKind.PULLING, Reason.NONE, 0));
        assertHas(core.report(1, 1, ReportKind.PREPARING, Reason.NONE, 0), "session 1 PULLING");
        assertHas(core.report(1, 0, ReportKind.RUNNING, Reason.NONE, 0), "session 1 PREPARING");
        assertHas(core.report(1, 1, ReportKind.RUNNING, Reason.NONE, 0), "session 1 RUNNING");
        assertHasNot(core.report(1, 0, ReportKind.EXITED, Reason.NONE, 0), "session");
        assertHas(core.report(1, 1, ReportKind.EXITED, Reason.NONE, 0), "session 1 TERMINATED SUCCESS COMPLETED");
        assertEquals(4000, free());
    }

    @Test
    void shouldIgnoreStepsThatComeAgainOrLate()
    {
        submit(session());
        core.report(1, ReportKind.RUNNING);
        assertEquals(List.of(), core.report(1, ReportKind.RUNNING));
        assertEquals(List.of(), core.report(1, ReportKind.PULLING));
        assertEquals(List.of(), core.report(1, ReportKind.ACKNOWLEDGED));
        core.report(1, ReportKind.EXITED);
        assertEquals(List.of(), core.report(1, ReportKind.EXITED));
    }

    @Test
    void shouldFailTheSessionAndKillSiblingsOnANonZeroExit()
    {
        submit(session().kernels(3));
        final List<String> failed = core.report(1, 1, ReportKind.EXITED, Reason.NONE, 3);
        assertHas(failed, "session 1 TERMINATING FAILURE EXIT_CODE attempt 1 exit 3");
        assertHas(failed, "kill 1.0 agent 1 SIBLING_FAILED");
        assertHas(failed, "kill 1.2 agent 1 SIBLING_FAILED");
        assertHasNot(core.report(1, 0, ReportKind.EXITED, Reason.SIGNALLED, 143), "session");
        assertHas(
            core.report(1, 2, ReportKind.EXITED, Reason.NONE, 0),
            "session 1 TERMINATED FAILURE EXIT_CODE attempt 1 exit 3");
    }

    @Test
    void shouldTakeTheExitCodeOfTheLowestKernelThatFailedByItself()
    {
        submit(session().kernels(4));
        core.report(1, 2, ReportKind.EXITED, Reason.EXIT_CODE, 3);
        assertHas(
            core.report(1, 1, ReportKind.EXITED, Reason.EXIT_CODE, 5),
            "session 1 TERMINATING FAILURE EXIT_CODE attempt 1 exit 5");
        assertHasNot(core.report(1, 3, ReportKind.EXITED, Reason.EXIT_CODE, 7), "session");
        core.restart();
        assertHas(
            core.report(1, 0, ReportKind.EXITED, Reason.SIBLING_FAILED, 143),
            "session 1 TERMINATED FAILURE EXIT_CODE attempt 1 exit 5");
    }

    @Test
    void shouldTakeTheLowestExitCodeThoughItsKernelIsTheLastToEnd()
    {
        submit(session().kernels(2));
        core.report(1, 1, ReportKind.EXITED, Reason.EXIT_CODE, 3);
        final List<String> last = core.report(1, 0, ReportKind.EXITED, Reason.OUT_OF_MEMORY, 137);
        assertHas(last, "kernel 1.0 TERMINATED OUT_OF_MEMORY exit 137");
        assertHas(last, "session 1 TERMINATED FAILURE OUT_OF_MEMORY attempt 1 exit 137");
    }

    @Test
    void shouldNotTakeTheExitCodeOfASiblingThatWasEnded()
    {
        submit(session().kernels(3));
        core.report(1, 2, ReportKind.EXITED, Reason.SIGNALLED, 139);
        final List<String> told = core.report(1, 1, ReportKind.EXITED, Reason.SIGNALLED, 143);
        assertEquals(List.of("kernel 1.1 TERMINATED SIBLING_FAILED exit 143"), told);
        assertHas(
            core.report(1, 0, ReportKind.EXITED, Reason.SIBLING_FAILED, 1),
            "session 1 TERMINATED FAILURE SIGNALLED attempt 1 exit 139");
    }

    @Test
    void shouldKeepTheReasonForWhichASessionStopsWhateverItsKernelsExitWith()
    {
        submit(session().kernels(2));
        core.report(1, 0, ReportKind.RUNNING, Reason.NONE, 0);
        core.report(1, 1, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0);
        assertHas(
            core.report(1, 0, ReportKind.EXITED, Reason.EXIT_CODE, 4),
            "session 1 PENDING UNDEFINED LAUNCH_FAILED attempt 1");
        assertHas(core.pass(SECOND_NS), "assigned 1.1");
        core.report(1, 1, ReportKind.EXITED, Reason.EXIT_CODE, 6);
        assertHas(
            core.report(1, 0, ReportKind.EXITED, Reason.COMPLETED, 0),
            "session 1 TERMINATED FAILURE EXIT_CODE attempt 2 exit 6");
    }

    @Test
    void shouldTryAgainElsewhereAfterALaunchFailureWithDoubledBackoff()
    {
        core.join(2, 4000, 20_000);
        submit(session());
        assertHas(
            core.report(1, 0, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0),
            "session 1 PENDING UNDEFINED LAUNCH_FAILED attempt 1");
        assertHasNot(core.pass(SECOND_NS - 1), "session");
        assertHas(core.pass(1), "assigned 1.0 agent 2 no 1 attempt 2");
        core.report(1, 0, ReportKind.FAILED, Reason.PULL_FAILED, 0);
        assertHasNot(core.pass(2 * SECOND_NS - 1), "session");
        assertHas(core.pass(1), "assigned 1.0 agent 1 no 2 attempt 3");
        assertHas(
            core.report(1, 0, ReportKind.FAILED, Reason.REFUSED, 0),
            "session 1 ERROR FAILURE REFUSED attempt 3 exit -1");
    }

    @Test
    void shouldUseTheAgentThatFailedWhenThereIsNoOther()
    {
        submit(session());
        core.report(1, 0, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0);
        assertHas(core.pass(SECOND_NS), "assigned 1.0 agent 1 no 2 attempt 2");
    }

    @Test
    void shouldKillSiblingsAndWaitForProofBeforeTheNextAttempt()
    {
        submit(session().kernels(2));
        core.report(1, 0, ReportKind.RUNNING, Reason.NONE, 0);
        final List<String> failed = core.report(1, 1, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0);
        assertHas(failed, "session 1 TERMINATING UNDEFINED LAUNCH_FAILED");
        assertHas(failed, "kill 1.0 agent 1 SIBLING_FAILED");
        assertHasNot(core.pass(5 * SECOND_NS), "assigned");
        assertHas(core.report(1, 0, ReportKind.EXITED, Reason.SIGNALLED, 143), "session 1 PENDING");
        assertHas(core.pass(SECOND_NS), "assigned 1.1");
    }

    @Test
    void shouldTimeOutWhenTheAssignmentIsNotAcknowledged()
    {
        submit(session());
        assertEquals(List.of(), core.pass(10 * SECOND_NS - 1));
        final List<String> late = core.pass(1);
        assertHas(late, "kernel 1.0 TERMINATING START_TIMEOUT");
        assertHas(late, "kill 1.0 agent 1 START_TIMEOUT");
        assertHas(late, "session 1 TERMINATING UNDEFINED START_TIMEOUT");
        assertHas(core.report(1, 0, ReportKind.FAILED, Reason.NEVER_STARTED, 0), "session 1 PENDING");
    }

    @Test
    void shouldCountOnlyConnectedTimeWhileStarting()
    {
        submit(session());
        core.advance(6 * SECOND_NS);
        core.run(core.command.agentDisconnected(agent, 1));
        assertHasNot(core.pass(50 * SECOND_NS), "kernel");
        core.run(core.command.agentConnected(new AgentHello(1, 4000, 10_000)));
        final long connection = core.assignments.connection(agent);
        core.run(core.command.inventory(
            agent, connection, 0, true, 1, List.of(core.assignments.held(1 << 10, ReportKind.PULLING))));
        assertHasNot(core.pass(299 * SECOND_NS), "kernel");
        assertHas(core.pass(2 * SECOND_NS), "kernel 1.0 TERMINATING PULL_TIMEOUT");
    }

    @Test
    void shouldFailPullingWithoutProgressOrThatTakesTooLongInAll()
    {
        submit(session());
        core.report(1, ReportKind.PULLING);
        for (int i = 0; i < 24; i++)
        {
            core.advance(299 * SECOND_NS);
            assertHas(core.report(1, ReportKind.PULLING), "kernel 1.0 PULLING");
        }
        assertEquals(List.of(), core.pass(24 * SECOND_NS - 1));
        assertHas(core.pass(1), "kernel 1.0 TERMINATING PULL_TIMEOUT");
    }

    @Test
    void shouldNotCountTimeInWhichNobodyWasHeard()
    {
        submit(session());
        core.advance(14 * SECOND_NS);
        assertEquals(
            List.of("deadlines-moved"),
            core.run(core.command.timeHeld(12 * SECOND_NS)),
            "what was due meanwhile may have been reported");
        assertEquals(List.of(), core.pass(8 * SECOND_NS - 1));
        assertHas(core.pass(1), "kernel 1.0 TERMINATING START_TIMEOUT");
        core.advance(100 * SECOND_NS);
        core.run(core.command.timeHeld(70 * SECOND_NS));
        assertEquals(List.of(), core.pass(10 * SECOND_NS - 1));
        assertHas(core.pass(1), "kernel 1.0 TERMINATED TERMINATION_TIMEOUT");
    }

    @Test
    void shouldCountTimeOnceInWhichAnAgentWasAwayAndNobodyWasHeard()
    {
        submit(session());
        core.advance(SECOND_NS);
        core.run(core.command.agentDisconnected(agent, 1));
        core.advance(20 * SECOND_NS);
        core.run(core.command.timeHeld(20 * SECOND_NS));
        core.run(core.command.agentConnected(new AgentHello(1, 4000, 10_000)));
        final long connection = core.assignments.connection(agent);
        core.run(core.command.inventory(
            agent, connection, 0, true, 1, List.of(core.assignments.held(1 << 10, ReportKind.PREPARING))));
        assertEquals(List.of(), core.pass(60 * SECOND_NS - 1));
        assertHas(core.pass(1), "kernel 1.0 TERMINATING START_TIMEOUT");
    }

    @Test
    void shouldTakeNoTimeThatCannotBe()
    {
        submit(session());
        assertEquals(List.of(), core.run(core.command.timeHeld(0)));
        assertEquals(List.of(), core.run(core.command.timeHeld(-SECOND_NS)));
        assertEquals(List.of(), core.run(core.command.timeHeld(Long.MAX_VALUE)));
        assertHas(core.pass(10 * SECOND_NS), "kernel 1.0 TERMINATING START_TIMEOUT");
    }

    @Test
    void shouldFailPreparingAfterAMinute()
    {
        submit(session());
        core.report(1, ReportKind.PREPARING);
        assertEquals(List.of(), core.pass(60 * SECOND_NS - 1));
        assertHas(core.pass(1), "kernel 1.0 TERMINATING START_TIMEOUT");
    }

    @Test
    void shouldGiveAnAcknowledgedKernelTheTimeOfPreparing()
    {
        submit(session());
        core.report(1, ReportKind.ACKNOWLEDGED);
        assertEquals(List.of(), core.pass(60 * SECOND_NS - 1));
        assertHas(core.pass(1), "kernel 1.0 TERMINATING START_TIMEOUT");
    }

    @Test
    void shouldEndInErrorAndHoldWhenAKillIsNeverConfirmed()
    {
        submit(session());
        core.pass(10 * SECOND_NS);
        assertEquals(List.of(), core.pass(40 * SECOND_NS - 1));
        final List<String> given = core.pass(1);
        assertHas(given, "kernel 1.0 TERMINATED TERMINATION_TIMEOUT exit -1 held");
        assertHas(given, "session 1 ERROR FAILURE START_TIMEOUT");
        assertEquals(3000, free());
        core.pass(600 * SECOND_NS);
        assertEquals(Table.NONE, core.core().state().sessions.find(1));
        assertEquals(3000, free(), "held though the session is forgotten");
        assertHas(core.report(1, 0, ReportKind.FAILED, Reason.NEVER_STARTED, 0), "released 1.0 agent 1");
        assertEquals(4000, free());
    }

    @Test
    void shouldCancelARunningSession()
    {
        submit(session());
        core.report(1, ReportKind.RUNNING);
        final List<String> cancelled = core.run(core.command.cancel(1, 1));
        assertHas(cancelled, "session 1 TERMINATING UNDEFINED USER_REQUESTED");
        assertHas(cancelled, "kill 1.0 agent 1 USER_REQUESTED");
        assertHas(cancelled, "cancelled 1 ended 0 unknown 0");
        assertHas(
            core.report(1, 0, ReportKind.EXITED, Reason.NONE, 0), "session 1 TERMINATED UNDEFINED USER_REQUESTED");
    }

    @Test
    void shouldEndASessionThatIsNotUsedAndNotTryItAgain()
    {
        submit(session());
        core.report(1, ReportKind.RUNNING);
        final List<String> ended = core.run(core.command.end(1, 1, Reason.IDLE_TIMEOUT));
        assertHas(ended, "session 1 TERMINATING UNDEFINED IDLE_TIMEOUT");
        assertHas(ended, "kill 1.0 agent 1 IDLE_TIMEOUT");
        assertHas(ended, "cancelled 1 ended 0 unknown 0");
        assertHas(core.run(core.command.end(1, 1, Reason.LOW_USE)), "cancelled 0 ended 1 unknown 0");
        assertHas(
            core.report(1, 0, ReportKind.EXITED, Reason.SIGNALLED, 143), "session 1 TERMINATED UNDEFINED IDLE_TIMEOUT");
        assertEquals(4000, free());
    }

    @Test
    void shouldNotEndASessionForWhatAnEarlierAttemptDidNotDo()
    {
        submit(session());
        assertHas(core.run(core.command.end(1, 1, Reason.LOW_USE)), "cancelled 0 ended 1 unknown 0");
        core.report(1, ReportKind.RUNNING);
        assertHas(core.run(core.command.end(1, 2, Reason.LOW_USE)), "cancelled 0 ended 1 unknown 0");
        assertHas(core.run(core.command.end(7, 1, Reason.LOW_USE)), "cancelled 0 ended 0 unknown 1");
        assertHas(core.run(core.command.end(1, 1, Reason.USER_REQUESTED)), "rejected OUT_OF_RANGE");
        assertHas(core.run(core.command.end(1, 1, Reason.LOW_USE)), "session 1 TERMINATING UNDEFINED LOW_USE");
    }

    @Test
    void shouldEndACancelledSessionThatNobodyConfirmsAndHoldItsCapacity()
    {
        submit(session());
        core.run(core.command.cancel(1, 1));
        final List<String> given = core.pass(40 * SECOND_NS);
        assertHas(given, "kernel 1.0 TERMINATED TERMINATION_TIMEOUT exit -1 held");
        assertHas(given, "session 1 TERMINATED UNDEFINED USER_REQUESTED");
        assertEquals(3000, free());
    }

    @Test
    void shouldTurnAFailedAttemptIntoACancellation()
    {
        submit(session());
        core.pass(10 * SECOND_NS);
        assertHas(core.run(core.command.cancel(1, 1)), "session 1 TERMINATING UNDEFINED USER_REQUESTED");
        assertHas(
            core.report(1, 0, ReportKind.FAILED, Reason.NEVER_STARTED, 0),
            "session 1 TERMINATED UNDEFINED USER_REQUESTED");
    }

    @Test
    void shouldBackstopWalltimeAfterGraceAndSlack()
    {
        submit(session().walltime(100 * SECOND_NS));
        core.report(1, ReportKind.RUNNING);
        assertEquals(List.of(), core.pass(115 * SECOND_NS - 1));
        final List<String> late = core.pass(1);
        assertHas(late, "kill 1.0 agent 1 WALLTIME");
        assertHas(late, "session 1 TERMINATING FAILURE WALLTIME");
        assertHas(core.report(1, 0, ReportKind.EXITED, Reason.SIGNALLED, 137), "session 1 TERMINATED FAILURE WALLTIME");
    }

    @Test
    void shouldTakeTheAgentsWordForWalltime()
    {
        submit(session().walltime(100 * SECOND_NS));
        core.report(1, ReportKind.RUNNING);
        assertHas(
            core.report(1, 0, ReportKind.EXITED, Reason.WALLTIME, 143),
            "session 1 TERMINATED FAILURE WALLTIME attempt 1 exit 143");
    }

    @Test
    void shouldCancelWhatWaitsTooLong()
    {
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.pendingTimeoutNs = 30 * SECOND_NS;
        core.run(core.command.configureGroup(settings));
        core.run(core.command.submit(session().cpu(4000), session().cpu(4000).arrayOf(3)));
        assertEquals(List.of(), core.pass(30 * SECOND_NS - 1).stream().filter(e -> e.contains("CANCELLED")).toList());
        final List<String> late = core.pass(1);
        assertEquals(3, late.stream().filter(e -> e.contains("CANCELLED UNDEFINED PENDING_TIMEOUT")).count());
    }

    @Test
    void shouldNotRunAgainWhatMayHaveRun()
    {
        submit(session());
        assertHas(
            core.report(1, 0, ReportKind.FAILED, Reason.SUPERVISOR_DIED, 0),
            "session 1 ERROR FAILURE SUPERVISOR_DIED attempt 1");
    }

    @Test
    void shouldRunAgainOnLossWhenToldTo()
    {
        submit(session().restart());
        core.report(1, ReportKind.RUNNING);
        assertHas(
            core.report(1, 0, ReportKind.FAILED, Reason.SUPERVISOR_DIED, 0),
            "session 1 PENDING UNDEFINED SUPERVISOR_DIED attempt 1");
        assertHas(core.pass(SECOND_NS), "assigned 1.0 agent 1 no 2 attempt 2");
    }

    @Test
    void shouldExtendDeadlinesAfterTheManagerWasAway()
    {
        submit(session().walltime(10 * SECOND_NS));
        core.report(1, ReportKind.RUNNING);
        submit(session());
        core.advance(3600 * SECOND_NS).restart();
        final List<String> begun = core.run(core.command.managerStarted(2, 5));
        assertEquals(List.of("term-began"), begun);
        assertEquals(List.of(), core.pass(40 * SECOND_NS - 1));
        assertHas(core.pass(1), "kill 1.0 agent 1 WALLTIME");
    }
}
