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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DependencyTest
{
    private final CoreHarness core = CoreHarness.started();

    @BeforeEach
    void join()
    {
        core.join(1, 100_000, 100_000);
        core.run(core.command.submit(session(), session()));
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
}
