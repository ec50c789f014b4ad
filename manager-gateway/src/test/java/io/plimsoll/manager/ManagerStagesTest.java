package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.CommandRejectedException;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ManagerStagesTest
{
    private final ManagerBed bed = new ManagerBed().start();

    @Test
    void shouldBeginWithTermAndDefaultGroup()
    {
        assertTrue(bed.stages.hasBegun());
        assertEquals(1, bed.view().terms().current().term());
        assertTrue(bed.view().groups().contains("default"));
        assertTrue(bed.stages.health(null).ready(), bed.stages.health(null).toString());
    }

    @Test
    void shouldRunSessionFromSubmissionToEnd()
    {
        final TestAgent agent = bed.join("a");
        final SubmitReply reply = bed.submit(ManagerBed.session("one", 1, 1, false));
        assertEquals(1, reply.firstId());
        agent.receive();
        assertEquals(1, agent.assigned.size());
        final TestAgent.Assigned kernel = agent.assigned.get(0);
        assertTrue(kernel.spec().contains("true"), kernel.spec());
        assertEquals(LifeState.SCHEDULED, bed.view().session(1).state());
        final CompletableFuture<SessionView> ended = bed.view().whenEnded(1);
        assertFalse(ended.isDone());

        agent.report(kernel, ReportKind.ACKNOWLEDGED, ReportReason.NONE, -1);
        agent.report(kernel, ReportKind.PREPARING, ReportReason.NONE, -1);
        agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        agent.receive();
        assertEquals(3, agent.ackedReportNo);
        assertEquals(LifeState.RUNNING, bed.view().session(1).state());
        assertEquals("0-1", bed.view().session(1).kernels().get(0).cpus());
        assertEquals(1_000L, bed.view().agent("a").used().get("cpu"));

        agent.report(kernel, ReportKind.EXITED, ReportReason.COMPLETED, 0);
        bed.run();
        final SessionView view = ended.join();
        assertNotNull(view);
        assertEquals(LifeState.TERMINATED, view.state());
        assertEquals(Result.SUCCESS, view.result());
        assertEquals(Reason.COMPLETED, view.reason());
        assertEquals(0, view.exitCode());
        assertTrue(view.startedNs() > 0 && view.endedNs() >= view.startedNs());
        assertEquals(0L, bed.view().agent("a").used().get("cpu"));
        assertEquals(0, bed.view().agent("a").kernels());
        assertNull(bed.fatal);
    }

    private void breakCoreOn(final int templateId)
    {
        bed.beforeCommand = command ->
        {
            if (templateId == new MessageHeaderDecoder().wrap(command, 0).templateId())
            {
                throw new IllegalStateException("planted");
            }
        };
    }

    private long poisonedRefused()
    {
        return bed.stages.counters().value(Counters.Counter.POISONED_REFUSED);
    }

    @Test
    void shouldStopOnCommandThatBreaksTheCoreAndRefuseItAfterRestart()
    {
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("before", 1, 1, false));
        agent.receive();
        breakCoreOn(SubmitSessionsDecoder.TEMPLATE_ID);
        final CompletableFuture<List<SubmitReply>> broken = offerKeyed("key");
        bed.run();
        assertEquals(70, bed.fatalCode);
        assertFalse(broken.isDone(), "nobody is told of what nobody decided");
        assertEquals("planted", bed.fatal.getMessage());

        bed.fatal = null;
        bed.start();
        assertEquals(2, bed.view().terms().current().term());
        assertTrue(
            bed.stages.counters().snapshot().stream().anyMatch(
                sample -> "poisoned_commands".equals(sample.name()) && 1 == sample.value()));
        assertNull(bed.view().session(2));
        final CompletableFuture<List<SubmitReply>> repeated = offerKeyed("key");
        bed.run();
        final CompletionException refused = assertThrows(CompletionException.class, repeated::join);
        assertEquals(RejectCode.POISONED, ((CommandRejectedException)refused.getCause()).code());
        assertEquals(1, poisonedRefused());
        assertNull(bed.fatal);

        bed.beforeCommand = command ->
        {
        };
        final TestAgent returned = new TestAgent(bed.links, bed.uplink, "a");
        returned.credential = agent.credential;
        returned.assigned.addAll(agent.assigned);
        bed.attach(returned, agent.assigned.get(0));
        final CompletableFuture<List<SubmitReply>> other = offerKeyed("other");
        bed.run();
        assertEquals(2, other.join().get(0).firstId(), "another key is another input");
        assertNull(bed.fatal);

        bed.context.build("repaired");
        bed.start();
        final CompletableFuture<List<SubmitReply>> again = offerKeyed("key");
        bed.run();
        assertEquals(3, again.join().get(0).firstId(), "another build may know better");
    }

    private CompletableFuture<List<SubmitReply>> offerKeyed(final String key)
    {
        return bed.stages.control().submit(
            new SubmitRequest(0, key, new byte[0], List.of(ManagerBed.session("poison", 1, 1, false))));
    }

    @Test
    void shouldGoOnWithAgentWhoseReportBrokeTheCore()
    {
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.receive();
        final TestAgent.Assigned kernel = agent.assigned.get(0);
        breakCoreOn(KernelReportDecoder.TEMPLATE_ID);
        agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        assertEquals(70, bed.fatalCode);
        bed.fatal = null;
        bed.start();
        bed.beforeCommand = command ->
        {
        };
        final TestAgent returned = new TestAgent(bed.links, bed.uplink, "a");
        returned.credential = agent.credential;
        returned.assigned.add(kernel);
        bed.attach(returned, kernel);
        // Another connection, another number, the same report.
        returned.reportNo = 5;
        returned.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
        returned.report(kernel, ReportKind.EXITED, ReportReason.COMPLETED, 0);
        bed.run();
        returned.receive();
        assertEquals(1, poisonedRefused());
        assertEquals(7, returned.ackedReportNo);
        assertEquals(LifeState.TERMINATED, bed.view().session(1).state());
    }

    @Test
    void shouldSurviveRestartWithoutKillingWhatRuns()
    {
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.receive();
        final TestAgent.Assigned kernel = agent.assigned.get(0);
        agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        bed.start();
        assertFalse(bed.view().agent("a").connected());
        assertEquals(LifeState.RUNNING, bed.view().session(1).state());
        final TestAgent returned = new TestAgent(bed.links, bed.uplink, "a");
        returned.credential = agent.credential;
        returned.clusterIdHi = agent.clusterIdHi;
        returned.clusterIdLo = agent.clusterIdLo;
        returned.termNonce = agent.termNonce;
        returned.seenTerm = agent.seenTerm;
        returned.seenSequence = agent.seenSequence;
        returned.connect();
        bed.run();
        returned.termNonce = agent.termNonce;
        final long nonce = agent.termNonce;
        returned.receive();
        assertEquals(2, returned.term);
        assertNotEquals(nonce, returned.termNonce);
        returned.termNonce = nonce;
        returned.inventory(kernel.assignmentNo(), ReportKind.RUNNING, kernel);
        bed.run();
        returned.receive();
        assertEquals(List.of(), returned.killed);
        assertEquals(List.of(), returned.assigned);
        assertEquals(LifeState.RUNNING, bed.view().session(1).state());
        returned.report(kernel, ReportKind.EXITED, ReportReason.COMPLETED, 0);
        bed.run();
        assertEquals(LifeState.TERMINATED, bed.view().session(1).state());
        assertFalse(bed.view().lostTail());
    }
}
