package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import java.util.List;
import org.junit.jupiter.api.Test;

class CancelTest
{
    private final CoreHarness core = CoreHarness.started(
        CoreOptions.defaults().withWorkPerCommandMax(50), new Commands.GroupSettings());

    private static String last(final List<String> events)
    {
        return events.get(events.size() - 1);
    }

    @Test
    void shouldCountWhatWasCancelledEndedAndUnknown()
    {
        core.join(1, 1000, 1000);
        core.run(core.command.submit(session(), session(), session()));
        core.report(1, ReportKind.EXITED);
        core.run(core.command.cancel(3, 3));
        assertTrue(core.run(core.command.cancel(0, 5)).contains("cancelled 1 ended 2 unknown 3"));
    }

    @Test
    void shouldCancelInTheMiddleOfAnArrayAndPlaceTheRest()
    {
        core.run(core.command.submit(session().arrayOf(10)));
        core.run(core.command.cancel(4, 6, 9, 9));
        core.join(1, 100_000, 100_000);
        final List<String> placed = core.last().stream().filter(e -> e.startsWith("assigned"))
            .map(e -> e.split(" ")[1]).toList();
        assertEquals(List.of("1.0", "2.0", "3.0", "7.0", "8.0", "10.0"), placed);
        assertEquals(10, core.core().state().sessions.count());
    }

    @Test
    void shouldCancelAHugeArrayOverManyCommandsAndAnswerOnce()
    {
        core.run(core.command.submit(session().arrayOf(2000)));
        core.continuing(false);
        final List<String> first = core.run(core.command.cancel(1, 5000));
        assertEquals("cancel-progressed", last(first));
        assertEquals(51, first.size());
        core.restart();
        assertEquals(core.core().stateHash(), core.restored().stateHash());
        core.continuing(true);
        final List<String> rest = core.run(core.command.goOn());
        assertTrue(rest.contains("cancelled 2000 ended 0 unknown 3000"));
        assertFalse(core.core().continueNeeded());
        assertTrue(core.core().state().cancelTasks.isEmpty());
    }

    @Test
    void shouldKeepACancellationOfManyRangesWithinTheBoundOfOneCommand()
    {
        core.run(core.command.submit(session().arrayOf(10_000)));
        final long[] ranges = new long[2 * 4000];
        for (int i = 0; i < ranges.length; i++)
        {
            ranges[i] = 1 + 2 * (i / 2);
        }
        final List<String> events = core.run(core.command.cancel(ranges));
        assertTrue(events.contains("cancelled 4000 ended 0 unknown 0"));
        assertEquals(6000, core.core().state().groups.pending.get(0));
        assertEquals(core.core().stateHash(), core.restored().stateHash());
    }

    @Test
    void shouldAnswerCancellationsInTheOrderInWhichTheyCame()
    {
        core.run(core.command.submit(session().arrayOf(300)));
        core.continuing(false);
        core.run(core.command.cancel(1, 200));
        core.run(core.command.cancel(150, 300));
        core.continuing(true);
        final List<String> answers = core.run(core.command.goOn()).stream()
            .filter(event -> event.startsWith("cancelled")).toList();
        assertEquals(List.of("cancelled 200 ended 0 unknown 0", "cancelled 100 ended 51 unknown 0"), answers);
    }

    @Test
    void shouldWalkAnyRangeInBoundedSteps()
    {
        core.run(core.command.submit(session()));
        final List<String> all = core.run(core.command.cancel(Long.MIN_VALUE, Long.MAX_VALUE));
        assertTrue(all.toString().contains("cancelled 1 ended 0"));
        assertTrue(core.run(core.command.cancel(5, 3)).contains("cancelled 0 ended 0 unknown 0"));
        assertTrue(core.run(core.command.cancel()).contains("cancelled 0 ended 0 unknown 0"));
    }
}
