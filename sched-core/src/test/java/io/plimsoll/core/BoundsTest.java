package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one command may do, what is kept for how long, and how much memory it takes. */
class BoundsTest
{
    @Test
    void shouldLeaveDecisionsBeyondTheMaximumToContinue()
    {
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.decisionsPerCommandMax = 10;
        final CoreHarness core = CoreHarness.started(CoreOptions.defaults(), settings);
        core.join(1, 100_000, 100_000);
        core.continuing(false);
        final List<String> events = core.run(core.command.submit(session().arrayOf(25)));
        assertEquals(10, events.stream().filter(event -> event.startsWith("assigned")).count());
        assertTrue(core.core().continueNeeded());
        core.run(core.command.goOn());
        core.restart();
        assertTrue(core.core().continueNeeded());
        core.run(core.command.goOn());
        assertFalse(core.core().continueNeeded());
        assertTrue(core.assignments.isAssigned(25 << 10));
    }

    @Test
    void shouldNeverAskToContinueWithoutDoingSomething()
    {
        final CoreHarness core = CoreHarness.started();
        core.run(core.command.submit(session()));
        core.join(1, 500, 100_000);
        assertFalse(core.core().continueNeeded());
        assertEquals(Long.MAX_VALUE, core.core().nextDeadlineNs());
    }

    @Test
    void shouldForgetTheOldestBeyondTheMaximum()
    {
        final CoreHarness core = CoreHarness.started(
            CoreOptions.defaults().withForgetting(600 * Commands.SECOND_NS, 3), new Commands.GroupSettings());
        core.run(core.command.submit(session().arrayOf(10)));
        final List<String> events = core.run(core.command.cancel(1, 10));
        assertEquals(7, events.stream().filter(event -> event.startsWith("forgotten")).count());
        assertTrue(events.contains("forgotten 7"));
        assertEquals(Table.NONE, core.core().state().sessions.find(7));
        assertFalse(Table.NONE == core.core().state().sessions.find(8));
    }

    @Test
    void shouldForgetAfterTenMinutesOnTime()
    {
        final CoreHarness core = CoreHarness.started();
        core.run(core.command.submit(session()));
        core.run(core.command.cancel(1, 1));
        assertEquals(core.nowNs() + 600 * Commands.SECOND_NS, core.core().nextDeadlineNs());
        assertEquals(List.of(), core.pass(600 * Commands.SECOND_NS - 1));
        assertEquals(List.of("forgotten 1", "spec-dropped"), core.pass(1));
        assertEquals(Long.MAX_VALUE, core.core().nextDeadlineNs());
    }

    @ParameterizedTest
    @EnumSource(value = Backfill.class, names = {"GREEDY", "EASY", "PREDICTIVE"})
    void shouldTakeAtMost512BytesForAPendingSession(final Backfill backfill)
    {
        final CoreOptions options = CoreOptions.defaults().withSessionsInitial(64);
        final SchedulerCore empty = new SchedulerCore(options);
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.backfill = backfill;
        final CoreHarness core = CoreHarness.started(options, settings);
        final SubmitSpec[] chunk = new SubmitSpec[512];
        for (int i = 0; i < chunk.length; i++)
        {
            chunk[i] = session();
        }
        final int sessions = 1 << 17;
        for (int i = 0; i < sessions / chunk.length; i++)
        {
            core.run(core.command.submit(chunk));
        }
        final long perSession = (core.core().memoryBytes() - empty.memoryBytes()) / sessions;
        assertTrue(perSession <= 512, "bytes a session: " + perSession);
    }

    @Test
    void shouldExpireManyTimersOverSeveralCommands()
    {
        final CoreHarness core = CoreHarness.started(
            CoreOptions.defaults().withWorkPerCommandMax(20), new Commands.GroupSettings());
        core.join(1, 1_000_000, 1_000_000);
        core.run(core.command.submit(session().arrayOf(100)));
        core.continuing(false);
        core.advance(10 * Commands.SECOND_NS);
        final List<String> first = core.run(core.command.timePassed());
        assertEquals(20, first.stream().filter(event -> event.startsWith("kill")).count());
        core.restart();
        core.continuing(true);
        assertTrue(core.core().continueNeeded());
        core.run(core.command.goOn());
        assertEquals(List.of(), core.report(1, ReportKind.RUNNING));
        assertEquals(100, core.core().state().sessions.count());
        assertFalse(core.core().continueNeeded());
    }
}
