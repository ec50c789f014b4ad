package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.CancelReply;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.sbe.AssignDecoder;
import io.plimsoll.transport.sbe.LeaseGrantDecoder;
import io.plimsoll.transport.sbe.RefusalCode;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Agents that come, go, report and fall silent, over links in memory and with the real core. */
class AgentFlowTest
{
    private final ManagerBed bed = new ManagerBed().start();

    @AfterEach
    void shouldNotHaveFailed()
    {
        assertNull(bed.fatal);
    }

    private TestAgent stranger(final String name)
    {
        return new TestAgent(bed.links, bed.uplink, name);
    }

    @Test
    void shouldExchangeJoinTokenForCredential()
    {
        final TestAgent agent = bed.join("a");
        assertEquals(1, agent.agentId);
        assertEquals(1, agent.connection);
        assertEquals(1, agent.term);
        assertEquals("credential-of-" + agent.uuid(), agent.credential);
        assertTrue(bed.uplink.isAdmitted(agent.agentId, agent.reportKey));
        final AgentView view = bed.view().agent("a");
        assertTrue(view.connected());
        assertTrue(view.reconciled());
        assertEquals(Liveness.ALIVE, view.liveness());
        assertEquals(4_000L, view.capacity().get("cpu"));
        assertEquals("default", view.group());
        assertEquals(1, bed.stages.counters().value(Counter.AGENTS_JOINED));
    }

    @Test
    void shouldCarryLabelsAndMostKernelsOfAnAgent()
    {
        final TestAgent agent = stranger("a");
        agent.joinToken = ManagerBed.JOIN_TOKEN;
        agent.labels = "zone=z1\ncuda.model=A100 80G\n";
        agent.kernelsMax = 3;
        agent.connect();
        bed.run();
        final AgentView view = bed.view().agent("a");
        assertEquals(Map.of("zone", "z1", "cuda.model", "A100 80G"), view.labels());
        assertEquals(3, view.kernelsMax());
        assertEquals(-1, bed.join("b").kernelsMax);
    }

    @Test
    void shouldGiveSharesOfADeviceToSeveralKernels()
    {
        final TestAgent agent = stranger("a");
        agent.joinToken = ManagerBed.JOIN_TOKEN;
        agent.devices = 2;
        bed.attach(agent);
        final SessionRequest plain = ManagerBed.session("half", 1, 1, false);
        for (int i = 0; i < 2; i++)
        {
            bed.submit(new SessionRequest(
                plain.name(), plain.group(), plain.type(), plain.priority(), 1, 1, false, plain.cpuMillis(),
                plain.memoryBytes(), Map.of("cuda.shares", 400L), 0, plain.graceNs(), plain.onLoss(), List.of(),
                plain.spec(), SessionTerms.DEFAULTS));
        }
        agent.receive();
        assertEquals(List.of("cuda.shares DEVICE 1", "cuda.shares DEVICE 1"), agent.grants);
        final AgentView view = bed.view().agent("a");
        assertEquals(2_000L, view.capacity().get("cuda.shares"));
        assertEquals(800L, view.used().get("cuda.shares"));
        assertEquals(2L, view.capacity().get("cuda.device"));
    }

    @Test
    void shouldPlaceKernelsThatDifferWithoutConstraints()
    {
        final TestAgent agent = bed.join("a");
        final SessionRequest plain = ManagerBed.session("unlike", 1, 1, false);
        final List<SessionPart> parts = List.of(new SessionPart(2, 250, plain.memoryBytes(), Map.of()));
        bed.submit(new SessionRequest(
            plain.name(), plain.group(), plain.type(), plain.priority(), 1, 1, false, 500, plain.memoryBytes(),
            Map.of(), 0, plain.graceNs(), plain.onLoss(), List.of(), plain.spec(),
            new SessionTerms(0, 0, FailurePolicy.STRICT, false, List.of(), List.of(), parts)));
        agent.receive();
        assertEquals(3, bed.view().session(1).kernels().size());
        assertEquals(parts, bed.view().session(1).terms().parts());
        assertEquals(1_000L, bed.view().agent("a").used().get("cpu"));
    }

