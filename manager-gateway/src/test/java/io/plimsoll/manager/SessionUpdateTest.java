package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.SessionChange;
import io.plimsoll.manager.control.UpdateReply;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Changes of sessions, from the call to the view, the agents and the next start. */
class SessionUpdateTest
{
    private static final long HOUR_NS = 3_600_000_000_000L;
    private final ManagerBed bed = new ManagerBed().start();

    private UpdateReply update(final long firstId, final long lastId, final SessionChange change)
    {
        final CompletableFuture<UpdateReply> future =
            bed.stages.control().update(List.of(new IdRange(firstId, lastId)), change);
        bed.run();
        return bed.answered(future).join();
    }

    @Test
    void shouldShowWhatWasChangedAndTellAgentsOfLimits()
    {
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.receive();
        final TestAgent.Assigned kernel = agent.assigned.get(0);
        agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        final UpdateReply reply = update(1, 1, new SessionChange(77, HOUR_NS, "t"));
        assertEquals(1, reply.updated());
        final SessionView session = bed.view().session(1);
        assertEquals(77, session.priority());
        assertEquals(HOUR_NS, session.walltimeNs());
        assertEquals("t", session.name());
        agent.receive();
        assertEquals(List.of("1024 attempt 1: " + HOUR_NS), agent.limits);

        // A link that breaks may have lost it.
        agent.limits.clear();
        bed.links.drop(agent.linkId);
        bed.run();
        bed.attach(agent, kernel);
        agent.receive();
        assertEquals(List.of("1024 attempt 1: " + HOUR_NS), agent.limits);
    }

    @Test
    void shouldChangeElementsThatWaitWithoutARowOfTheirOwn()
    {
        bed.submit(ManagerBed.session("array", 1, 10, true));
        assertEquals(3, update(4, 6, new SessionChange(90, null, "middle")).updated());
        assertEquals(10, update(1, 10, new SessionChange(null, HOUR_NS, null)).updated());
        assertEquals("array", bed.view().session(3).name());
        assertEquals("middle", bed.view().session(4).name());
        assertEquals(90, bed.view().session(6).priority());
        assertEquals("array", bed.view().session(7).name());
        assertEquals(HOUR_NS, bed.view().session(7).walltimeNs());
        final TestAgent agent = bed.join("a");
        agent.receive();
        assertEquals(4, agent.assigned.get(0).kernelId() >> 10);
        assertEquals("middle", bed.view().session(4).name());
        assertEquals(2, update(9, 12, new SessionChange(1, null, null)).unknown());
    }

    @Test
    void shouldRefuseAndChangeNothing()
    {
        bed.submit(ManagerBed.session("s", 1, 1, false));
        assertThrows(CompletionException.class, () -> update(1, 1, new SessionChange(null, -5L, null)));
        assertEquals("s", bed.view().session(1).name());
    }
}
