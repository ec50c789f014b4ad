package io.plimsoll.core;

import static io.plimsoll.core.testkit.AccountSettings.user;
import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions whose kernels ask for different things. */
class PartsTest
{
    private static final long SECOND_NS = Commands.SECOND_NS;
    private static final int OWNER = 5;

    private final GroupSettings settings = new GroupSettings();
    private CoreHarness core = CoreHarness.started();

    private void start()
    {
        core = CoreHarness.started(CoreOptions.defaults(), settings);
    }

    private CoreState state()
    {
        return core.core().state();
    }

    private List<String> submit(final SubmitSpec... sessions)
    {
        return core.run(core.command.submit(sessions));
    }

    private static boolean has(final List<String> events, final String start)
    {
        return events.stream().anyMatch(event -> event.startsWith(start));
    }

    private int agentOf(final long sessionId, final int index)
    {
        final int kernel = state().kernels.find(sessionId << KernelTable.INDEX_BITS | index);
        return Table.NONE == kernel ? Table.NONE : state().kernels.agent.get(kernel);
    }

    private long free(final int agent, final String slot)
    {
        final UnsafeBuffer name =
            new UnsafeBuffer(slot.getBytes(StandardCharsets.US_ASCII));
        return state().agents.free(agent, state().slots.find(name, 0, name.capacity()));
    }

    private void exit(final long sessionId, final int index)
    {
        core.report(sessionId, index, ReportKind.RUNNING, Reason.NONE, 0);
        core.report(sessionId, index, ReportKind.EXITED, Reason.COMPLETED, 0);
    }

    /** A small main kernel and three large ones with a device each. */
    private static SubmitSpec mixed()
    {
        return session().cpu(2000).mem(200).part(3, 8000, 3200, Map.of("cuda.device", 1L));
    }

    @Test
    void shouldGiveEachKernelWhatItsPartAsksForAndTakeItBack()
    {
        core.join(1, 4000, 1000);
        core.join(new AgentHello(2, 32_000, 16_000).slot("cuda.device", 4));
        submit(mixed());
        assertEquals(1, agentOf(1, 0));
        assertEquals(2000, free(1, "cpu"));
        assertEquals(800, free(1, "mem"));
        assertEquals(8000, free(2, "cpu"));
        assertEquals(16_000 - 3 * 3200, free(2, "mem"));
        assertEquals(1, free(2, "cuda.device"));
        exit(1, 2);
        assertEquals(16_000, free(2, "cpu"));
        assertEquals(2, free(2, "cuda.device"));
        exit(1, 0);
        assertEquals(4000, free(1, "cpu"));
        assertEquals(core.core().stateHash(), core.restored().stateHash());
        exit(1, 1);
        exit(1, 3);
        core.pass(3600 * SECOND_NS);
        assertEquals(0, state().shapes.count(), "nothing is left of the shapes");
        assertEquals(core.core().stateHash(), core.restored().stateHash());
    }

    @ParameterizedTest
    @EnumSource(
        value = SelectPolicy.class,
        names = {"CONCENTRATED", "DISPERSED", "ROUND_ROBIN", "RANDOM", "TOPOLOGY", "SCORED"})
    void shouldPlaceAllPartsOrNone(final SelectPolicy selection)
    {
        settings.selection = selection;
        settings.selectionName = SelectPolicy.SCORED == selection ? "plimsoll" : "";
        start();
        core.join(new AgentHello(1, 16_000, 8000).slot("cuda.device", 2));
        core.join(new AgentHello(2, 9000, 8000).slot("cuda.device", 1));
        submit(session().cpu(1000).slot("cuda.device", 1));
        submit(mixed().cpu(1000));
        assertEquals(1, state().kernels.count(), "there are two devices for three kernels");
        exit(1, 0);
        assertEquals(4, state().kernels.count());
        assertEquals(2, agentOf(2, 0));
    }

    @Test
    void shouldFindRoomForTheScarcePartFirstWhereTheOrderOfIndexesLeadsNowhere()
    {
        core.join(new AgentHello(1, 8000, 1000).slot("cuda.device", 1));
        core.join(2, 9000, 1000);
        submit(session().cpu(8000).part(1, 1000, 100, Map.of("cuda.device", 1L)));
        assertEquals(2, agentOf(1, 0));
        assertEquals(1, agentOf(1, 1));
    }

