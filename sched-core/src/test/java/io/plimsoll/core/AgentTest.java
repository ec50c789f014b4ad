package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.HeldKernel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections, liveness, drain, and what inventories make of what was placed. */
class AgentTest
{
    private static final long SECOND_NS = Commands.SECOND_NS;

    private final CoreHarness core = CoreHarness.started();

    private static boolean has(final List<String> events, final String start)
    {
        return events.stream().anyMatch(event -> event.startsWith(start));
    }

    private List<String> connect(final AgentHello hello)
    {
        return core.run(core.command.agentConnected(hello));
    }

    private List<String> inventory(final int agent, final long highest, final HeldKernel... kernels)
    {
        return core.run(core.command.inventory(
            agent, core.assignments.connection(agent), 0, true, highest, List.of(kernels)));
    }

    @Test
    void shouldGiveIdsInOrderAndConnectionsThatRise()
    {
        assertEquals(List.of("attached 1 connection 1"), connect(new AgentHello(7, 1, 1)));
        assertEquals(List.of("attached 2 connection 1"), connect(new AgentHello(8, 1, 1)));
        assertEquals(List.of("attached 1 connection 2"), connect(new AgentHello(7, 1, 1)));
    }

    @Test
    void shouldGiveNoWorkBeforeTheInventoryIsComplete()
    {
        core.run(core.command.submit(session()));
        core.run(core.command.agentConnected(new AgentHello(1, 4000, 1000)));
        assertFalse(has(core.run(core.command.inventory(1, 1, 0, false, 0, List.of())), "assigned"));
        final List<String> withoutPartOne = core.run(core.command.inventory(1, 1, 2, true, 0, List.of()));
        assertFalse(has(withoutPartOne, "assigned"));
        assertTrue(has(core.run(core.command.inventory(1, 1, 1, true, 0, List.of())), "assigned 1.0 agent 1"));
    }

    @Test
    void shouldIgnoreWhatComesFromAnOlderConnection()
    {
        core.join(1, 4000, 1000);
        core.run(core.command.submit(session()));
        final HeldKernel held = core.assignments.held(1 << 10, ReportKind.RUNNING);
        core.run(core.command.agentConnected(new AgentHello(1, 4000, 1000)));
        assertEquals(List.of(), core.run(core.command.report(1, 1, core.assignments.epoch(1 << 10),
            ReportKind.RUNNING, 0)));
        assertEquals(List.of(), core.run(core.command.agentDisconnected(1, 1)));
        assertEquals(List.of(), core.run(core.command.agentLost(1, 1)));
        assertEquals(List.of(), core.run(core.command.inventory(1, 1, 0, true, 9, List.of())));
        assertTrue(has(inventory(1, 1, held), "session 1 RUNNING"));
    }

    @Test
    void shouldPlaceNothingOnSuspectedDrainedOrDisconnectedAgents()
    {
        final int agent = core.join(1, 4000, 1000);
        core.run(core.command.agentSuspect(agent, 1));
        assertFalse(has(core.run(core.command.submit(session())), "assigned"));
        assertTrue(has(core.run(core.command.agentReturned(agent, 1)), "assigned 1.0"));
        core.run(core.command.drain(agent, true));
        assertFalse(has(core.run(core.command.submit(session())), "assigned"));
        assertTrue(has(core.run(core.command.drain(agent, false)), "assigned 2.0"));
        core.run(core.command.agentDisconnected(agent, 1));
        assertFalse(has(core.run(core.command.submit(session())), "assigned"));
    }