    @Test
    void shouldCountAgentsAsLostWhenTheirGroupSaysSo()
    {
        bed.join("a");
        bed.pass(47, TimeUnit.SECONDS);
        assertEquals(Liveness.SUSPECT, bed.view().agent("a").liveness());
        bed.stages.configuration().configureGroup(
            "default", options -> options.with(GroupOption.LOST_TIMEOUT, "46s"));
        bed.run();
        bed.pass(1, TimeUnit.SECONDS);
        assertEquals(Liveness.LOST, bed.view().agent("a").liveness());
    }

    @Test
    void shouldRefuseLabelsThatMakeNoSense()
    {
        for (final String labels : List.of("zone", "zone=", "=z1", "zone=a|b", "zone=a\nzone=b", "k=" + "v".repeat(65)))
        {
            final TestAgent agent = stranger("a");
            agent.joinToken = ManagerBed.JOIN_TOKEN;
            agent.labels = labels;
            agent.connect();
            bed.run();
            agent.receive();
            assertEquals(RefusalCode.BAD_REQUEST, agent.refused, labels);
        }
    }

    @Test
    void shouldWelcomeAgentThatKnowsNoLabels()
    {
        final TestAgent agent = stranger("a");
        agent.joinToken = ManagerBed.JOIN_TOKEN;
        agent.connectAsOfVersion2();
        bed.run();
        assertTrue(bed.view().agent("a").connected());
        assertEquals(-1, bed.view().agent("a").kernelsMax());
        assertEquals(Map.of(), bed.view().agent("a").labels());
    }

    @Test
    void shouldRefuseWrongToken()
    {
        final TestAgent agent = stranger("a");
        agent.joinToken = "tokenid.wrong";
        agent.connect();
        bed.run();
        agent.receive();
        assertEquals(RefusalCode.BAD_CREDENTIAL, agent.refused);
        assertFalse(bed.links.isOpen(agent.linkId));
        assertNull(bed.view().agent("a"));
    }

    @Test
    void shouldRefuseWrongCredential()
    {
        final TestAgent agent = stranger("a");
        agent.credential = "credential-of-somebody";
        agent.connect();
        bed.run();
        agent.receive();
        assertEquals(RefusalCode.BAD_CREDENTIAL, agent.refused);
    }

    @Test
    void shouldRefuseOtherProtocol()
    {
        final TestAgent agent = stranger("a");
        agent.joinToken = ManagerBed.JOIN_TOKEN;
        agent.protocolVersion = 2;
        agent.connect();
        bed.run();
        agent.receive();
        assertEquals(RefusalCode.UNSUPPORTED_PROTOCOL, agent.refused);
    }

    @Test
    void shouldRefuseNameInUse()
    {
        bed.join("a");
        final TestAgent other = new TestAgent(bed.links, bed.uplink, "a")
        {
            @Override
            public UUID uuid()
            {
                return new UUID(5, 5);
            }
        };
        other.joinToken = ManagerBed.JOIN_TOKEN;
        other.connect();
        bed.run();
        other.receive();
        assertEquals(RefusalCode.NAME_IN_USE, other.refused);
        bed.run();
        assertFalse(bed.links.isOpen(other.linkId));
        assertTrue(bed.view().agent("a").connected());
    }

    @Test
    void shouldCloseLinkWithoutHello()
    {
        final long linkId = bed.links.open();
        bed.run();
        bed.pass(14, TimeUnit.SECONDS);
        assertTrue(bed.links.isOpen(linkId));
        bed.pass(2, TimeUnit.SECONDS);
        assertEquals("no Hello in time", bed.links.closeReason(linkId));
    }

