package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DependencyTest
{
    private static final long DAY_NS = 24 * 3600 * Commands.SECOND_NS;
    private static final long FORGET_NS = 600 * Commands.SECOND_NS;

    private final CoreHarness core = CoreHarness.started();

    @BeforeEach
    void join()
    {
        core.join(1, 100_000, 100_000);
        core.run(core.command.submit(session(), session()));
        core.report(1, ReportKind.RUNNING);
        core.report(2, ReportKind.RUNNING);
    }

    private static boolean has(final List<String> events, final String start)
    {
        return events.stream().anyMatch(event -> event.startsWith(start));
    }

    @Test
    void shouldWaitForAllDependencies()
    {
        assertFalse(has(core.run(core.command.submit(session().after(1, 2))), "assigned"));
        assertFalse(has(core.report(1, ReportKind.EXITED), "assigned"));
        assertTrue(has(core.report(2, ReportKind.EXITED), "assigned 3.0"));
    }

    @Test
    void shouldNotWaitForWhatHasSucceeded()
    {
        core.report(1, ReportKind.EXITED);
        assertTrue(has(core.run(core.command.submit(session().after(1, 1))), "assigned 3.0"));
    }

    @Test
    void shouldRejectUnknownAndForgottenDependencies()
    {
        assertTrue(has(
            core.run(core.command.submit(session().after(99))), "rejected UNKNOWN_DEPENDENCY entry 0 subject 99"));
        core.report(1, ReportKind.EXITED);
        core.pass(601 * Commands.SECOND_NS);
        assertTrue(has(core.run(core.command.submit(session().after(1))), "rejected UNKNOWN_DEPENDENCY"));
        assertTrue(has(core.run(core.command.submit(session().after(new long[257]))), "rejected"));
    }

    @Test
    void shouldCancelAllWhoWaitedForAFailureAndWhoWaitedForThem()
    {
        core.run(core.command.submit(session().after(1)));
        core.run(core.command.submit(session().after(3).arrayOf(3)));
        core.run(core.command.submit(session().after(5), session().after(2)));
        final List<String> events = core.report(1, 0, ReportKind.EXITED, Reason.NONE, 1);
        for (long id = 3; id <= 7; id++)
        {
            assertTrue(has(events, "session " + id + " CANCELLED UNDEFINED DEPENDENCY_FAILED"), "session " + id);
        }
        assertFalse(has(events, "session 8"));
        assertEquals(1, core.core().state().edges.targets.count());
    }

    @Test
    void shouldBeContentWithAnyEnd()
    {
        core.run(core.command.submit(session().afterAnyEnd(1, 2), session().after(1)));
        assertFalse(has(core.report(2, ReportKind.EXITED), "assigned"));
        final List<String> events = core.report(1, 0, ReportKind.EXITED, Reason.NONE, 1);
        assertTrue(has(events, "assigned 3.0"), events.toString());
        assertTrue(has(events, "session 4 CANCELLED UNDEFINED DEPENDENCY_FAILED"), events.toString());
        assertFalse(core.core().continueNeeded());
    }

    @Test
    void shouldTakeACancelledSessionForAnEnd()
    {
        core.run(core.command.submit(session().cpu(200), session().cpu(99_000)));
        core.run(core.command.submit(session().afterAnyEnd(4)));
        assertTrue(has(core.run(core.command.cancel(4, 4)), "assigned 5.0"));
        assertTrue(has(core.run(core.command.submit(session().afterAnyEnd(4))), "assigned 6.0"));
    }

    @Test
    void shouldCancelWhoNeedsSuccessAmongThoseWhoDoNot()
    {
        core.run(core.command.submit(session().afterAnyEnd(1, 2)));
        core.report(1, 0, ReportKind.EXITED, Reason.NONE, 1);
        final List<String> events = core.run(core.command.submit(session().after(1), session().afterAnyEnd(1)));
        assertTrue(has(events, "session 4 CANCELLED UNDEFINED DEPENDENCY_FAILED"), events.toString());
        assertTrue(has(events, "assigned 5.0"), events.toString());
        assertFalse(has(events, "session 3"), events.toString());
        assertFalse(core.core().continueNeeded());
        assertTrue(has(core.report(2, ReportKind.EXITED), "assigned 3.0"));
        assertEquals(0, core.core().state().edges.targets.count());
    }

    @Test
    void shouldNotStartBeforeItsTimeAndHoldUpNobody()
    {
        final long atNs = core.nowNs() + 3600 * Commands.SECOND_NS;
        final List<String> events = core.run(core.command.submit(session().startsAt(atNs), session()));
        assertFalse(has(events, "assigned 3.0"));
        assertTrue(has(events, "assigned 4.0"));
        assertFalse(has(core.pass(atNs - core.nowNs() - 1), "assigned"));
        assertTrue(core.core().nextDeadlineNs() <= atNs);
        assertTrue(has(core.pass(1), "assigned 3.0"));
    }

    @Test
    void shouldWaitForItsTimeoutFromWhenItMayStart()
    {
        final Commands.GroupSettings impatient = new Commands.GroupSettings();
        impatient.pendingTimeoutNs = 60 * Commands.SECOND_NS;
        final CoreHarness other = CoreHarness.started(CoreOptions.defaults(), impatient);
        final long atNs = other.nowNs() + 3600 * Commands.SECOND_NS;
        other.run(other.command.submit(session().startsAt(atNs)));
        assertFalse(has(other.pass(3659 * Commands.SECOND_NS), "session 1"));
        assertTrue(has(other.pass(Commands.SECOND_NS), "session 1 CANCELLED UNDEFINED PENDING_TIMEOUT"));
    }

    @Test
    void shouldCancelAtOnceWhoDependsOnWhatHasFailed()
    {
        core.run(core.command.cancel(1, 1));
        core.report(1, 0, ReportKind.EXITED, Reason.SIGNALLED, 143);
        assertTrue(has(
            core.run(core.command.submit(session().after(1))),
            "session 3 CANCELLED UNDEFINED DEPENDENCY_FAILED"));
    }

    @Test
    void shouldWaitForAnElementOfAnArrayThatIsNotPlacedYet()
    {
        core.run(core.command.submit(session().cpu(90_000).arrayOf(3)));
        core.run(core.command.submit(session().after(5)));
        core.report(3, ReportKind.EXITED);
        core.report(4, ReportKind.EXITED);
        assertTrue(has(core.report(5, ReportKind.EXITED), "assigned 6.0"));
    }

    @Test
    void shouldCascadeOverSeveralCommandsAndAcrossARestart()
    {
        final CoreHarness small = CoreHarness.started(
            CoreOptions.defaults().withWorkPerCommandMax(3), new Commands.GroupSettings());
        small.join(1, 1000, 1000);
        small.run(small.command.submit(session()));
        for (int i = 0; i < 20; i++)
        {
            small.run(small.command.submit(session().after(1 + i)));
        }
        small.continuing(false);
        small.report(1, 0, ReportKind.EXITED, Reason.NONE, 1);
        int commands = 0;
        while (small.core().continueNeeded())
        {
            small.restart();
            assertTrue(small.core().continueNeeded());
            small.run(small.command.goOn());
            commands++;
        }
        assertTrue(commands >= 6, "commands=" + commands);
        assertEquals(21, small.core().state().ended.count());
    }

    @Test
    void shouldNotForgetWhatAWaitingSessionDependsOn()
    {
        core.report(1, ReportKind.EXITED);
        core.run(core.command.submit(session().after(1, 2)));
        assertEquals(Long.MAX_VALUE, core.core().nextDeadlineNs(), "nothing is due however long it takes");
        assertEquals(List.of(), core.pass(DAY_NS));
        assertEquals(List.of(), core.restart().pass(DAY_NS));
        assertTrue(core.core().nextDeadlineNs() > core.nowNs());
    }

    @Test
    void shouldForgetTenMinutesAfterTheLastWhoWaitedWasPlaced()
    {
        core.run(core.command.submit(session().after(1, 2), session().after(1)));
        assertTrue(has(core.report(1, ReportKind.EXITED), "assigned 4.0"));
        core.report(4, ReportKind.RUNNING);
        core.pass(DAY_NS);
        assertTrue(has(core.report(2, ReportKind.EXITED), "assigned 3.0"));
        core.report(3, ReportKind.RUNNING);
        assertEquals(core.nowNs() + FORGET_NS, core.core().nextDeadlineNs());
        assertFalse(has(core.pass(FORGET_NS - 1), "forgotten"));
        assertTrue(core.pass(1).containsAll(List.of("forgotten 1", "forgotten 2")));
        assertEquals(0, core.core().state().edges.edges.count());
    }

    @Test
    void shouldForgetOnceTheLastWhoWaitedIsCancelled()
    {
        core.run(core.command.submit(session().after(1, 2)));
        core.report(1, ReportKind.EXITED);
        core.pass(DAY_NS);
        core.run(core.command.cancel(3, 3));
        final List<String> forgotten = core.pass(FORGET_NS);
        assertTrue(has(forgotten, "forgotten 1") && has(forgotten, "forgotten 3"), "events=" + forgotten);
    }

    @Test
    void shouldKeepWhatAnArrayDependsOnUntilItsLastElementIsPlaced()
    {
        core.run(core.command.submit(session().cpu(98_000).arrayOf(5).after(1)));
        core.report(1, ReportKind.EXITED);
        core.run(core.command.cancel(5, 5));
        core.report(3, ReportKind.EXITED);
        core.report(4, ReportKind.RUNNING);
        core.pass(DAY_NS);
        core.report(4, ReportKind.EXITED);
        core.report(6, ReportKind.RUNNING);
        assertFalse(has(core.pass(DAY_NS), "forgotten 1"));
        assertTrue(has(core.report(6, ReportKind.EXITED), "assigned 7.0"));
        core.report(7, ReportKind.RUNNING);
        assertTrue(has(core.pass(FORGET_NS), "forgotten 1"));
        assertEquals(0, core.core().state().edges.edges.count());
    }

    @Test
    void shouldForgetThoseBehindOneThatIsWaitedFor()
    {
        core.run(core.command.submit(session().after(1, 2), session()));
        core.report(1, ReportKind.EXITED);
        core.advance(1);
        core.report(4, ReportKind.EXITED);
        assertEquals(core.nowNs() + FORGET_NS, core.core().nextDeadlineNs());
        assertEquals(List.of("forgotten 4"), core.pass(FORGET_NS));
        assertEquals(Long.MAX_VALUE, core.core().nextDeadlineNs());
    }

    @Test
    void shouldForgetTheOldestBeyondTheMaximumThatNobodyWaitsFor()
    {
        final CoreHarness small = CoreHarness.started(
            CoreOptions.defaults().withForgetting(FORGET_NS, 2), new Commands.GroupSettings());
        small.join(1, 100_000, 100_000);
        small.run(small.command.submit(session().arrayOf(7)));
        small.run(small.command.submit(session().after(1, 2, 7)));
        for (long id = 1; id <= 4; id++)
        {
            assertFalse(has(small.report(id, ReportKind.EXITED), "forgotten"), "session " + id);
        }
        assertTrue(has(small.report(5, ReportKind.EXITED), "forgotten 3"));
        assertTrue(has(small.report(6, ReportKind.EXITED), "forgotten 4"));
        final List<String> placed = small.report(7, ReportKind.EXITED);
        assertTrue(has(placed, "assigned 8.0"));
        assertEquals(2, small.core().state().ended.count());
    }

    @Test
    void shouldRestoreAJournalThatForgotADependencyTooEarly()
    {
        core.run(core.command.submit(session().after(1, 2)));
        core.report(1, ReportKind.EXITED);
        final CoreState state = core.core().state();
        final EventWriter writer = new EventWriter(new EventApplier(state));
        writer.wrap(new UnsafeBuffer(new byte[1024]), 0, 1024);
        new Emitter(state, writer).sessionForgotten(state.sessions.findOwn(1));
        assertTrue(has(core.report(2, ReportKind.EXITED), "assigned 3.0"));
        core.report(3, ReportKind.EXITED);
        assertEquals(List.of("forgotten 2", "forgotten 3", "spec-dropped"), core.pass(FORGET_NS));
        assertEquals(0, state.awaited.count() + state.ended.count() + state.edges.targets.count());
    }
}