    @Test
    void shouldFindTheOnlyPackingThatThereIs()
    {
        core.join(1, 5000, 1000);
        core.join(2, 4000, 1000);
        submit(session().cpu(4000).mem(0).part(1, 3000, 0).part(1, 2000, 0));
        assertEquals(List.of(2, 1, 1), List.of(agentOf(1, 0), agentOf(1, 1), agentOf(1, 2)));
    }

    @Test
    void shouldCountPartsThatAskForTheSameAsOne()
    {
        core.join(1, 8000, 8000);
        submit(session().cpu(1000).mem(100).part(2, 1000, 100).part(1, 2000, 100).part(1, 2000, 100));
        final int shape = state().sessions.shape.get(state().sessions.find(1));
        assertEquals(3, state().shapes.kernels.get(shape));
        assertEquals(5, state().shapes.kernelsInAll.get(shape));
        submit(session().cpu(1000).mem(100).part(2, 1000, 100), session().cpu(1000).mem(100).kernels(3));
        final int alike = state().sessions.shape.get(state().sessions.find(2));
        assertFalse(state().shapes.isParted(alike));
        assertEquals(alike, state().sessions.shape.get(state().sessions.find(3)));
    }

    @Test
    void shouldRefuseWhatNoAgentCouldHold()
    {
        core.join(new AgentHello(1, 8000, 8000).slot("cuda.device", 1));
        core.join(new AgentHello(2, 16_000, 4000).slot("cuda.device", 1));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 20000 limit 16000 field cpu",
            submit(session().part(1, 20_000, 100)).get(0));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 9000 limit 8000 field mem",
            submit(session().part(1, 7000, 9000)).get(0));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 4 limit 3 field kernels",
            submit(mixed()).get(0));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 2 limit 1 field kernels",
            submit(session().cpu(16_000).part(1, 9000, 100)).get(0));
        assertTrue(has(submit(session().cpu(16_000).part(1, 8000, 100)), "queued"));
    }

    @Test
    void shouldRefuseTooManyKernelsAndOddAmounts()
    {
        assertTrue(submit(session().part(1024, 1, 0)).get(0).contains("TOO_MANY_KERNELS"));
        assertTrue(submit(session().part(0, 1000, 0)).get(0).contains("OUT_OF_RANGE"));
        assertTrue(submit(session().part(1, 0, 0)).get(0).contains("field cpu"));
        assertTrue(submit(session().part(1, 1, -1)).get(0).contains("field mem"));
        final SubmitSpec many = session();
        for (int i = 1; i <= PartsFit.PARTS_MAX; i++)
        {
            many.part(1, 1000 + i, 0);
        }
        assertTrue(submit(many).get(0).contains("field parts"));
    }

    @Test
    void shouldTryAgainWhenTheBlockedPartMayFit()
    {
        core.join(new AgentHello(1, 8000, 8000).slot("cuda.device", 1));
        core.join(2, 8000, 8000);
        submit(session().cpu(1000).slot("cuda.device", 1));
        submit(session().cpu(500).part(1, 1000, 100, Map.of("cuda.device", 1L)));
        assertEquals(Table.NONE, agentOf(2, 0));
        exit(1, 0);
        assertEquals(1, agentOf(2, 1));
    }

    @ParameterizedTest
    @EnumSource(value = OrderPolicy.class, names = {"FIFO", "DRF"})
    void shouldTryAgainWhenPartsMayFitTogether(final OrderPolicy order)
    {
        settings.order = order;
        start();
        core.join(1, 8000, 8000);
        submit(session().cpu(3000), session().cpu(1000));
        submit(session().cpu(3000).part(1, 4000, 100));
        assertEquals(Table.NONE, agentOf(3, 0));
        exit(2, 0);
        assertEquals(Table.NONE, agentOf(3, 0), "each part has room, both have not");
        exit(1, 0);
        assertEquals(1, agentOf(3, 0));
        assertEquals(1, agentOf(3, 1));
    }

    @Test
    void shouldCountAllPartsAgainstLimitsOnce()
    {
        core.run(core.command.configureAccount(user(OWNER, "alice").limit("cpu", 10_000).kernels(4)));
        core.join(1, 100_000, 100_000);
        core.run(core.command.submitAs(OWNER, session().cpu(2000).part(3, 3000, 100)));
        assertEquals(Table.NONE, agentOf(1, 0));
        final LimitReport report = new LimitReport(state());
        new Quotas(state()).report(state().sessions.shape.get(state().sessions.find(1)), report);
        assertEquals(
            "user alice: cpu: used 0 + requested 11 > limit 10 (over by 1)",
            report.text().getStringWithoutLengthAscii(0, report.render()));
        core.run(core.command.submitAs(OWNER, session().cpu(1000).part(3, 3000, 100)));
        assertEquals(1, agentOf(2, 3));
        assertEquals(10_000, state().accounts.used(state().accounts.find(OWNER), SlotTable.CPU));
        assertTrue(core.run(core.command.submitAs(OWNER, session().part(4, 3000, 100))).get(0)
            .contains("QUOTA_EXCEEDED"), "five kernels are one too many");
        exit(2, 0);
        assertEquals(9000, state().accounts.used(state().accounts.find(OWNER), SlotTable.CPU));
    }

    @Test
    void shouldKeepToTheContainersOfAnAgent()
    {
        final AgentHello hello = new AgentHello(1, 16_000, 16_000);
        hello.kernelsMax = 3;
        core.join(hello);
        assertTrue(submit(session().kernels(2).part(2, 2000, 100)).get(0).contains("limit 3"));
        submit(session().kernels(2).part(1, 2000, 100));
        assertEquals(3, state().kernels.count());
    }

    @Test
    void shouldSpreadAndPackAllParts()
    {
        core.join(1, 8000, 8000);
        core.join(2, 8000, 8000);
        core.join(3, 16_000, 8000);
        submit(session().part(2, 2000, 100).constrained(ConstraintKind.SPREAD_STRICT, "web", ""));
        assertEquals(List.of(1, 2, 3), List.of(agentOf(1, 0), agentOf(1, 1), agentOf(1, 2)).stream().sorted().toList());
        submit(session().cpu(4000).part(2, 3000, 100).constrained(ConstraintKind.PACK_STRICT, "shards", ""));
        assertEquals(List.of(3, 3, 3), List.of(agentOf(2, 0), agentOf(2, 1), agentOf(2, 2)));
    }

    @Test
    void shouldStayOnOneRackIfThereIsOneWithRoomForAll()
    {
        settings.selection = SelectPolicy.TOPOLOGY;
        start();
        core.join(new AgentHello(1, 4000, 8000).label("rack", "r1").label("block", "b"));
        core.join(new AgentHello(2, 8000, 8000).label("rack", "r2").label("block", "b"));
        core.join(new AgentHello(3, 4000, 8000).label("rack", "r2").label("block", "b"));
        submit(session().cpu(4000).part(1, 7000, 100));
        assertEquals(3, agentOf(1, 0));
        assertEquals(2, agentOf(1, 1));
    }

    @Test
    void shouldEndAndStartAgainAsAWhole()
    {
        settings.retryBackoffNs = 0;
        start();
        core.join(1, 8000, 8000);
        submit(session().cpu(1000).part(1, 2000, 100));
        core.report(1, 1, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0);
        core.report(1, 0, ReportKind.FAILED, Reason.NEVER_STARTED, 0);
        assertEquals(2, state().sessions.attempt.get(state().sessions.find(1)));
        assertEquals(5000, free(1, "cpu"));
        core.restart();
        assertEquals(5000, free(1, "cpu"));
    }

    @Test
    void shouldGoOnWithoutASubKernelWhereThatIsTolerated()
    {
        core.join(1, 8000, 8000);
        submit(session().cpu(1000).part(1, 2000, 100).failurePolicy(FailurePolicy.TOLERANT));
        core.report(1, 1, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0);
        assertEquals(7000, free(1, "cpu"));
        exit(1, 0);
        assertEquals(8000, free(1, "cpu"));
    }

    @Test
    void shouldHaveTheFewestYieldToAllParts()
    {
        settings.preemption = PreemptionMode.TERMINATE;
        start();
        core.join(1, 4000, 8000);
        core.join(2, 8000, 8000);
        for (int i = 0; i < 3; i++)
        {
            submit(session().cpu(4000).mem(0).priority(5).preemptible());
            core.report(i + 1, 0, ReportKind.RUNNING, Reason.NONE, 0);
        }
        final List<String> events =
            submit(session().cpu(1000).mem(0).priority(50).part(1, 4000, 0));
        assertEquals(2, events.stream().filter(event -> event.startsWith("kill ")).count());
        final List<String> others =
            submit(session().cpu(1000).mem(0).priority(60).part(1, 9000, 0));
        assertFalse(has(others, "kill"), "nobody yields to what that does not help");
    }

    @Test
    void shouldReserveRoomForAllParts()
    {
        settings.backfill = Backfill.EASY;
        start();
        core.join(1, 4000, 8000);
        core.join(2, 4000, 8000);
        submit(session().cpu(3000).mem(0).walltime(100 * SECOND_NS));
        submit(session().cpu(4000).mem(0).walltime(50 * SECOND_NS));
        submit(session().cpu(2000).mem(0).walltime(10 * SECOND_NS).part(1, 4000, 0));
        final long now = core.nowNs();
        submit(session().cpu(1000).mem(0).walltime(200 * SECOND_NS));
        assertEquals(Table.NONE, agentOf(4, 0), "it would put the head off");
        submit(session().cpu(1000).mem(0).walltime(20 * SECOND_NS));
        assertTrue(agentOf(5, 0) > 0, "it ends before");
        assertEquals(now + 100 * SECOND_NS, core.core().explain(3).expectedNs());
        assertTrue(core.core().explain(3).reserved());
    }

    @Test
    void shouldOvertakeWithoutPuttingTheHeadOff()
    {
        settings.backfill = Backfill.EASY;
        start();
        core.join(1, 4000, 8000);
        core.join(2, 2000, 8000);
        submit(session().cpu(3000).mem(0).walltime(100 * SECOND_NS));
        submit(session().cpu(4000).mem(0).walltime(50 * SECOND_NS));
        submit(session().cpu(1000).mem(0).walltime(500 * SECOND_NS).part(1, 500, 0));
        assertEquals(2, agentOf(3, 0));
        assertEquals(2, agentOf(3, 1));
        submit(session().cpu(1000).mem(0).walltime(500 * SECOND_NS).part(1, 500, 0));
        assertEquals(Table.NONE, agentOf(4, 0), "the head's agent alone has room for both");
        submit(session().cpu(700).mem(0).walltime(80 * SECOND_NS).part(1, 300, 0));
        assertEquals(1, agentOf(5, 0));
    }

    @Test
    void shouldSayWhichPartLacksRoom()
    {
        core.join(new AgentHello(1, 8000, 8000).slot("cuda.device", 2));
        submit(session().cpu(1000).slot("cuda.device", 1));
        submit(session().cpu(1000).part(2, 2000, 100, Map.of("cuda.device", 1L)));
        Explanation.Agents agents = core.core().explain(2).agents();
        assertEquals(1, agents.part());
        assertEquals(2, agents.parts());
        assertEquals(3, agents.kernels());
        assertEquals(2, agents.places());
        exit(1, 0);
        submit(session().cpu(4000).part(1, 2000, 100));
        agents = core.core().explain(3).agents();
        assertEquals(1, agents.places());
        assertEquals(3000, agents.shortfall().missing()[SlotTable.CPU] + 2000L);
    }

    @Test
    void shouldSayWhatTheNextKernelOfAPartNeedsWhereSomeOfItHaveRoom()
    {
        submit(session().kernels(3).cpu(2000).part(1, 500, 100));
        core.join(1, 5000, 8000);

        final Explanation.Agents agents = core.core().explain(1).agents();
        assertEquals(0, agents.part());
        assertEquals(3, agents.places());
        assertEquals(4, agents.kernels());
        assertEquals(1, agents.fitting());
        assertEquals(1000, agents.shortfall().missing()[SlotTable.CPU]);
    }

    @Test
    void shouldReadSubmissionsFromBeforeThereWereParts()
    {
        core.join(1, 8000, 8000);
        final byte[] written = core.command.submit(session().cpu(1000)).bytes();
        final byte[] old = Arrays.copyOf(written, written.length - 2);
        old[6] = 1;
        final UnsafeBuffer events =
            new UnsafeBuffer(new byte[SchedulerCore.EVENTS_LENGTH_MAX]);
        core.core().onCommand(
            new UnsafeBuffer(old), 0, old.length, core.core().sequence() + 1, core.nowNs(),
            events, 0);
        assertEquals(7000, free(1, "cpu"));
    }
}
