package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.plimsoll.core.QueueTally.Reason;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.AccountOptions;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.view.QueueCounts;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits for what, and how long it takes until they don't, with the real core. */
class QueueCountsTest
{
    private final ManagerBed bed = new ManagerBed().start();

    @AfterEach
    void shouldNotHaveFailed()
    {
        assertNull(bed.fatal);
    }

    @Test
    void shouldCountByGroupAndReason()
    {
        account(7);
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("runs", 1, 1, false));
        bed.submit(ManagerBed.session("big", 4, 1, false));
        bed.pass(7, TimeUnit.SECONDS, agent);
        bed.submit(ManagerBed.session("array", 4, 5_000, true));
        bed.submit(with(0, 0, List.of(1L)));
        bed.submit(with(0, bed.clock.epochNs() + TimeUnit.HOURS.toNanos(1), List.of()));
        bed.submit(with(7, 0, List.of()));
        bed.submit(with(7, 0, List.of()));
        final QueueCounts.Group group = counts().byGroup().get("default");
        assertEquals(5_001, group.sessions(Reason.ROOM));
        assertEquals(1, group.sessions(Reason.DEPENDENCY));
        assertEquals(1, group.sessions(Reason.TIME));
        assertEquals(1, group.sessions(Reason.LIMIT));
        assertEquals(0, group.sessions(Reason.POLICY));
        assertEquals(7, TimeUnit.NANOSECONDS.toSeconds(group.oldestWaitNs()));
    }

    @Test
    void shouldCountMoreThanOnePartHolds()
    {
        final SessionRequest[] many = new SessionRequest[500];
        for (int i = 0; i < many.length; i++)
        {
            many[i] = ManagerBed.session("s" + i, 1, 1, false);
        }
        for (int i = 0; i < 10; i++)
        {
            bed.submit(many);
        }
        assertEquals(5_000, counts().byGroup().get("default").sessions(Reason.ROOM));
    }

    @Test
    void shouldMeasureFromSubmissionToAssignmentAndFromThereToRunning()
    {
        bed.submit(ManagerBed.session("a", 1, 1, false));
        bed.pass(3, TimeUnit.SECONDS);
        final TestAgent agent = bed.join("a");
        bed.pass(2, TimeUnit.SECONDS, agent);
        agent.receive();
        agent.report(agent.assigned.get(0), ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        agent.report(agent.assigned.get(0), ReportKind.EXITED, ReportReason.NONE, 0);
        bed.run();
        assertEquals(3, seconds("submit_to_assigned_seconds{group=\"default\"}"));
        assertEquals(2, seconds("assigned_to_running_seconds{group=\"default\"}"));
        assertEquals(1, sample("kernels_assigned_total{group=\"default\"}"));
        assertEquals(1, sample("sessions_ended_total{result=\"success\",reason=\"completed\"}"));
    }

    private long seconds(final String name)
    {
        return bed.stages.counters().histograms().stream().filter(histogram -> name.equals(histogram.name()))
            .mapToLong(histogram -> TimeUnit.NANOSECONDS.toSeconds(histogram.values().totalNs())).sum();
    }

    private long sample(final String name)
    {
        return bed.stages.counters().snapshot().stream().filter(sample -> name.equals(sample.name()))
            .mapToLong(Counters.Sample::value).findFirst().orElse(-1);
    }

    private QueueCounts counts()
    {
        final CompletableFuture<QueueCounts> future = bed.stages.explanations().counts();
        bed.run();
        return bed.answered(future).join();
    }

    /** One that may use one core. */
    private void account(final int id)
    {
        final AccountOptions free = AccountOptions.unlimited(id, "seven");
        final CompletableFuture<?> future = bed.stages.configuration().configureAccount("7", (current, known) ->
            new AccountOptions(
                free.id(), free.name(), free.level(), 0, 0, free.weight(), -1, -1, -1, -1, 100, 0,
                Map.of("cpu", 1_000L), Map.of()));
        bed.run();
        bed.answered(future);
    }

    private static SessionRequest with(final int accountId, final long startsAtNs, final List<Long> afterAny)
    {
        final SessionRequest plain = ManagerBed.session("with", 1, 1, false);
        return new SessionRequest(
            plain.name(), plain.group(), plain.type(), plain.priority(), 1, 1, false, plain.cpuMillis(),
            plain.memoryBytes(), plain.slots(), 0, plain.graceNs(), plain.onLoss(), List.of(), plain.spec(),
            new SessionTerms(accountId, startsAtNs, FailurePolicy.STRICT, false, afterAny, List.of(), List.of()));
    }
}
