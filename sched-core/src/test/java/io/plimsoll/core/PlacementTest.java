package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlacementTest
{
    private static CoreHarness with(final SelectPolicy selection)
    {
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.selection = selection;
        return CoreHarness.started(CoreOptions.defaults(), settings);
    }

    private static List<Integer> placed(final CoreHarness core, final SubmitSpec... sessions)
    {
        final List<Integer> agents = new ArrayList<>();
        for (final String event : core.run(core.command.submit(sessions)))
        {
            if (event.startsWith("assigned"))
            {
                agents.add(Integer.parseInt(event.split(" ")[3]));
            }
        }
        return agents;
    }

    private static void joinLowMediumHigh(final CoreHarness core)
    {
        core.join(1, 2000, 4096);
        core.join(2, 4000, 8192);
        core.join(3, 6000, 12288);
    }

    @Test
    void shouldConcentrateOnTheLeastFreeThatFits()
    {
        final CoreHarness core = with(SelectPolicy.CONCENTRATED);
        joinLowMediumHigh(core);
        assertEquals(List.of(1), placed(core, session().cpu(1000).mem(2048)));
    }

    @Test
    void shouldDisperseToTheMostFree()
    {
        final CoreHarness core = with(SelectPolicy.DISPERSED);
        joinLowMediumHigh(core);
        assertEquals(List.of(3), placed(core, session().cpu(1000).mem(2048)));
    }

    @Test
    void shouldSeeWhatTheSamePassTook()
    {
        final CoreHarness core = with(SelectPolicy.CONCENTRATED);
        joinLowMediumHigh(core);
        assertEquals(List.of(1, 2), placed(core, session().cpu(2000).mem(4096), session().cpu(1000).mem(2048)));
    }

    @ParameterizedTest
    @EnumSource(value = SelectPolicy.class, names = {"CONCENTRATED", "DISPERSED"})
    void shouldKeepAgentsWithDevicesForThoseWhoAskForThem(final SelectPolicy selection)
    {
        final CoreHarness core = with(selection);
        core.join(new AgentHello(1, 4000, 4096).slot("cuda.device", 4));
        core.join(2, 4000, 4096);
        assertEquals(List.of(2), placed(core, session().slot("cuda.shares", 0)));
        assertEquals(List.of(2, 2, 2, 1), placed(core, session(), session(), session(), session()));
    }

    @Test
    void shouldPreferTheBusierDeviceAgentWhenConcentrating()
    {
        final CoreHarness core = with(SelectPolicy.CONCENTRATED);
        core.join(new AgentHello(1, 4000, 4096).slot("cuda.device", 6));
        core.join(new AgentHello(2, 4000, 4096).slot("cuda.device", 2));
        assertEquals(List.of(2), placed(core, session().slot("cuda.shares", 1)));
        assertEquals(List.of(2), placed(core, session().slot("cuda.device", 1)));
    }

    @Test
    void shouldBreakTiesByAgentId()
    {
        for (final SelectPolicy selection : List.of(SelectPolicy.CONCENTRATED, SelectPolicy.DISPERSED))
        {
            final CoreHarness core = with(selection);
            core.join(5, 4000, 4096);
            core.join(4, 4000, 4096);
            core.join(3, 4000, 4096);
            assertEquals(List.of(1), placed(core, session()));
        }
    }

    @Test
    void shouldGiveDevicesByNumberAndTakeThemBack()
    {
        final CoreHarness core = with(SelectPolicy.CONCENTRATED);
        core.join(new AgentHello(1, 9000, 9000).slot("cuda.device", 4));
        final SubmitSpec two = session().slot("cuda.device", 2);
        assertTrue(core.run(core.command.submit(two)).contains("assigned 1.0 agent 1 no 1 attempt 1 slot 2=2/3"));
        assertTrue(core.run(core.command.submit(two)).contains("assigned 2.0 agent 1 no 2 attempt 1 slot 2=2/c"));
        core.run(core.command.submit(two));
        assertTrue(core.report(1, ReportKind.EXITED).contains("assigned 3.0 agent 1 no 3 attempt 1 slot 2=2/3"));
    }

    @Test
    void shouldPlaceAGangWholeOrNotAtAll()
    {
        final CoreHarness core = with(SelectPolicy.CONCENTRATED);
        core.join(1, 2000, 9000);
        core.join(2, 2000, 9000);
        assertEquals(List.of(1), placed(core, session()));
        assertEquals(List.of(1), placed(core, session().kernels(4), session()));
        assertEquals(0, core.core().state().agents.free(1, SlotTable.CPU));
        assertEquals(2000, core.core().state().agents.free(2, SlotTable.CPU));
        assertFalse(core.report(1, ReportKind.EXITED).toString().contains("assigned"));
        assertTrue(core.report(3, ReportKind.EXITED).contains("assigned 2.3 agent 2 no 2 attempt 1"));
    }

    @Test
    void shouldSpreadAGangWhenDispersed()
    {
        final CoreHarness core = with(SelectPolicy.DISPERSED);
        core.join(1, 4000, 9000);
        core.join(2, 3000, 9000);
        assertEquals(List.of(1, 2, 1, 2, 1), placed(core, session().kernels(5)));
    }

    @Test
    void shouldLetOthersPassWhatDoesNotFitAndServeItFirstWhenItDoes()
    {
        final CoreHarness core = with(SelectPolicy.CONCENTRATED);
        core.join(1, 4000, 9000);
        core.run(core.command.submit(session().cpu(2000)));
        assertEquals(List.of(1), placed(core, session().cpu(4000).priority(20), session().cpu(1000).priority(1)));
        core.run(core.command.submit(session().cpu(3000)));
        core.report(3, ReportKind.EXITED);
        assertTrue(core.report(1, ReportKind.EXITED).contains("assigned 2.0 agent 1 no 3 attempt 1"));
    }

    @Test
    void shouldServeHigherPriorityFirstAndThenInOrderOfIds()
    {
        final CoreHarness core = with(SelectPolicy.CONCENTRATED);
        core.run(core.command.submit(session().priority(1), session().priority(5), session().priority(10),
            session().priority(5)));
        final List<String> order = new ArrayList<>();
        core.join(1, 4000, 9000);
        for (final String event : core.last())
        {
            if (event.startsWith("assigned"))
            {
                order.add(event.split(" ")[1]);
            }
        }
        assertEquals(List.of("3.0", "2.0", "4.0", "1.0"), order);
    }

    @Test
    void shouldReorderAgentsWhenTheGroupChangesItsMind()
    {
        final CoreHarness core = with(SelectPolicy.CONCENTRATED);
        joinLowMediumHigh(core);
        assertEquals(List.of(1), placed(core, session().mem(1)));
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.selection = SelectPolicy.DISPERSED;
        core.run(core.command.configureGroup(settings));
        assertEquals(List.of(3), placed(core, session().mem(1)));
    }

    @Test
    void shouldCostNothingToHaveAMillionWaitWithoutHope()
    {
        final CoreHarness core = with(SelectPolicy.CONCENTRATED);
        core.join(1, 8000, 9000);
        core.join(2, 64000, 1);
        core.run(core.command.submit(session().cpu(64000).mem(1)));
        core.run(core.command.submit(session().cpu(8000)));
        core.report(2, ReportKind.RUNNING);
        for (int i = 0; i < 1000; i++)
        {
            core.run(core.command.submit(session().cpu(7000).mem(i), session().cpu(60000).mem(1).arrayOf(999)));
        }
        core.run(core.command.submit(session().mem(1).cpu(1)));
        assertEquals(1_000_001, core.core().state().groups.pending.get(0));
        assertTrue(core.report(2, ReportKind.EXITED).toString().contains("assigned 3.0"));
    }

    @Test
    void shouldLookAtAllThatEndsAtOneInstantWhenReportsSaySo()
    {
        final CoreHarness core = with(SelectPolicy.CONCENTRATED);
        core.join(1, 1000, 4096);
        core.join(2, 4000, 4096);
        assertEquals(List.of(1, 2), placed(core, session().cpu(1000), session().cpu(4000)));
        assertEquals(List.of(), placed(core, session().cpu(1000)));
        core.continuing(false);
        final long small = 1L << 10;
        final long large = 2L << 10;
        core.run(core.command.report(2, core.assignments.connection(2), core.assignments.epoch(large),
            ReportKind.EXITED, 0).followed());
        assertTrue(core.last().stream().noneMatch(event -> event.startsWith("assigned")), core.last().toString());
        assertTrue(core.core().continueNeeded());
        core.restart();
        core.run(core.command.report(
            1, core.assignments.connection(1), core.assignments.epoch(small), ReportKind.EXITED, 0));
        assertTrue(
            core.last().stream().anyMatch(event -> event.startsWith("assigned") && "1".equals(event.split(" ")[3])),
            core.last().toString());
        assertFalse(core.core().continueNeeded());
    }

    @Test
    void shouldPlaceNobodyBecauseOfASubmissionThatBringsNobodyYet()
    {
        final CoreHarness core = with(SelectPolicy.CONCENTRATED);
        core.join(1, 1000, 4096);
        assertEquals(List.of(1), placed(core, session().cpu(1000)));
        assertEquals(List.of(), placed(core, session().cpu(1000)));
        core.continuing(false);
        core.run(core.command.report(
            1, core.assignments.connection(1), core.assignments.epoch(1L << 10), ReportKind.EXITED, 0).followed());
        final long laterNs = core.nowNs() + Commands.SECOND_NS;
        assertEquals(List.of(), placed(core, session().cpu(1000).startsAt(laterNs)));
        assertEquals(List.of(), placed(core, session().cpu(0)), "what is refused");
        assertTrue(core.core().continueNeeded());
        core.restart();
        assertEquals(
            List.of(1), placed(core, session().cpu(1000).startsAt(laterNs), session().cpu(1000)), "one may start");
        assertTrue(core.last().toString().contains("assigned 2.0"), core.last().toString());
    }
}