    @Test
    void shouldRejectUnknownAgentsAndNamesInUse()
    {
        assertTrue(has(core.run(core.command.drain(9, true)), "rejected UNKNOWN_AGENT entry 0 subject 9"));
        core.join(new AgentHello(1, 1000, 10).named("worker"));
        assertTrue(has(core.run(core.command.agentConnected(new AgentHello(2, 1000, 10).named("worker"))),
            "rejected NAME_IN_USE entry 0 subject 1"));
        core.run(core.command.agentDisconnected(1, 1));
        assertTrue(has(connect(new AgentHello(2, 1000, 10).named("worker")), "attached 2"));
        assertTrue(has(core.run(core.command.agentConnected(new AgentHello(3, 1000, 10).in("none"))),
            "rejected UNKNOWN_GROUP"));
    }

    @Test
    void shouldBoundSlotsAndDevices()
    {
        assertTrue(has(core.run(core.command.agentConnected(new AgentHello(1, 1, 1).slot("cuda.device", 65))),
            "rejected OUT_OF_RANGE entry 0 subject 0 requested 65 limit 64 field cuda.device"));
        final AgentHello many = new AgentHello(1, 1, 1);
        for (int i = 0; i < 15; i++)
        {
            many.slot("slot" + i, 1);
        }
        assertTrue(has(core.run(core.command.agentConnected(many)), "rejected OUT_OF_RANGE entry 0 subject 0"));
        many.slots.remove("slot14");
        assertTrue(has(core.run(core.command.agentConnected(many)), "slot-defined"));
        assertEquals(16, core.core().state().slots.count());
    }

    @Test
    void shouldFollowCapacityThatChangesAtAReconnection()
    {
        final int agent = core.join(1, 4000, 1000);
        core.run(core.command.submit(session().cpu(3000), session().cpu(1000)));
        core.run(core.command.agentConnected(new AgentHello(1, 2000, 1000)));
        assertEquals(-2000, core.core().state().agents.free(agent, SlotTable.CPU));
        inventory(agent, 2, core.assignments.held(1 << 10, ReportKind.RUNNING),
            core.assignments.held(2 << 10, ReportKind.RUNNING));
        core.run(core.command.submit(session().cpu(1000)));
        assertFalse(has(core.report(2, ReportKind.EXITED), "assigned"));
        assertTrue(has(core.report(1, ReportKind.EXITED), "assigned 3.0"));
    }

    @Test
    void shouldFailOverOnlyWhatMayRestartWhenAnAgentIsLost()
    {
        core.join(1, 4000, 1000);
        core.run(core.command.submit(session(), session().restart(), session().restart().kernels(2)));
        core.join(2, 8000, 9000);
        core.report(1, ReportKind.RUNNING);
        core.report(2, ReportKind.RUNNING);
        final List<String> lost = core.run(core.command.agentLost(1, 1));
        assertFalse(has(lost, "session 1 "));
        assertTrue(has(lost, "session 2 PENDING UNDEFINED AGENT_LOST attempt 1"));
        assertTrue(has(lost, "session 3 PENDING UNDEFINED AGENT_LOST attempt 1"));
        assertTrue(has(lost, "assigned 2.0 agent 2"), "no failed start, so nothing to wait for");
        assertTrue(has(lost, "assigned 3.1 agent 2"));
        assertEquals(3000, core.core().state().agents.free(1, SlotTable.CPU), "session 1 still counts there");
    }

    @Test
    void shouldReleaseWhatIsHeldWhenTheLeaseOfALostAgentHasRunOut()
    {
        core.join(1, 4000, 1000);
        core.run(core.command.submit(session().restart(), session()));
        core.run(core.command.cancel(1, 2));
        core.pass(40 * SECOND_NS);
        assertEquals(2000, core.core().state().agents.free(1, SlotTable.CPU));
        assertTrue(has(core.run(core.command.agentLost(1, 1)), "released 1.0"));
        assertEquals(3000, core.core().state().agents.free(1, SlotTable.CPU));
    }

