package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.transport.sbe.RefusalCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AgentProtocolTest
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final AgentHarness harness = new AgentHarness();
    private final TestManager manager = harness.manager;

    @Test
    void shouldJoinByTokenOnceAndThenComeByCredential()
    {
        harness.active();
        assertEquals("id.secret", manager.hellos.get(0).token());
        assertEquals("", manager.hellos.get(0).credential());
        assertEquals("node-1", manager.hellos.get(0).name());
        assertEquals("zone=z1\n", manager.hellos.get(0).labels());
        assertEquals(7, manager.hellos.get(0).kernelsMax());

        manager.closeLink();
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        assertEquals(AgentState.ACTIVE, harness.state());
        assertEquals("", manager.hellos.get(1).token());
        assertEquals("credential-1", manager.hellos.get(1).credential());
        assertEquals(1, manager.hellos.get(1).seenTerm());
        assertEquals(Assignments.CLUSTER_HI, manager.hellos.get(1).clusterHi());
    }

    @Test
    void shouldSendInventoryBeforeItIsActiveThoughItHoldsNothing()
    {
        harness.active();
        assertEquals(1, manager.inventory.size());
        assertTrue(manager.inventory.get(0).last());
        assertEquals(0, manager.inventory.get(0).highestAssignment());
    }

    @Test
    void shouldSaveTermBeforeItFollows()
    {
        manager.welcomes = false;
        harness.start().step();
        assertEquals(AgentState.HELLO_SENT, harness.state());
        assertEquals(0, harness.saves);
        manager.welcome();
        harness.step(1);
        assertEquals(1, harness.saves);
    }

    @Test
    void shouldBackOffWhileNobodyListens()
    {
        harness.start();
        harness.client.reachable(false);
        harness.pass(60 * SECOND_NS, 10 * AgentHarness.STEP_NS);
        assertEquals(0, manager.hellos.size());
        assertFalse(harness.agent.status().trouble().isEmpty());

        harness.client.reachable(true);
        harness.pass(6 * SECOND_NS, 10 * AgentHarness.STEP_NS);
        assertEquals(AgentState.ACTIVE, harness.state());
        assertEquals("", harness.agent.status().trouble());
    }

    @Test
    void shouldGiveUpOnManagerThatDoesNotAnswerHello()
    {
        manager.welcomes = false;
        harness.start().step();
        harness.pass(9 * SECOND_NS, 100 * AgentHarness.STEP_NS);
        assertEquals(AgentState.HELLO_SENT, harness.state());
        manager.welcomes = true;
        harness.pass(6 * SECOND_NS, 100 * AgentHarness.STEP_NS);
        assertEquals(AgentState.ACTIVE, harness.state());
        assertEquals(2, manager.hellos.size());
    }

    @Test
    void shouldGiveUpOnManagerThatFallsSilent()
    {
        harness.active();
        manager.grants = false;
        harness.pass(TestManager.GRANT_INTERVAL_NS + 4 * SECOND_NS, 100 * AgentHarness.STEP_NS);
        assertEquals(AgentState.ACTIVE, harness.state());
        harness.pass(2 * SECOND_NS, 100 * AgentHarness.STEP_NS);
        assertEquals(2, manager.hellos.size());
    }

    /** What the manager said meanwhile may still be on its way to whoever was stopped. */
    @Test
    void shouldNotTakeItsOwnPauseForSilence()
    {
        harness.active();
        manager.grants = false;
        for (int i = 0; i < 5; i++)
        {
            harness.pass(TestManager.GRANT_INTERVAL_NS, TestManager.GRANT_INTERVAL_NS);
        }
        harness.pass(3 * SECOND_NS, 100 * AgentHarness.STEP_NS);
        assertEquals(AgentState.ACTIVE, harness.state());
        assertEquals(1, manager.hellos.size());
        harness.pass(TestManager.GRANT_INTERVAL_NS, 100 * AgentHarness.STEP_NS);
        assertEquals(2, manager.hellos.size());
    }

    @Test
    void shouldConnectAnewWhenItHasLessToOffer()
    {
        harness.active();
        harness.agent.offer(new Offer(
            List.of(new Capacity("cpu", false, 2000), new Capacity("cuda.device", true, 1)),
            Map.of("zone", "z1", "cuda.failed", "cuda1"),
            List.of("cuda1"),
            new byte[0]));
        harness.pass(6 * SECOND_NS, 10 * AgentHarness.STEP_NS);
        assertEquals(AgentState.ACTIVE, harness.state());
        assertEquals(2, manager.hellos.size());
        assertEquals(List.of("cuda1"), harness.runtime.out);
        assertEquals("cuda.device=2", manager.hellos.get(0).slots().get(1));
        assertEquals("cuda.device=1", manager.hellos.get(1).slots().get(1));
        assertTrue(manager.hellos.get(1).labels().contains("cuda.failed=cuda1"), manager.hellos.get(1).labels());
        harness.pass(6 * SECOND_NS, 10 * AgentHarness.STEP_NS);
        assertEquals(2, manager.hellos.size());
    }

    @Test
    void shouldStayAwayAsLongAsItIsTold()
    {
        manager.welcomes = false;
        harness.start().step();
        manager.refuse(RefusalCode.BUSY, 20 * SECOND_NS);
        harness.pass(19 * SECOND_NS, 100 * AgentHarness.STEP_NS);
        assertEquals(1, manager.hellos.size());
        assertTrue(harness.agent.status().trouble().contains("BUSY: because"));
        assertFalse(harness.agent.status().hopeless());
        manager.welcomes = true;
        harness.pass(2 * SECOND_NS, 100 * AgentHarness.STEP_NS);
        assertEquals(AgentState.ACTIVE, harness.state());
    }

    @Test
    void shouldSayThatTryingAgainIsNoUse()
    {
        manager.welcomes = false;
        harness.start().step();
        manager.refuse(RefusalCode.BAD_CREDENTIAL, 0);
        harness.step();
        assertTrue(harness.agent.status().hopeless());
        assertTrue(harness.agent.status().trouble().contains("BAD_CREDENTIAL: because"));
    }

    @Test
    void shouldJoinAnewByTokenWhenCredentialIsRefused()
    {
        harness.active();
        manager.closeLink();
        manager.welcomes = false;
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        manager.refuse(RefusalCode.BAD_CREDENTIAL, 0);
        manager.welcomes = true;
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        assertEquals("id.secret", manager.hellos.get(2).token());
        assertEquals(AgentState.ACTIVE, harness.state());
    }

    @Test
    void shouldRefuseOlderTermOfTheSameCluster()
    {
        manager.term = 5;
        harness.active();
        manager.closeLink();
        manager.term = 4;
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        assertEquals(AgentState.DISCONNECTED, harness.state());
        assertTrue(harness.agent.status().trouble().contains("term 4"), harness.agent.status().trouble());

        manager.term = 6;
        harness.pass(20 * SECOND_NS, 10 * AgentHarness.STEP_NS);
        assertEquals(AgentState.ACTIVE, harness.state());
    }

    @Test
    void shouldRefuseRivalOfTheSameTerm()
    {
        harness.active();
        manager.closeLink();
        manager.termNonce++;
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        assertEquals(AgentState.DISCONNECTED, harness.state());
    }

    @Test
    void shouldRefuseOlderTermAfterRestart()
    {
        manager.term = 5;
        harness.active().start();
        manager.term = 4;
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        assertEquals(AgentState.DISCONNECTED, harness.state());
        assertEquals(5, manager.hellos.get(1).seenTerm());
    }

    @Test
    void shouldFollowAnotherClusterAndRememberTheFirst()
    {
        manager.term = 5;
        harness.active();
        manager.closeLink();
        manager.clusterHi = 1;
        manager.term = 1;
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        assertEquals(AgentState.ACTIVE, harness.state());

        manager.closeLink();
        manager.clusterHi = Assignments.CLUSTER_HI;
        manager.term = 4;
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        assertEquals(AgentState.DISCONNECTED, harness.state());
    }

    @Test
    void shouldDropLinkThatSendsBrokenMessages()
    {
        harness.active();
        manager.sendBroken(new byte[]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
        harness.step(2);
        assertEquals(AgentState.DISCONNECTED, harness.state());
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);

        // A message of the right schema that claims more than it has.
        manager.sendBroken(new byte[]{109, 0, 12, 0, (byte)0xbe, 2, 1, 0, 1, 1, 1, 1});
        harness.step(2);
        assertEquals(AgentState.DISCONNECTED, harness.state());
        harness.pass(SECOND_NS, AgentHarness.STEP_NS);
        assertEquals(AgentState.ACTIVE, harness.state());
    }

    @Test
    void shouldConnectAnewWhenUplinkBreaks()
    {
        harness.active();
        harness.uplinks.sendersOf(TestManager.AGENT_ID).get(0).sever();
        harness.pass(3 * SECOND_NS, 10 * AgentHarness.STEP_NS);
        assertEquals(AgentState.ACTIVE, harness.state());
        assertEquals(2, manager.hellos.size());
    }

    @Test
    void shouldNoticeThatUplinkBrokeBehindItsLastReport()
    {
        manager.acks = false;
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
        assertFalse(manager.reports.isEmpty());
        harness.uplinks.sendersOf(TestManager.AGENT_ID).get(0).sever();
        // Long before the next heartbeat, which may have a stream of its own that stands.
        harness.step(2);
        assertEquals(AgentState.DISCONNECTED, harness.state());
        manager.acks = true;
        harness.pass(3 * SECOND_NS, 10 * AgentHarness.STEP_NS);
        assertEquals(AgentState.ACTIVE, harness.state());
        assertTrue(manager.reports.stream().anyMatch(report -> 2 == report.connection()));
    }

    @Test
    void shouldBeatOnceInEachInterval()
    {
        harness.active();
        harness.pass(10 * SECOND_NS, 10 * AgentHarness.STEP_NS);
        // The second comes when it is this agent's turn, from then on one each interval.
        assertEquals(11.5, manager.heartbeats.size(), 1.5);
        assertEquals(1L, manager.heartbeats.get(0));
        assertEquals(2L, manager.heartbeats.get(1));
    }

    @Test
    void shouldCountLeaseFromWhenHeartbeatWasSent()
    {
        manager.grants = false;
        harness.active();
        final long sentNs = harness.clock.nanoTime() - harness.clock.nanoTime() % SECOND_NS;
        harness.pass(3 * SECOND_NS, 10 * AgentHarness.STEP_NS);
        final long lastNo = manager.heartbeats.size();
        manager.grant(1, TestManager.LEASE_NS);
        harness.step(1);
        assertTrue(harness.leases.get(Assignments.CLUSTER_HI) < sentNs + TestManager.LEASE_NS + SECOND_NS);
        manager.grant(2, TestManager.LEASE_NS);
        harness.step(1);
        final long secondUntilNs = harness.leases.get(Assignments.CLUSTER_HI);
        assertTrue(secondUntilNs <= sentNs + TestManager.LEASE_NS + 2 * SECOND_NS);
        manager.grant(lastNo, TestManager.LEASE_NS);
        harness.step(1);
        assertEquals(
            secondUntilNs + (lastNo - 2) * SECOND_NS, harness.leases.get(Assignments.CLUSTER_HI),
            100 * AgentHarness.STEP_NS);

        // Neither one that was not sent, nor one of before, changes anything.
        final long untilNs = harness.leases.get(Assignments.CLUSTER_HI);
        manager.grant(lastNo + 100, TestManager.LEASE_NS);
        manager.grant(1, TestManager.LEASE_NS);
        harness.step(1);
        assertEquals(untilNs, harness.leases.get(Assignments.CLUSTER_HI));
    }

    @Test
    void shouldCloseLinkWhenClosed()
    {
        harness.active();
        harness.agent.onClose();
        manager.poll();
        assertEquals(1, manager.closes.size());
        assertEquals(AgentState.CLOSED, harness.state());
    }
}
