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
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubmissionTest
{
    private static final long DAY_NS = 24 * 3600 * Commands.SECOND_NS;

    private final CoreHarness core = CoreHarness.started();

    private String submit(final SubmitSpec... sessions)
    {
        final List<String> events = core.run(core.command.submit(sessions));
        return events.get(events.size() - 1);
    }

    @Test
    void shouldGiveContiguousIdsAcrossAChunk()
    {
        assertEquals("accepted 1 x 7", submit(session(), session().arrayOf(5), session()));
        assertEquals("accepted 8 x 1", submit(session()));
    }

    @Test
    void shouldAcceptAndWaitWhileGroupNeverHadAnAgent()
    {
        assertEquals("accepted 1 x 1", submit(session().cpu(1_000_000)));
    }

    @Test
    void shouldRejectUnknownGroupByName()
    {
        assertEquals(
            "rejected UNKNOWN_GROUP entry 1 subject 0 requested 0 limit 0 field gpu",
            submit(session(), session().in("gpu")));
    }

    @Test
    void shouldRejectUnknownSlotByNameOnceTheGroupHasHadAnAgent()
    {
        core.join(1, 4000, 1000);
        assertEquals(
            "rejected UNKNOWN_SLOT entry 0 subject 0 requested 1 limit 0 field cuda.device",
            submit(session().slot("cuda.device", 1)));
        assertEquals(2, core.core().state().slots.count());
    }

    @Test
    void shouldAcceptAnySlotAndWaitWhileGroupNeverHadAnAgent()
    {
        final List<String> events = core.run(core.command.submit(
            session().slot("cuda.device", 1).slot("licences", 2), session().slot("licences", 1)));
        assertEquals(3, events.stream().filter("slot-defined"::equals).count());
        assertEquals("accepted 1 x 2", events.get(events.size() - 1));
        assertEquals(List.of("queued 3 x 1", "accepted 3 x 1"),
            core.run(core.command.submit(session().slot("cuda.device", 1))));
        core.restart();
        core.join(new AgentHello(1, 4000, 1000).slot("licences", 2).slot("cuda.device", 2));
        assertEquals("assigned 1.0 agent 1 no 1 attempt 1 slot 2=1/1 slot 4=2/0", assigned(1));
        assertEquals("assigned 3.0 agent 1 no 2 attempt 1 slot 2=1/2", assigned(3));
        assertTrue(core.report(1, ReportKind.EXITED).contains("assigned 2.0 agent 1 no 3 attempt 1 slot 4=1/0"));
    }

    private String assigned(final long sessionId)
    {
        final String start = "assigned " + sessionId + ".";
        return core.last().stream().filter(event -> event.startsWith(start)).findFirst().orElse("");
    }

    @Test
    void shouldRejectASlotThatOnlyOtherGroupsHave()
    {
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.name = "other";
        core.run(core.command.configureGroup(settings));
        core.join(1, 4000, 1000);
        assertTrue(submit(session().in("other").slot("fpga.device", 1), session().slot("fpga.device", 1))
            .startsWith("rejected UNKNOWN_SLOT entry 1"));
        assertEquals(2, core.core().state().slots.count(), "what is rejected defines nothing");
        assertEquals("accepted 1 x 1", submit(session().in("other").slot("fpga.device", 1)));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 1 limit 0 field fpga.device",
            submit(session().slot("fpga.device", 1)));
    }

    @Test
    void shouldWaitForASlotThatNoAgentHasWhereThatMayWait()
    {
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.acceptUnsatisfiable = true;
        core.run(core.command.configureGroup(settings));
        core.join(1, 4000, 1000);
        assertTrue(submit(session().slot("FPGA", 1)).startsWith("rejected UNKNOWN_SLOT"), "no agent can have it");
        final List<String> events = core.run(core.command.submit(
            session().slot("fpga.device", 1), session().cpu(4000), session().slot("fpga.device", 1)));
        assertEquals(2, events.stream().filter("slot-defined"::equals).count(), "with the shares of such devices");
        assertEquals("assigned 2.0 agent 1 no 1 attempt 1", assigned(2), "it stands in nobody's way");
        final Explanation.Agents said = core.core().explain(1).agents();
        assertEquals(0, said.places());
        assertEquals(1, said.lacking()[2], "the slot that it asks for");
        core.restart();
        core.join(new AgentHello(2, 4000, 1000).slot("fpga.device", 1));
        assertEquals("assigned 1.0 agent 2 no 1 attempt 1 slot 2=1/1", assigned(1));
        for (int i = 0; i < 4; i++)
        {
            assertTrue(submit(session().slot("asked-" + i, 1)).startsWith("accepted"));
        }
        assertEquals(
            "rejected OUT_OF_RANGE entry 0 subject 0 requested 9 limit 8 field slots",
            submit(session().slot("asked-4", 1)));
    }

    @Test
    void shouldKeepRoomForTheSlotsOfAgentsWhateverIsAskedFor()
    {
        for (int i = 0; i < 6; i++)
        {
            assertTrue(submit(session().slot("asked-" + i, 1)).startsWith("accepted"));
        }
        assertEquals(
            "rejected OUT_OF_RANGE entry 0 subject 0 requested 9 limit 8 field slots",
            submit(session().slot("asked-6", 1)));
        final AgentHello hello = new AgentHello(1, 4000, 1000);
        for (int i = 0; i < 8; i++)
        {
            hello.slot("offered-" + i, 1);
        }
        core.join(hello);
        assertEquals(SlotTable.SLOTS_MAX, core.core().state().slots.count());
        assertTrue(submit(session().slot("asked-6", 1)).startsWith("rejected UNKNOWN_SLOT"));
    }

    @Test
    void shouldRejectASlotWhoseNameNoAgentCanHave()
    {
        for (final String name : List.of("", "GPU", "a b", "1up", "x".repeat(65)))
        {
            assertTrue(submit(session().slot(name, 1)).startsWith("rejected UNKNOWN_SLOT"), name);
        }
        assertTrue(submit(session().slot("cuda.device", -1)).startsWith("rejected OUT_OF_RANGE"));
        assertEquals(2, core.core().state().slots.count());
    }

    @Test
    void shouldNameTheSlotOfWhichNoAgentHasEnough()
    {
        core.join(new AgentHello(1, 4000, 1000).slot("cuda.device", 2));
        core.join(2, 8000, 500);
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 9000 limit 8000 field cpu",
            submit(session().cpu(9000)));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 2000 limit 1000 field mem",
            submit(session().mem(2000)));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 3 limit 2 field cuda.device",
            submit(session().slot("cuda.device", 3)));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 8000 limit 4000 field cpu",
            submit(session().cpu(8000).mem(900)));
    }

    @Test
    void shouldRejectGangThatTheWholeGroupCannotHold()
    {
        core.join(1, 4000, 1000);
        core.join(2, 2000, 1000);
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 7 limit 6 field kernels", submit(session().kernels(7)));
        assertTrue(submit(session().kernels(6)).startsWith("assigned 1.5"));
    }

    @Test
    void shouldCountCapacityOfAgentsThatAreAway()
    {
        final int agent = core.join(1, 4000, 1000);
        core.run(core.command.drain(agent, true));
        core.run(core.command.agentDisconnected(agent, 1));
        assertEquals("accepted 1 x 1", submit(session().cpu(4000)));
        assertTrue(submit(session().cpu(4001)).startsWith("rejected UNSATISFIABLE"));
    }

    @Test
    void shouldRejectWhatIsOutOfRange()
    {
        assertTrue(submit(session().cpu(0)).endsWith("field cpu"));
        assertTrue(submit(session().mem(-1)).endsWith("field mem"));
        assertTrue(submit(session().priority(101)).endsWith("requested 101 limit 100 field priority"));
        assertTrue(submit(session().kernels(0)).endsWith("field kernels"));
        assertTrue(submit(session().kernels(1025)).startsWith("rejected TOO_MANY_KERNELS"));
        assertTrue(submit(session().arrayOf(0)).endsWith("field count"));
        assertTrue(submit(session().walltime(-1)).endsWith("field walltime"));
        assertTrue(submit(session().slot("cpu", 1)).endsWith("field cpu"));
        assertTrue(submit().endsWith("field sessions"));
        assertEquals(0, core.core().state().sessions.count());
    }

    @Test
    void shouldChangeNothingWhenTheLastSessionOfAChunkIsWrong()
    {
        final long before = core.core().state().nextSessionId;
        submit(session(), session().arrayOf(10), session().cpu(-5));
        assertEquals(before, core.core().state().nextSessionId);
        assertEquals(0, core.core().state().sessions.count());
        assertEquals(0, core.core().state().specs.count());
    }

    @Test
    void shouldRejectBeyondPendingMaxCountingElementsOfArrays()
    {
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.pendingMax = 10;
        core.run(core.command.configureGroup(settings));
        assertEquals("accepted 1 x 8", submit(session().arrayOf(8)));
        assertTrue(submit(session(), session(), session()).startsWith("rejected TOO_MANY_PENDING entry 2"));
        assertEquals("accepted 9 x 2", submit(session(), session()));
    }

    @Test
    void shouldAnswerTheSameKeyTheSameForADay()
    {
        core.run(core.command.submit(1, 100, session().arrayOf(3)));
        assertEquals(List.of("accepted 1 x 3 repeated"), core.run(core.command.submit(1, 100, session().arrayOf(3))));
        assertTrue(core.run(core.command.submit(1, 101, session())).get(0)
            .startsWith("rejected IDEMPOTENCY_KEY_REUSED entry 0 subject 1"));
        assertTrue(core.pass(DAY_NS).contains("key-forgotten"));
        assertTrue(core.run(core.command.submit(1, 101, session())).contains("accepted 4 x 1"));
    }

    @Test
    void shouldKeepASpecOnceAndDropItWithItsLastSession()
    {
        core.join(1, 4000, 1000);
        assertEquals(
            1, core.run(core.command.submit(session(), session())).stream().filter("spec-added"::equals).count());
        core.run(core.command.cancel(1, 2));
        core.report(1, 0, ReportKind.EXITED, Reason.SIGNALLED, 143);
        core.report(2, 0, ReportKind.EXITED, Reason.SIGNALLED, 143);
        final List<String> forgotten = core.pass(600 * Commands.SECOND_NS);
        assertEquals(List.of("forgotten 1", "forgotten 2", "spec-dropped"), forgotten);
        assertEquals(0, core.core().state().shapes.count());
    }

    @Test
    void shouldTakeElementsOfAnArrayInOrderAsCapacityComes()
    {
        core.join(1, 2000, 1000);
        final List<String> events = core.run(core.command.submit(session().arrayOf(1000)));
        assertTrue(events.get(events.size() - 1).startsWith("assigned 2.0"));
        assertEquals(3, core.core().state().sessions.count());
        assertTrue(core.report(2, ReportKind.EXITED).get(2).startsWith("session 3 SCHEDULED"));
        assertEquals(997, core.core().state().groups.pending.get(0));
    }

    @Test
    void shouldHoldTheLongestChunkWithinTheBoundOfOneCommand()
    {
        final SubmitSpec[] sessions = new SubmitSpec[720];
        for (int i = 0; i < sessions.length; i++)
        {
            sessions[i] = session().spec(i);
        }
        assertTrue(core.command.submit(sessions).length() <= 72 * 1024);
        assertEquals("accepted 1 x 720", submit(sessions));
        assertFalse(core.core().continueNeeded());
    }

    @Test
    void shouldRejectAGangWhoseAssignmentsWouldNotFitIntoOneCommand()
    {
        final AgentHello hello = new AgentHello(1, 1_000_000_000, 1_000_000);
        final SubmitSpec gang = session().cpu(1).mem(1).kernels(1024);
        for (int slot = 0; slot < 14; slot++)
        {
            hello.slot("slot" + slot, 1_000_000);
            gang.slot("slot" + slot, 1);
        }
        core.join(hello);
        assertTrue(submit(gang).startsWith("rejected TOO_MANY_KERNELS"));
        assertTrue(submit(gang.kernels(400)).startsWith("assigned 1.399"));
        assertTrue(submit(session().cpu(1).mem(1).kernels(1024)).startsWith("assigned 2.1023"));
    }
}
