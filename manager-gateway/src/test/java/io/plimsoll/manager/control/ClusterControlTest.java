package io.plimsoll.manager.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.LaunchSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ClusterControlTest
{
    private final ManagerBed bed = new ManagerBed().start();

    private static SessionRequest request(
        final String name, final int priority, final LaunchSpec spec, final List<Long> dependencies)
    {
        return new SessionRequest(
            name, "default", SessionType.BATCH, priority, 1, 1, false, 1_000, 1 << 20, Map.of(), 0, 0, OnLoss.WAIT,
            dependencies, spec,
            SessionTerms.DEFAULTS);
    }

    private static LaunchSpec spec(final int length)
    {
        return new LaunchSpec(List.of("echo", "x".repeat(length)), Map.of(), null, null, 0, 0);
    }

    private CompletableFuture<List<SubmitReply>> submit(final String key, final List<SessionRequest> sessions)
    {
        final CompletableFuture<List<SubmitReply>> future = bed.stages.control().submit(
            new SubmitRequest(7, key, sessions.toString().getBytes(StandardCharsets.UTF_8), sessions));
        bed.run();
        return bed.answered(future);
    }

    private static <T extends Throwable> T failure(final Class<T> type, final CompletableFuture<?> future)
    {
        return assertInstanceOf(type, assertThrows(CompletionException.class, future::join).getCause());
    }

    private static List<SessionRequest> many(final int count)
    {
        final List<SessionRequest> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            sessions.add(request("s" + i, 10, spec(8), List.of()));
        }
        return sessions;
    }

    @Test
    void shouldCutIntoChunksOfFiveHundredWithContiguousIds()
    {
        final List<SubmitReply> replies = submit(null, many(1_234)).join();
        assertEquals(List.of(500L, 500L, 234L), replies.stream().map(SubmitReply::count).toList());
        assertEquals(List.of(1L, 501L, 1_001L), replies.stream().map(SubmitReply::firstId).toList());
        assertEquals("s1000", bed.view().session(1_001).name());
        assertEquals("s1233", bed.view().session(1_234).name());
        assertEquals(1_234L, bed.view().counts().get(LifeState.PENDING));
        assertEquals(1_234L, bed.stages.counters().value(Counter.SESSIONS_SUBMITTED));
        assertTrue(replies.get(0).sequence() < replies.get(1).sequence());
    }

    @Test
    void shouldCutWhereSpecsFillTheEntry()
    {
        final List<SessionRequest> sessions = new ArrayList<>();
        for (int i = 0; i < 6; i++)
        {
            sessions.add(request("big" + i, 10, spec(25_000 + i), List.of()));
        }
        final List<SubmitReply> replies = submit(null, sessions).join();
        assertEquals(List.of(2L, 2L, 2L), replies.stream().map(SubmitReply::count).toList());
        assertEquals(spec(25_005), bed.view().session(6).spec());
    }

    @Test
    void shouldSendEqualSpecsOnce()
    {
        final List<SessionRequest> sessions = new ArrayList<>();
        for (int i = 0; i < 100; i++)
        {
            sessions.add(request("same", 10, spec(20_000), List.of()));
        }
        assertEquals(1, submit(null, sessions).join().size());
    }

    @Test
    void shouldTakeSpecOfGreatestLengthAndRefuseLonger()
    {
        final int overhead = "{\"command\":[\"echo\",\"\"]}".length();
        final List<SubmitReply> replies =
            submit(null, List.of(request("max", 10, spec(LaunchSpec.LENGTH_MAX - overhead), List.of()))).join();
        assertEquals(1, replies.size());
        final CompletableFuture<List<SubmitReply>> longer =
            submit(null, List.of(request("more", 10, spec(LaunchSpec.LENGTH_MAX - overhead + 1), List.of())));
        final IllegalArgumentException refused = failure(IllegalArgumentException.class, longer);
        assertTrue(refused.getMessage().contains("" + LaunchSpec.LENGTH_MAX), refused.getMessage());
    }

    /** The more kernels, the more names of hosts share a message with the spec. */
    @Test
    void shouldRefuseSpecThatHasNoRoomBesideTheNamesOfItsHosts()
    {
        final SessionRequest fits = request("fits", 10, spec(20_000), List.of());
        final SessionRequest large = request("large", 10, spec(25_000), List.of());
        assertEquals(1, submit(null, List.of(withKernels(fits))).join().size());
        final CommandRejectedException rejected =
            failure(CommandRejectedException.class, submit(null, List.of(withKernels(large))));
        assertEquals("spec", rejected.field());
        assertEquals(RejectCode.OUT_OF_RANGE, rejected.code());
    }

    private static SessionRequest withKernels(final SessionRequest one)
    {
        return new SessionRequest(
            one.name(), one.group(), one.type(), one.priority(), 1024, 1, false, 1, 1 << 20, Map.of(), 0, 0,
            OnLoss.WAIT, List.of(), one.spec(), SessionTerms.DEFAULTS);
    }

    @Test
    void shouldNameEntryOfRefusalInWholeRequest()
    {
        final List<SessionRequest> sessions = many(700);
        sessions.set(650, request("early", 10, spec(1), List.of(999_999L)));
        final CommandRejectedException rejected =
            failure(CommandRejectedException.class, submit(null, sessions));
        assertEquals(RejectCode.UNKNOWN_DEPENDENCY, rejected.code());
        assertEquals(650, rejected.entryIndex());
        assertEquals(999_999L, rejected.subject());
        assertEquals(1, rejected.accepted().size());
        assertEquals(500, rejected.accepted().get(0).count());
        assertEquals(500L, bed.view().counts().get(LifeState.PENDING));
    }

    @Test
    void shouldRefuseWhatNoMessageCouldCarry()
    {
        final CommandRejectedException priority =
            failure(CommandRejectedException.class, submit(null, List.of(request("p", 101, spec(1), List.of()))));
        assertEquals("priority", priority.field());
        assertEquals(100, priority.limit());
        final CommandRejectedException name = failure(
            CommandRejectedException.class, submit(null, List.of(request("n".repeat(257), 1, spec(1), List.of()))));
        assertEquals("name", name.field());
        final CommandRejectedException none = failure(CommandRejectedException.class, submit(null, List.of()));
        assertEquals("sessions", none.field());
    }

    @Test
    void shouldRepeatAnswerForSameKeyAcrossChunksAndRestart()
    {
        final List<SubmitReply> first = submit("key", many(1_100)).join();
        final List<SubmitReply> again = submit("key", many(1_100)).join();
        assertEquals(
            first.stream().map(SubmitReply::firstId).toList(), again.stream().map(SubmitReply::firstId).toList());
        assertTrue(again.stream().allMatch(SubmitReply::repeated));
        assertEquals(1_100L, bed.view().counts().get(LifeState.PENDING));
        bed.start();
        assertTrue(submit("key", many(1_100)).join().stream().allMatch(SubmitReply::repeated));
        assertFalse(submit("other", many(1)).join().get(0).repeated());
    }

    @Test
    void shouldRefuseSameKeyWithOtherBody()
    {
        submit("key", many(2)).join();
        assertEquals(
            RejectCode.IDEMPOTENCY_KEY_REUSED,
            failure(CommandRejectedException.class, submit("key", many(3))).code());
    }

    @Test
    void shouldAnswerNoSpaceWithoutTouchingTheRing()
    {
        bed.spaceKept = false;
        bed.pass(1, TimeUnit.SECONDS);
        assertEquals("no-space", failure(OverloadedException.class, submit(null, many(1))).code());
        assertFalse(bed.stages.health(null).ready());
        bed.spaceKept = true;
        bed.pass(1, TimeUnit.SECONDS);
        assertEquals(1, submit(null, many(1)).join().size());
    }

    @Test
    void shouldAnswerRingFull()
    {
        final List<CompletableFuture<List<SubmitReply>>> futures = new ArrayList<>();
        for (int i = 0; i < bed.context.ringSize(); i++)
        {
            // Of many, because none may fill it alone.
            futures.add(bed.stages.control().submit(
                new SubmitRequest(1_000 + i, null, new byte[0], List.of(ManagerBed.session("s", 1, 1, false)))));
        }
        final int taken = (int)futures.stream().filter(future -> !future.isDone()).count();
        assertTrue(taken <= bed.context.ringSize() * 3 / 4 && taken > bed.context.ringSize() / 2, "taken=" + taken);
        assertEquals("ring-full", failure(OverloadedException.class, futures.get(futures.size() - 1)).code());
        bed.run();
        assertEquals((long)taken, bed.view().counts().get(LifeState.PENDING));
    }

    @Test
    void shouldGiveUpAfterReplyDeadline()
    {
        final CompletableFuture<List<SubmitReply>> future = bed.offer(ManagerBed.session("s", 1, 1, false));
        bed.clock.advance(31, TimeUnit.SECONDS);
        bed.stepIo();
        failure(TimeoutException.class, future);
        bed.run();
        assertEquals(1L, bed.view().counts().get(LifeState.PENDING), "what was taken is done, answered or not");
    }

    @Test
    void shouldFailWaitingCallsAtTheEnd()
    {
        final CompletableFuture<List<SubmitReply>> future = bed.offer(ManagerBed.session("s", 1, 1, false));
        bed.stages.failPending();
        assertEquals("shutting-down", failure(OverloadedException.class, future).code());
        assertEquals(
            "shutting-down",
            failure(OverloadedException.class, bed.offer(ManagerBed.session("s", 1, 1, false))).code());
    }

    @Test
    void shouldCancelRangesInParts()
    {
        submit(null, List.of(ManagerBed.session("array", 1, 10, true))).join();
        final CompletableFuture<CancelReply> reply =
            bed.stages.control().cancel(List.of(new IdRange(1, 4), new IdRange(4, 5), new IdRange(100, 101)));
        bed.run();
        assertEquals(5, reply.join().cancelled());
        assertEquals(1, reply.join().alreadyEnded());
        assertEquals(2, reply.join().unknown());
        assertEquals(5L, bed.view().counts().get(LifeState.CANCELLED));
        final SessionView cancelled = bed.view().session(3);
        assertEquals(LifeState.CANCELLED, cancelled.state());
        assertEquals(2, cancelled.arrayIndex());
    }

    @Test
    void shouldRefuseDrainOfUnknownAgent()
    {
        final CompletableFuture<?> future = bed.stages.control().drain(5, true);
        bed.run();
        assertEquals(RejectCode.UNKNOWN_AGENT, failure(CommandRejectedException.class, future).code());
    }

    @Test
    void shouldRefuseAcceptLossWithoutLoss()
    {
        final CompletableFuture<?> future = bed.stages.control().acceptLoss();
        bed.run();
        assertEquals(RejectCode.NOT_LOST_TAIL, failure(CommandRejectedException.class, future).code());
    }
}
