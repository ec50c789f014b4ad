package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.HeldKernel;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Terms, a journal that lost its tail, and commands on which the core threw. */
class ReignTest
{
    private final CoreHarness core = CoreHarness.started();

    private static boolean has(final List<String> events, final String start)
    {
        return events.stream().anyMatch(event -> event.startsWith(start));
    }

    private AgentHello hello()
    {
        return new AgentHello(1, 4000, 1000);
    }

    @Test
    void shouldRefuseATermThatDoesNotRiseAndAnotherCluster()
    {
        assertTrue(has(core.run(core.command.managerStarted(1, 2)), "rejected STALE_TERM"));
        assertEquals(List.of("term-began"), core.run(core.command.managerStarted(2, 2)));
        assertEquals(2, core.core().term());
        assertEquals(2, core.core().termNonce());
    }

    @Test
    void shouldCountEveryAgentAsDisconnectedInANewTerm()
    {
        core.join(1, 4000, 1000);
        core.run(core.command.managerStarted(2, 2));
        assertFalse(has(core.run(core.command.submit(session())), "assigned"));
        core.run(core.command.agentConnected(hello()));
        assertTrue(has(core.run(core.command.inventory(1, 2, 0, true, 0, List.of())), "assigned 1.0 agent 1 no 1"));
        assertEquals(2, core.assignments.epoch(1 << 10).term());
    }

    @Test
    void shouldNoticeThatAnAgentSawMoreThanTheJournalHolds()
    {
        core.join(1, 4000, 1000);
        core.run(core.command.submit(session().cpu(500)));
        final List<String> events =
            core.run(core.command.agentConnected(hello().seen(1, CoreHarness.NONCE, core.core().sequence() + 50)));
        assertEquals(List.of("attached 1 connection 2 lost-tail", "lost-tail T term 1"), events);
        assertTrue(core.core().lostTail());
        assertTrue(has(core.run(core.command.submit(session())), "rejected LOST_TAIL"));
        final HeldKernel unknown = new HeldKernel(70 << 10, 1, CoreHarness.NONCE, 1, core.core().sequence() + 40,
            Commands.CLUSTER_HI, Commands.CLUSTER_LO, ReportKind.RUNNING, Reason.NONE, 0);
        final HeldKernel superseded = new HeldKernel(71 << 10, 1, CoreHarness.NONCE, 1, 2,
            Commands.CLUSTER_HI, Commands.CLUSTER_LO, ReportKind.RUNNING, Reason.NONE, 0);
        final List<String> inventory =
            core.run(core.command.inventory(1, 2, 0, true, 900, List.of(unknown, superseded)));
        assertEquals(List.of("orphan 70.0", "inventory-received"), inventory, "nothing is killed, nothing is missed");
        assertEquals(List.of(), core.pass(3600 * Commands.SECOND_NS));
        assertTrue(core.core().lostTail());
        assertEquals(core.core().stateHash(), core.restored().stateHash());
    }

    @Test
    void shouldGoOnFarAboveWhatWasLostOnceTheLossIsAccepted()
    {
        core.join(1, 4000, 1000);
        core.run(core.command.submit(session().cpu(500)));
        assertTrue(has(core.run(core.command.acceptLoss(2, 9)), "rejected NOT_LOST_TAIL"));
        core.run(core.command.agentConnected(hello().seen(5, 55, 400)));
        final HeldKernel unknown = new HeldKernel(7000L << 10, 5, 55, 1, 390,
            Commands.CLUSTER_HI, Commands.CLUSTER_LO, ReportKind.RUNNING, Reason.NONE, 0);
        core.run(core.command.inventory(1, 2, 0, true, 900, List.of(unknown)));
        assertTrue(has(core.run(core.command.acceptLoss(5, 9)), "rejected STALE_TERM"));
        assertTrue(has(core.run(core.command.acceptLoss(6, 9)), "lost-tail F term 6"));
        assertFalse(core.core().lostTail());
        final List<String> again = core.run(core.command.agentConnected(hello().seen(5, 55, 400)));
        assertEquals(List.of("attached 1 connection 3"), again, "given up below term 6");
        final HeldKernel known = core.assignments.held(1 << 10, ReportKind.RUNNING);
        final List<String> events = core.run(core.command.inventory(1, 3, 0, true, 900, List.of(unknown, known)));
        assertTrue(has(events, "orphan 7000.0"));
        assertFalse(has(events, "kill"));
        final List<String> submitted = core.run(core.command.submit(session()));
        assertTrue(has(submitted, "accepted " + (7000 + (1 << 20))), submitted.toString());
        assertTrue(core.assignments.of((7000L + (1 << 20)) << 10).assignmentNo() > 1L << 32);
        assertEquals(core.core().stateHash(), core.restored().stateHash());
    }

    @Test
    void shouldTellTwoReignsOfOneNumberApart()
    {
        core.run(core.command.agentConnected(hello().seen(1, 1234, 1)));
        assertTrue(core.core().lostTail());
    }

    @Test
    void shouldNotMindWhatAgentsSawOfOtherClusters()
    {
        final AgentHello hello = hello().seen(9, 9, 9_000);
        hello.clusterIdHi = 1;
        core.run(core.command.agentConnected(hello));
        assertFalse(core.core().lostTail());
    }

    @Test
    void shouldRefuseTheInputThatWasPoisoned()
    {
        final byte[] submit = core.command.submit(session()).bytes();
        final byte[] poisoned = core.command.poisoned(submit).bytes();
        final SchedulerCore restored = core.restored();
        restored.applyPoisoned(
            restored.sequence() + 1, core.nowNs(), new UnsafeBuffer(poisoned), 0, poisoned.length);
        core.run(core.command.poisoned(submit));
        assertEquals(core.core().stateHash(), restored.stateHash());
        assertTrue(has(core.run(core.command.submit(session())), "rejected POISONED"));
        assertEquals(0, core.core().state().sessions.count());
    }

    @Test
    void shouldIgnoreThePoisonedReportOnALaterConnectionToo()
    {
        core.join(1, 4000, 1000);
        core.run(core.command.submit(session(), session()));
        final byte[] report =
            core.command.report(1, 1, core.assignments.epoch(1 << 10), ReportKind.RUNNING, 0).bytes();
        core.run(core.command.poisoned(report));
        core.run(core.command.agentConnected(hello()));
        core.run(core.command.inventory(1, 2, 0, true, 2, List.of(
            core.assignments.held(1 << 10, ReportKind.PREPARING),
            core.assignments.held(2 << 10, ReportKind.PREPARING))));
        assertEquals(List.of(), core.report(1, ReportKind.RUNNING));
        assertNotEquals(List.of(), core.report(2, ReportKind.RUNNING));
    }
}