    /** Those before it say Hello or go, so that it is not the first that is looked at. */
    @Test
    void shouldCloseLinkWithoutHelloAmongOthersThatCameAndWent()
    {
        final TestAgent one = bed.join("a");
        bed.links.drop(bed.links.open());
        final long linkId = bed.links.open();
        bed.run();
        bed.pass(3, TimeUnit.SECONDS);
        final TestAgent other = bed.join("b");
        final long laterId = bed.links.open();
        bed.run();
        bed.pass(11, TimeUnit.SECONDS);
        assertTrue(bed.links.isOpen(linkId));
        bed.pass(2, TimeUnit.SECONDS);
        assertEquals("no Hello in time", bed.links.closeReason(linkId));
        assertTrue(bed.links.isOpen(laterId));
        assertNull(bed.links.closeReason(one.linkId));
        assertNull(bed.links.closeReason(other.linkId));
        bed.pass(3, TimeUnit.SECONDS);
        assertEquals("no Hello in time", bed.links.closeReason(laterId));
    }

    @Test
    void shouldReconnectWithCredentialAndGetRepeatedWhatItHadNotStored()
    {
        final TestAgent agent = bed.join("a");
        bed.links.drop(agent.linkId);
        bed.run();
        bed.submit(ManagerBed.session("s", 1, 1, false));
        assertFalse(bed.view().agent("a").connected());
        assertEquals(LifeState.PENDING, bed.view().session(1).state());

        agent.connect();
        bed.run();
        agent.receive();
        assertEquals(2, agent.connection);
        agent.inventory(0, ReportKind.RUNNING);
        bed.run();
        agent.receive();
        assertEquals(1, agent.assigned.size());

        // The link breaks with the assignment on it.
        agent.assigned.clear();
        bed.links.drop(agent.linkId);
        bed.run();
        bed.attach(agent);
        assertEquals(1, agent.assigned.size(), "it is sent again, because the inventory does not name it");
        assertEquals(LifeState.SCHEDULED, bed.view().session(1).state());
    }

    @Test
    void shouldSupersedeOlderLinkOfSameAgent()
    {
        final TestAgent agent = bed.join("a");
        final long olderLinkId = agent.linkId;
        bed.attach(agent);
        assertNotEquals(olderLinkId, agent.linkId);
        assertFalse(bed.links.isOpen(olderLinkId));
        bed.run();
        assertTrue(bed.view().agent("a").connected(), "the end of the older link does not touch the newer");
        assertEquals(2, bed.view().agent("a").connection());
        assertTrue(bed.uplink.isAdmitted(1, 2));
        assertEquals(1, bed.stages.counters().value(Counter.LINKS_SUPERSEDED));
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.receive();
        assertEquals(1, agent.assigned.size());
    }

    @Test
    void shouldAcknowledgeReportsOnlyWhenJournalled()
    {
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.receive();
        agent.report(agent.assigned.get(0), ReportKind.ACKNOWLEDGED, ReportReason.NONE, -1);
        bed.journal.failCommits();
        bed.run();
        agent.receive();
        assertEquals(0, agent.ackedReportNo);
        assertEquals(74, bed.fatalCode);
        assertTrue(bed.fatal.getMessage().contains("the disk is gone"));
        bed.fatal = null;
        assertEquals(LifeState.SCHEDULED, bed.view().session(1).state());
    }

    @Test
    void shouldTakeRedeliveredReportsOnce()
    {
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.receive();
        final TestAgent.Assigned kernel = agent.assigned.get(0);
        agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
        agent.report(kernel, ReportKind.EXITED, ReportReason.COMPLETED, 0);
        bed.run();
        // The acknowledgement was lost with the link: all is reported again on the next connection.
        bed.links.drop(agent.linkId);
        bed.run();
        agent.connect();
        bed.run();
        agent.receive();
        agent.inventory(kernel.assignmentNo(), ReportKind.EXITED, kernel);
        agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
        agent.report(kernel, ReportKind.EXITED, ReportReason.COMPLETED, 0);
        bed.run();
        agent.receive();
        assertEquals(2, agent.ackedReportNo);
        assertEquals(LifeState.TERMINATED, bed.view().session(1).state());
        assertEquals(1L, bed.view().counts().get(LifeState.TERMINATED));
    }

