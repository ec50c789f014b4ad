package io.plimsoll.manager.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionStoryTest
{
    private final ManagerBed bed = new ManagerBed().start();

    private static SessionRequest after(final String name, final int count, final List<Long> ids)
    {
        final SessionRequest plain = ManagerBed.session(name, 1, count, count > 1);
        return new SessionRequest(
            plain.name(), plain.group(), plain.type(), plain.priority(), plain.kernels(), plain.count(),
            plain.array(), plain.cpuMillis(), plain.memoryBytes(), plain.slots(), plain.walltimeNs(),
            plain.graceNs(), plain.onLoss(), ids, plain.spec(), plain.terms());
    }

    @Test
    void shouldKeepWhatASessionWentThrough()
    {
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.receive();
        agent.report(agent.assigned.get(0), ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        agent.report(agent.assigned.get(0), ReportKind.EXITED, ReportReason.EXIT_CODE, 3);
        bed.run();
        final SessionHistory history = bed.view().history(1);
        assertEquals(
            List.of(LifeState.PENDING, LifeState.SCHEDULED, LifeState.RUNNING, LifeState.TERMINATED),
            history.steps().stream().map(SessionStep::state).toList());
        final SessionStep last = history.steps().get(3);
        assertEquals(3, last.exitCode());
        assertEquals(Reason.EXIT_CODE, last.reason());
        assertEquals(Result.FAILURE, last.result());
        assertEquals(1, last.attempt());
        assertEquals(bed.view().session(1).endedNs(), last.atNs());
        assertNull(bed.view().history(2));
    }

    @Test
    void shouldKeepTheLastOfVeryManySteps()
    {
        final SessionSteps steps = new SessionSteps();
        for (int i = 0; i < 200; i++)
        {
            steps.add(new SessionStep(i, LifeState.PENDING, Result.UNDEFINED, Reason.PREEMPTED, i, -1));
        }
        assertEquals(SessionSteps.STEPS_MAX, steps.list().size());
        assertEquals(200 - SessionSteps.STEPS_MAX, steps.dropped());
        assertEquals(199, steps.list().get(SessionSteps.STEPS_MAX - 1).attempt());
    }

    @Test
    void shouldShowWhatDependsOnWhatInBothDirections()
    {
        bed.submit(ManagerBed.session("first", 1, 1, false));
        bed.submit(after("array", 5, List.of(1L)));
        bed.submit(after("last", 1, List.of(2L, 4L)));
        bed.submit(ManagerBed.session("other", 1, 1, false));
        final SessionGraph graph = bed.view().graph(1, true, true, 100);
        assertEquals(List.of(1L, 2L, 7L), graph.nodes().stream().map(SessionGraph.Node::id).toList());
        assertEquals(6, graph.nodes().get(1).lastId());
        assertEquals(
            List.of(new SessionGraph.Edge(1, 2, false), new SessionGraph.Edge(2, 7, false)), graph.edges());
        final SessionGraph before = bed.view().graph(7, true, false, 100);
        assertEquals(List.of(7L, 2L, 4L, 1L), before.nodes().stream().map(SessionGraph.Node::id).toList());
        assertEquals(4, before.edges().size());
        assertTrue(bed.view().graph(7, true, false, 2).truncated());
        assertEquals(1, bed.view().graph(8, true, true, 100).nodes().size());
        assertNull(bed.view().graph(9, true, true, 100));
    }
}
