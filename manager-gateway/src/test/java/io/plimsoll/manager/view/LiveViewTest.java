package io.plimsoll.manager.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.Constraint;
import io.plimsoll.manager.control.OverloadedException;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveViewTest
{
    private static final SessionFilter ALL = new SessionFilter(null, null, null, null, null);

    private final ManagerBed bed = new ManagerBed();

    private List<SessionView> list(final SessionFilter filter, final int pageSize)
    {
        final List<SessionView> all = new ArrayList<>();
        long cursor = 0;
        do
        {
            final SessionPage page = bed.view().sessions(filter, cursor, pageSize);
            assertTrue(page.sessions().size() <= pageSize);
            all.addAll(page.sessions());
            cursor = page.nextCursor();
        }
        while (0 != cursor);
        return all;
    }

    @Test
    void shouldTellTermsBackAsTheyWereAsked()
    {
        bed.start();
        bed.submit(ManagerBed.session("first", 1, 1, false));
        final SessionRequest plain = ManagerBed.session("second", 1, 1, false);
        final SessionTerms terms = new SessionTerms(
            0,
            4_000_000_000_000_000_000L,
            FailurePolicy.TOLERANT,
            true,
            List.of(1L),
            List.of(
                new Constraint(ConstraintKind.ARCH_IN, "", "x86_64|aarch64"),
                new Constraint(ConstraintKind.LABEL_NOT_IN, "zoné", "z1"),
                new Constraint(ConstraintKind.SPREAD_STRICT, "web", "")),
            List.of(
                new SessionPart(2, 500, 1_024, Map.of("cuda.device", 1L)),
                new SessionPart(1, 250, 0, Map.of("cuda.shares", 300L, "licences", 2L))));
        bed.submit(new SessionRequest(
            plain.name(), plain.group(), plain.type(), plain.priority(), 1, 1, false, plain.cpuMillis(),
            plain.memoryBytes(), plain.slots(), 0, plain.graceNs(), plain.onLoss(), List.of(1L), plain.spec(), terms));
        assertEquals(terms, bed.view().session(2).terms());
        assertEquals(4, bed.view().session(2).kernels().size());
        assertEquals("second", bed.view().session(2).name());
        assertEquals(List.of(1L), bed.view().session(2).dependencies());
        assertEquals(SessionTerms.DEFAULTS, bed.view().session(1).terms());
    }

    @Test
    void shouldShowEveryElementOfWaitingArray()
    {
        bed.start();
        bed.submit(ManagerBed.session("before", 1, 1, false), ManagerBed.session("array", 2, 2_500, true));
        assertEquals(2_501L, bed.view().counts().get(LifeState.PENDING));
        final SessionView element = bed.view().session(2_000);
        assertEquals("array", element.name());
        assertEquals(2, element.arrayId());
        assertEquals(1_998, element.arrayIndex());
        assertEquals(2, element.kernels().size());
        assertEquals(LifeState.PENDING, element.kernels().get(1).state());
        assertEquals(0, bed.view().session(1).arrayId());
        assertNull(bed.view().session(2_502));
        assertNull(bed.view().session(0));
        final List<SessionView> listed = list(ALL, 1_000);
        assertEquals(2_501, listed.size());
        for (int i = 0; i < listed.size(); i++)
        {
            assertEquals(i + 1, listed.get(i).id());
        }
    }

    @Test
    void shouldFilterLists()
    {
        bed.start();
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("x", 1, 10, true), ManagerBed.session("y", 1, 1, false));
        bed.submit(ManagerBed.session("z", 1, 3, true));
        agent.receive();
        assertEquals(4, agent.assigned.size());
        assertEquals(
            List.of(1L, 2L, 3L, 4L),
            ids(new SessionFilter(Set.of(LifeState.SCHEDULED), null, null, null, null)));
        assertEquals(
            List.of(5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L),
            ids(new SessionFilter(Set.of(LifeState.PENDING), null, null, null, null)));
        assertEquals(List.of(11L), ids(new SessionFilter(null, null, "y", null, null)));
        assertEquals(List.of(12L, 13L, 14L), ids(new SessionFilter(null, null, null, 12L, null)));
        assertEquals(List.of(), ids(new SessionFilter(null, null, null, 13L, null)));
        assertEquals(List.of(1L, 2L, 3L, 4L), ids(new SessionFilter(null, null, null, null, agent.agentId)));
        assertEquals(14, ids(new SessionFilter(null, "default", null, null, null)).size());
        assertEquals(List.of(), ids(new SessionFilter(null, "other", null, null, null)));
    }

    private List<Long> ids(final SessionFilter filter)
    {
        return list(filter, 3).stream().map(SessionView::id).toList();
    }

    @Test
    void shouldForgetElementsOneByOne()
    {
        bed.context.coreOptions(CoreOptions.defaults().withForgetting(TimeUnit.SECONDS.toNanos(60), 100_000));
        bed.start();
        bed.submit(ManagerBed.session("array", 1, 5, true), ManagerBed.session("last", 1, 1, false));
        bed.stages.control().cancel(List.of(new IdRange(1, 2), new IdRange(4, 4)));
        bed.run();
        bed.pass(61, TimeUnit.SECONDS);
        assertEquals(List.of(3L, 5L, 6L), ids(ALL));
        assertNull(bed.view().session(4));
        bed.stages.control().cancel(List.of(new IdRange(1, 6)));
        bed.run();
        bed.pass(61, TimeUnit.SECONDS);
        assertEquals(List.of(), ids(ALL));
        assertEquals(0L, bed.view().counts().get(LifeState.CANCELLED));
        assertEquals(7, bed.submit(ManagerBed.session("next", 1, 1, false)).firstId());
    }

    @Test
    void shouldCompleteWaitersWhenSessionEnds()
    {
        bed.start();
        bed.submit(ManagerBed.session("array", 1, 3, true));
        final CompletableFuture<SessionView> waiting = bed.view().whenEnded(2);
        final CompletableFuture<SessionView> givenUp = bed.view().whenEnded(2);
        assertNull(bed.view().whenEnded(99).join());
        assertEquals(2, bed.view().waiterCount());
        givenUp.cancel(true);
        assertEquals(1, bed.view().waiterCount());
        bed.stages.control().cancel(List.of(new IdRange(2, 2)));
        bed.run();
        assertEquals(LifeState.CANCELLED, waiting.join().state());
        assertEquals(0, bed.view().waiterCount());
        assertEquals(LifeState.CANCELLED, bed.view().whenEnded(2).join().state());
    }

    @Test
    void shouldBoundWaiters()
    {
        bed.start();
        bed.submit(ManagerBed.session("s", 1, 1, false));
        final Waiters waiters = new Waiters(2);
        waiters.add(1);
        waiters.add(1);
        final CompletionException refused =
            assertThrows(CompletionException.class, () -> waiters.add(1).join());
        assertEquals("too-many-waiters", ((OverloadedException)refused.getCause()).code());
    }

    @Test
    void shouldBeTheSameAfterRestart()
    {
        bed.context.coreOptions(CoreOptions.defaults().withForgetting(TimeUnit.SECONDS.toNanos(20), 100_000));
        bed.start();
        final Random random = new Random(7);
        final List<TestAgent> agents = List.of(bed.join("a"), bed.join("b"), bed.join("c"));
        for (int round = 0; round < 60; round++)
        {
            final int kernels = 1 + random.nextInt(3);
            final int count = 1 + random.nextInt(4);
            bed.submit(ManagerBed.session("s" + round, kernels, count, count > 1));
            for (final TestAgent agent : agents)
            {
                playKernels(agent, random);
            }
            if (0 == random.nextInt(5))
            {
                bed.stages.control().cancel(List.of(new IdRange(1 + random.nextInt(40), 40)));
            }
            bed.pass(1, TimeUnit.SECONDS, agents.toArray(new TestAgent[0]));
        }
        final List<SessionView> before = list(ALL, 100);
        final List<AgentView> agentsBefore = bed.view().agents();
        final String countsBefore = bed.view().counts().toString();
        assertFalse(before.isEmpty());
        assertTrue(before.get(0).id() > 1, "some are forgotten");

        bed.start();
        assertEquals(before, list(ALL, 100));
        assertEquals(countsBefore, bed.view().counts().toString());
        final List<AgentView> agentsAfter = bed.view().agents();
        assertEquals(agentsBefore.size(), agentsAfter.size());
        for (int i = 0; i < agentsBefore.size(); i++)
        {
            assertEquals(agentsBefore.get(i).used(), agentsAfter.get(i).used());
            assertEquals(agentsBefore.get(i).kernels(), agentsAfter.get(i).kernels());
            assertFalse(agentsAfter.get(i).connected());
        }
    }

    private void playKernels(final TestAgent agent, final Random random)
    {
        agent.receive();
        for (final TestAgent.Assigned kernel : List.copyOf(agent.assigned))
        {
            switch (random.nextInt(4))
            {
                case 0 -> agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
                case 1 ->
                {
                    agent.report(kernel, ReportKind.EXITED, ReportReason.EXIT_CODE, random.nextInt(2));
                    agent.assigned.remove(kernel);
                }
                case 2 ->
                {
                    agent.report(kernel, ReportKind.FAILED, ReportReason.LAUNCH_FAILED, -1);
                    agent.assigned.remove(kernel);
                }
                default -> agent.report(kernel, ReportKind.PREPARING, ReportReason.NONE, -1);
            }
        }
        bed.run();
    }

    @Test
    void shouldShowUsageAndRetries()
    {
        bed.start();
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("s", 2, 1, false));
        agent.receive();
        assertEquals(2_000L, bed.view().agent("a").used().get("cpu"));
        assertEquals(2L << 20, bed.view().agent("a").used().get("mem"));
        assertEquals(2, bed.view().agent("a").kernels());
        final TestAgent.Assigned first = agent.assigned.get(0);
        agent.report(first, ReportKind.FAILED, ReportReason.LAUNCH_FAILED, -1);
        agent.report(agent.assigned.get(1), ReportKind.FAILED, ReportReason.NEVER_STARTED, -1);
        agent.assigned.clear();
        bed.run();
        assertEquals(0L, bed.view().agent("a").used().get("cpu"));
        assertEquals(LifeState.PENDING, bed.view().session(1).state());
        assertEquals(0, bed.view().session(1).kernels().get(0).agentId());
        assertTrue(bed.view().session(1).notBeforeNs() > 0);
        bed.pass(5, TimeUnit.SECONDS, agent);
        agent.receive();
        assertEquals(2, agent.assigned.size());
        assertEquals(2, bed.view().session(1).attempt());
        assertNotNull(bed.view().assignment(first.kernelId(), 1), "logs of the first attempt can still be asked for");
        assertEquals(2, bed.view().assignment(first.kernelId(), 2).attempt());
        assertNull(bed.view().assignment(first.kernelId(), 3));
    }
}