    @Test
    void shouldGrantLeaseOnlyBehindWhatReconciliationSends()
    {
        final TestAgent agent = bed.join("a");
        assertEquals(1, agent.grantedHeartbeatNo);
        bed.links.drop(agent.linkId);
        bed.run();
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.frameOrder.clear();
        agent.connect();
        bed.run();
        agent.receive();
        agent.heartbeat();
        bed.run();
        agent.receive();
        assertEquals(0, agent.grantedHeartbeatNo, "not reconciled yet");
        agent.inventory(0, ReportKind.RUNNING);
        bed.run();
        agent.receive();
        assertEquals(1, agent.grantedHeartbeatNo);
        assertTrue(
            agent.frameOrder.indexOf(AssignDecoder.TEMPLATE_ID) <
                agent.frameOrder.indexOf(LeaseGrantDecoder.TEMPLATE_ID),
            agent.frameOrder.toString());
    }

    @Test
    void shouldSuspectLoseAndTakeBack()
    {
        final TestAgent silent = bed.join("silent");
        final TestAgent lively = bed.join("lively");
        bed.pass(4, TimeUnit.SECONDS, lively);
        assertEquals(Liveness.SUSPECT, bed.view().agent("silent").liveness());
        bed.pass(60, TimeUnit.SECONDS, lively);
        assertEquals(Liveness.LOST, bed.view().agent("silent").liveness());
        assertEquals(Liveness.ALIVE, bed.view().agent("lively").liveness());
        bed.pass(1, TimeUnit.SECONDS, lively, silent);
        assertEquals(Liveness.ALIVE, bed.view().agent("silent").liveness());
        silent.receive();
        assertEquals(silent.heartbeatNo, silent.grantedHeartbeatNo);
    }

    @Test
    void shouldTrackAgentsThatDoNotComeBackAfterRestart()
    {
        bed.join("a");
        bed.start();
        assertFalse(bed.view().agent("a").connected());
        bed.pass(61, TimeUnit.SECONDS);
        assertEquals(Liveness.LOST, bed.view().agent("a").liveness());
    }

    @Test
    void shouldCloseLinkWhoseOutboxOverflowsAndServeItFromStateAfterwards()
    {
        final TestAgent agent = bed.join("a");
        bed.links.outboxMax(2);
        bed.submit(ManagerBed.session("s", 1, 4, true));
        assertEquals("outbox overflow", bed.links.closeReason(agent.linkId));
        bed.links.outboxMax(Integer.MAX_VALUE);
        bed.run();
        agent.assigned.clear();
        bed.attach(agent);
        assertEquals(4, agent.assigned.size());
    }

    @Test
    void shouldTellKillOfCancelledSession()
    {
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.receive();
        final TestAgent.Assigned kernel = agent.assigned.get(0);
        agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        final CompletableFuture<CancelReply> cancelled =
            bed.stages.control().cancel(List.of(new IdRange(1, 1)));
        bed.run();
        assertEquals(1, cancelled.join().cancelled());
        agent.receive();
        assertEquals(List.of(kernel.kernelId()), agent.killed);
        assertEquals(LifeState.TERMINATING, bed.view().session(1).state());
        agent.report(kernel, ReportKind.EXITED, ReportReason.USER_REQUESTED, 143);
        bed.run();
        assertEquals(LifeState.TERMINATED, bed.view().session(1).state());
    }

    @Test
    void shouldNameAllHostsOfGang()
    {
        final TestAgent a = bed.join("a");
        final TestAgent b = bed.join("b");
        bed.submit(ManagerBed.session("gang", 6, 1, false));
        a.receive();
        b.receive();
        assertEquals(6, a.assigned.size() + b.assigned.size());
        for (final TestAgent.Assigned kernel : a.assigned)
        {
            assertEquals(6, kernel.hosts().size());
            assertEquals("a", kernel.hosts().get((int)kernel.kernelId() & 1023));
        }
        for (final TestAgent.Assigned kernel : b.assigned)
        {
            assertEquals("b", kernel.hosts().get((int)kernel.kernelId() & 1023));
        }
    }