    @Test
    void shouldRepeatAssignmentsThatWereNotStoredAndMissThoseThatWere()
    {
        final int agent = core.join(1, 9000, 9000);
        core.run(core.command.submit(session(), session(), session(), session().restart()));
        core.report(3, ReportKind.RUNNING);
        core.report(4, ReportKind.RUNNING);
        core.run(core.command.submit(session()));
        core.run(core.command.agentConnected(new AgentHello(1, 9000, 9000)));
        final List<String> events = inventory(agent, 4, core.assignments.held(2 << 10, ReportKind.PREPARING));
        assertTrue(has(events, "kernel 1.0 ERROR KERNEL_MISSING"));
        assertTrue(has(events, "session 1 PENDING UNDEFINED KERNEL_MISSING"));
        assertTrue(has(events, "session 2 PREPARING"));
        assertTrue(has(events, "session 3 ERROR FAILURE KERNEL_MISSING"));
        assertTrue(has(events, "session 4 PENDING UNDEFINED KERNEL_MISSING"));
        assertTrue(has(events, "repeated 5.0"));
        assertTrue(has(events, "agent 1 connected reconciled ALIVE"));
    }

    @Test
    void shouldNotRepeatWhatHasBegunToAnAgentThatHasForgottenIt()
    {
        final int agent = core.join(1, 9000, 9000);
        core.run(core.command.submit(session(), session(), session().restart()));
        core.report(2, ReportKind.RUNNING);
        core.report(3, ReportKind.PREPARING);
        core.run(core.command.agentConnected(new AgentHello(1, 9000, 9000)));
        final List<String> events = inventory(agent, 0);
        assertTrue(has(events, "repeated 1.0"));
        assertTrue(has(events, "session 2 ERROR FAILURE KERNEL_MISSING"));
        assertTrue(has(events, "session 3 PENDING UNDEFINED KERNEL_MISSING"));
    }

    @Test
    void shouldNotLetAnAgentStartAgainWhatItHasForgottenToHaveStarted()
    {
        final int agent = core.join(1, 9000, 9000);
        core.run(core.command.submit(session(), session(), session().restart(), session()));
        core.report(2, ReportKind.RUNNING);
        core.report(3, ReportKind.RUNNING);
        core.report(4, ReportKind.PREPARING);
        core.run(core.command.agentConnected(new AgentHello(1, 9000, 9000)));
        final List<String> events = inventory(
            agent,
            4,
            core.assignments.held(1 << 10, ReportKind.ACKNOWLEDGED),
            core.assignments.held(2 << 10, ReportKind.ACKNOWLEDGED),
            core.assignments.held(3 << 10, ReportKind.ACKNOWLEDGED),
            core.assignments.held(4 << 10, ReportKind.ACKNOWLEDGED));
        assertFalse(has(events, "kill 1.0"), "it may start");
        assertTrue(has(events, "kill 2.0 agent 1 KERNEL_MISSING"));
        assertTrue(has(events, "kill 3.0 agent 1 KERNEL_MISSING"));
        assertTrue(has(events, "kill 4.0 agent 1 KERNEL_MISSING"));
        assertFalse(has(events, "PENDING"), "nothing is proven gone yet");

        assertTrue(has(neverStarted(2), "session 2 ERROR FAILURE KERNEL_MISSING"), "it has run");
        assertTrue(has(neverStarted(3), "session 3 PENDING UNDEFINED KERNEL_MISSING"));
        assertTrue(has(neverStarted(4), "session 4 PENDING UNDEFINED KERNEL_MISSING"), "nobody saw it run");
    }

    private List<String> neverStarted(final long sessionId)
    {
        return core.report(sessionId, 0, ReportKind.FAILED, Reason.NEVER_STARTED, -1);
    }

