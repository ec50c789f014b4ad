package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.AccountSettings;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpdateTest
{
    private static final long MINUTE_NS = 60 * Commands.SECOND_NS;
    private final CoreHarness core = CoreHarness.started(
        CoreOptions.defaults().withWorkPerCommandMax(50), new Commands.GroupSettings());

    private List<String> assigned()
    {
        return core.last().stream().filter(e -> e.startsWith("assigned")).map(e -> e.split(" ")[1]).toList();
    }

    private void checkRestored()
    {
        assertEquals(core.core().stateHash(), core.restored().stateHash());
    }

    @Test
    void shouldMoveAWaitingSessionToItsPlaceInTheQueueAtOnce()
    {
        core.run(core.command.submit(session(), session(), session()));
        final List<String> events = core.run(core.command.update(3, 3, 90, -1, null));
        assertTrue(events.contains("updated 3 x 1 changes 1 priority 90 walltime 0 name "), events.toString());
        assertTrue(events.contains("updates 1 ended 0 unknown 0 next 0"), events.toString());
        core.run(core.command.update(1, 1, 1, -1, null));
        core.join(1, 3000, 100_000);
        assertEquals(List.of("3.0", "2.0", "1.0"), assigned());
        checkRestored();
    }

    @Test
    void shouldChangeWaitingElementsOfAnArrayInTheMiddle()
    {
        core.run(core.command.submit(session().arrayOf(10)));
        final List<String> events = core.run(core.command.update(4, 6, 90, -1, "late"));
        assertTrue(events.contains("updated 4 x 3 changes 5 priority 90 walltime 0 name late"), events.toString());
        core.join(1, 100_000, 100_000);
        assertEquals(
            List.of("4.0", "5.0", "6.0", "1.0", "2.0", "3.0", "7.0", "8.0", "9.0", "10.0"), assigned());
        checkRestored();
    }

    @Test
    void shouldGiveARunningSessionAnotherDeadline()
    {
        core.join(1, 1000, 1000);
        core.run(core.command.submit(session().walltime(MINUTE_NS)));
        core.report(1, ReportKind.RUNNING);
        final long before = core.core().nextDeadlineNs();
        core.advance(30 * Commands.SECOND_NS);
        core.run(core.command.update(1, 1, -1, 3 * MINUTE_NS, null));
        assertEquals(before + 2 * MINUTE_NS, core.core().nextDeadlineNs());
        assertFalse(core.pass(MINUTE_NS).toString().contains("kill"));
        checkRestored();
        core.run(core.command.update(1, 1, -1, 0, null));
        assertFalse(core.pass(1000 * MINUTE_NS).toString().contains("kill"));
        final List<String> events = core.run(core.command.update(1, 1, -1, MINUTE_NS, null));
        assertTrue(events.contains("kill 1.0 agent 1 WALLTIME"), events.toString());
        checkRestored();
    }

    @Test
    void shouldCountWhatHasEndedAndWhatIsUnknown()
    {
        core.join(1, 1000, 1000);
        core.run(core.command.submit(session(), session()));
        core.report(1, ReportKind.EXITED);
        assertTrue(core.run(core.command.update(1, 5, 7, -1, null)).contains("updates 1 ended 1 unknown 3 next 0"));
    }

    @Test
    void shouldRefuseWhatNoAccountAllowsAndThenChangeNothing()
    {
        core.run(core.command.configureAccount(AccountSettings.user(5, "somebody").priority(50)));
        core.run(core.command.submitAs(5, session(), session()));
        final List<String> events = core.run(core.command.update(1, 2, 60, -1, null));
        assertEquals(1, events.size());
        assertTrue(
            events.get(0).startsWith("rejected QUOTA_EXCEEDED entry 0 subject 1 requested 60 limit 50"),
            events.toString());
        assertTrue(core.run(core.command.update(1, 2, 101, -1, null)).get(0).contains("field priority"));
        assertTrue(core.run(core.command.update(1, 2, -1, -1, null)).get(0).contains("field changes"));
        assertTrue(core.run(core.command.update(3, 2, 1, -1, null)).get(0).contains("field ids"));
    }

    @Test
    void shouldSayFromWhereOnItWasTooMuchForOneCommand()
    {
        for (int i = 0; i < 60; i++)
        {
            core.run(core.command.submit(session()));
        }
        final List<String> events = core.run(core.command.update(1, 60, 7, -1, null));
        assertTrue(events.contains("updates 50 ended 0 unknown 0 next 51"), events.get(events.size() - 1));
        assertTrue(core.run(core.command.update(51, 60, 7, -1, null)).contains("updates 10 ended 0 unknown 0 next 0"));
        checkRestored();
    }
}