    /** Only to those who are in it: to all others, the kernels in it are where their hosts are. */
    @Test
    void shouldTellWhoIsInTheSameNetworkOfContainers()
    {
        final List<TestAgent> agents = new ArrayList<>();
        for (final String[] agent : new String[][]{{"a", "ov"}, {"b", "ov"}, {"c", "other"}, {"d", ""}})
        {
            final TestAgent joined = new TestAgent(bed.links, bed.uplink, agent[0]);
            joined.joinToken = ManagerBed.JOIN_TOKEN;
            joined.labels = "address=" + agent[0] + ".example\n" +
                (agent[1].isEmpty() ? "" : "container.network=" + agent[1] + "\n");
            bed.attach(joined);
            agents.add(joined);
        }
        bed.submit(ManagerBed.session("gang", 16, 1, false));
        final Map<String, String> networks = Map.of("a", "ov", "b", "ov", "c", "other", "d", "");
        for (final TestAgent agent : agents)
        {
            agent.receive();
            final TestAgent.Assigned first = agent.assigned.get(0);
            final String own = first.hosts().get((int)first.kernelId() & 1023);
            assertEquals(
                String.join(",", first.hosts().stream().map(host -> host + ".example" +
                    (!networks.get(own).isEmpty() && networks.get(own).equals(networks.get(host)) ? "@" : ""))
                    .toList()),
                agent.addresses.get(0));
        }
    }

    @Test
    void shouldTellWhereTheHostsOfAGangAre()
    {
        bed.links.peer = "/10.0.0.7:41234";
        final TestAgent a = bed.join("a");
        bed.links.peer = "/127.0.0.1:41235";
        final TestAgent b = bed.join("b");
        final TestAgent c = new TestAgent(bed.links, bed.uplink, "c");
        c.joinToken = ManagerBed.JOIN_TOKEN;
        c.labels = "address=worker-7.example\n";
        bed.attach(c);
        bed.submit(ManagerBed.session("gang", 12, 1, false));
        final Map<String, String> known = Map.of("a", "10.0.0.7", "b", "", "c", "worker-7.example");
        for (final TestAgent agent : List.of(a, b, c))
        {
            agent.receive();
            assertEquals(4, agent.addresses.size());
            assertEquals(
                String.join(",", agent.assigned.get(0).hosts().stream().map(known::get).toList()),
                agent.addresses.get(0));
        }
    }

    @Test
    void shouldTellKernelsWhereThePortsOfTheOthersAre()
    {
        final TestAgent a = bed.join("a");
        final TestAgent b = bed.join("b");
        bed.submit(ManagerBed.session("gang", 6, 1, false));
        a.receive();
        b.receive();
        final TestAgent.Assigned first = a.assigned.get(0);
        final TestAgent.Assigned second = b.assigned.get(0);
        final long firstIndex = first.kernelId() & 1023;
        final long secondIndex = second.kernelId() & 1023;
        run(a, first, "80=30000");
        a.receive();
        assertEquals(List.of(), a.peerPorts);
        run(b, second, "80=30001,81=x");
        a.receive();
        b.receive();
        assertEquals(List.of(first.kernelId() + " attempt 1: " + secondIndex + " at 80=30001"), a.peerPorts);
        assertEquals(List.of(second.kernelId() + " attempt 1: " + firstIndex + " at 80=30000"), b.peerPorts);
        // With every connection agents report what runs.
        b.peerPorts.clear();
        bed.links.drop(b.linkId);
        bed.run();
        bed.attach(b, b.assigned.toArray(TestAgent.Assigned[]::new));
        run(b, second, "80=30001");
        b.receive();
        assertTrue(
            b.peerPorts.contains(second.kernelId() + " attempt 1: " + firstIndex + " at 80=30000"),
            b.peerPorts.toString());
    }