    @Test
    void shouldTakeEndsFromTheInventory()
    {
        final int agent = core.join(1, 9000, 9000);
        core.run(core.command.submit(session(), session()));
        core.run(core.command.agentConnected(new AgentHello(1, 9000, 9000)));
        final HeldKernel done = core.assignments.held(1 << 10, ReportKind.EXITED);
        final HeldKernel failed = new HeldKernel(2 << 10, 1, CoreHarness.NONCE, 1, done.sequence(),
            Commands.CLUSTER_HI, Commands.CLUSTER_LO, ReportKind.EXITED, Reason.EXIT_CODE, 9);
        final List<String> events = inventory(agent, 2, done, failed);
        assertTrue(has(events, "session 1 TERMINATED SUCCESS COMPLETED"));
        assertTrue(has(events, "session 2 TERMINATED FAILURE EXIT_CODE attempt 1 exit 9"));
    }

    @Test
    void shouldRepeatKillsAfterAReconnection()
    {
        final int agent = core.join(1, 9000, 9000);
        core.run(core.command.submit(session(), session()));
        core.run(core.command.cancel(1, 2));
        core.run(core.command.agentConnected(new AgentHello(1, 9000, 9000)));
        final List<String> events = inventory(agent, 1, core.assignments.held(1 << 10, ReportKind.RUNNING));
        assertTrue(has(events, "kill 1.0 agent 1 USER_REQUESTED"));
        assertTrue(has(events, "kill 2.0 agent 1 USER_REQUESTED"), "never stored, so it must be fenced");
    }

    @Test
    void shouldKillOnlyUnknownKernelsThatOurOwnJournalOnceStarted()
    {
        final int agent = core.join(1, 9000, 9000);
        core.run(core.command.agentConnected(new AgentHello(1, 9000, 9000)));
        final long sequence = core.core().sequence();
        final HeldKernel ours = new HeldKernel(50 << 10, 1, CoreHarness.NONCE, 1, sequence,
            Commands.CLUSTER_HI, Commands.CLUSTER_LO, ReportKind.RUNNING, Reason.NONE, 0);
        final HeldKernel foreign = new HeldKernel(51 << 10, 1, CoreHarness.NONCE, 1, sequence,
            99, 98, ReportKind.RUNNING, Reason.NONE, 0);
        final HeldKernel otherReign = new HeldKernel(52 << 10, 1, 12345, 1, sequence,
            Commands.CLUSTER_HI, Commands.CLUSTER_LO, ReportKind.RUNNING, Reason.NONE, 0);
        final HeldKernel beyond = new HeldKernel(53 << 10, 1, CoreHarness.NONCE, 1, sequence + 1000,
            Commands.CLUSTER_HI, Commands.CLUSTER_LO, ReportKind.RUNNING, Reason.NONE, 0);
        final List<String> events = inventory(agent, 0, ours, foreign, otherReign, beyond);
        assertTrue(has(events, "kill 50.0 agent 1 SUPERSEDED"));
        assertTrue(has(events, "orphan 51.0"));
        assertTrue(has(events, "orphan 52.0"));
        assertTrue(has(events, "orphan 53.0"));
        assertFalse(has(events, "kill 51"));
    }

    @Test
    void shouldConcludeAnInventoryOfManyOverSeveralCommands()
    {
        final int agent = core.join(1, 3_000_000, 9_000_000);
        core.run(core.command.submit(session().arrayOf(2500)));
        core.run(core.command.agentConnected(new AgentHello(1, 3_000_000, 9_000_000)));
        core.continuing(false);
        final List<HeldKernel> held = new ArrayList<>();
        for (long id = 1; id <= 1000; id++)
        {
            held.add(core.assignments.held(id << 10, ReportKind.EXITED));
        }
        core.run(core.command.inventory(agent, 2, 0, false, 2500, held));
        final List<String> first = core.run(core.command.inventory(agent, 2, 1, true, 2500, List.of()));
        assertFalse(has(first, "agent 1 connected reconciled"));
        assertTrue(core.core().continueNeeded());
        core.restart();
        core.continuing(true);
        assertTrue(core.core().continueNeeded());
        assertTrue(has(core.run(core.command.goOn()), "agent 1 connected reconciled"));
        assertFalse(core.core().continueNeeded());
    }
}