    @Test
    void shouldNotMindAgentsThatReportWhatWasNeverPlaced()
    {
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("full", 4, 1, false));
        bed.submit(ManagerBed.session("waits", 4, 1, false));
        agent.receive();
        final TestAgent.Assigned first = agent.assigned.get(0);
        for (final long kernelId : new long[]{2 << 10, 2 << 10 | 3, 2 << 10 | 900, 1 << 10 | 900, 99 << 10})
        {
            run(agent, new TestAgent.Assigned(
                kernelId, 9, first.sequence(), first.term(), 1, -1, List.of(), ""), "80=30000");
        }
        agent.receive();
        assertEquals(List.of(), agent.peerPorts);
        assertNull(bed.fatal);
    }

    private void run(final TestAgent agent, final TestAgent.Assigned kernel, final String ports)
    {
        agent.detail = ContainerSpec.PORTS_DETAIL + ports;
        agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
    }

    @Test
    void shouldTellNoAddressesToOneAlone()
    {
        bed.links.peer = "/10.0.0.7:41234";
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("alone", 1, 1, false));
        agent.receive();
        assertEquals(List.of(""), agent.addresses);
    }

    @Test
    void shouldDiscardFilesOfForgottenSessions()
    {
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.receive();
        final TestAgent.Assigned kernel = agent.assigned.get(0);
        agent.report(kernel, ReportKind.EXITED, ReportReason.COMPLETED, 0);
        bed.run();
        bed.pass(601, TimeUnit.SECONDS, agent);
        assertNull(bed.view().session(1));
        agent.receive();
        assertEquals(List.of(kernel.kernelId()), agent.discarded);

        // It had been told, but had no time to do it.
        agent.discarded.clear();
        bed.links.drop(agent.linkId);
        bed.run();
        agent.connect();
        bed.run();
        agent.receive();
        agent.inventory(kernel.assignmentNo(), ReportKind.EXITED, kernel);
        bed.run();
        agent.receive();
        assertEquals(List.of(kernel.kernelId()), agent.discarded);
    }

    @Test
    void shouldPlaceNothingWhenAnAgentHasSeenMoreUntilAnOperatorAccepts()
    {
        final TestAgent other = bed.join("other");
        final TestAgent agent = bed.join("a");
        bed.links.drop(agent.linkId);
        bed.run();
        agent.seenSequence += 1_000;
        bed.attach(agent);
        assertTrue(bed.view().lostTail());
        assertFalse(bed.stages.health(null).ready());
        assertTrue(agent.grantedHeartbeatNo > 0, "what it runs under a lease must go on");
        final long heartbeatNo = other.heartbeatNo;
        bed.pass(9, TimeUnit.SECONDS, other, agent);
        other.receive();
        assertTrue(other.grantedHeartbeatNo > heartbeatNo);
        final CompletableFuture<?> refused = bed.offer(ManagerBed.session("s", 1, 1, false));
        bed.run();
        assertTrue(refused.isCompletedExceptionally());

        final CompletableFuture<Void> accepted = bed.stages.control().acceptLoss();
        bed.run();
        accepted.join();
        assertFalse(bed.view().lostTail());
        assertFalse(bed.links.isOpen(agent.linkId), "everyone has to learn the new term");
        assertFalse(bed.links.isOpen(other.linkId));
        bed.attach(agent);
        bed.attach(other);
        assertEquals(2, agent.term);
        assertTrue(bed.view().agent("a").reconciled());
        final long id = bed.submit(ManagerBed.session("s", 1, 1, false)).firstId();
        assertTrue(id > 1_000, "ids that the lost tail may have given away are skipped: " + id);
        assertEquals(LifeState.SCHEDULED, bed.view().session(id).state());
        bed.start();
        assertEquals(3, bed.view().terms().current().term());
        assertFalse(bed.view().lostTail());
    }

    @Test
    void shouldDrainAndResume()
    {
        final TestAgent agent = bed.join("a");
        final CompletableFuture<AgentView> drained = bed.stages.control().drain(agent.agentId, true);
        bed.run();
        assertTrue(drained.join().drained());
        bed.submit(ManagerBed.session("s", 1, 1, false));
        assertEquals(LifeState.PENDING, bed.view().session(1).state());
        final CompletableFuture<AgentView> resumed = bed.stages.control().drain(agent.agentId, false);
        bed.run();
        assertFalse(resumed.join().drained());
        assertEquals(LifeState.SCHEDULED, bed.view().session(1).state());
    }
}
