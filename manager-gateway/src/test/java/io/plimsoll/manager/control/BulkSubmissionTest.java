package io.plimsoll.manager.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.egress.SessionWatcher;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.transport.LaunchSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Through the real core, on a loop that the test runs. */
class BulkSubmissionTest implements BulkSubmission.Loop, BulkSubmission.Outcomes
{
    private static final int BAD = 101;

    private final ManagerBed bed = new ManagerBed().start();
    private final SessionPreparer preparer = new SessionPreparer();
    private final Deque<Runnable> actions = new ArrayDeque<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final Map<Integer, Long> ids = new TreeMap<>();
    private final Map<Integer, Throwable> errors = new TreeMap<>();
    private final Set<Integer> repeated = new HashSet<>();
    private final Counting control = new Counting();
    private long nowNs;
    private int progress;

    @AfterEach
    void shouldNotHaveFailed()
    {
        assertNull(bed.fatal);
    }

    private BulkSubmission bulk(final String key)
    {
        ids.clear();
        errors.clear();
        repeated.clear();
        return new BulkSubmission(control, key, this, () -> nowNs, this);
    }

    private PreparedSession session(final String name, final int cpu, final String argument)
    {
        return preparer.prepare(
            new SessionRequest(
                name, "default", SessionType.BATCH, 10, 1, 1, false, cpu, 1 << 20, Map.of(), 0, 0,
                OnLoss.WAIT, List.of(), new LaunchSpec(List.of("echo", argument), Map.of(), null, null, 0, 0),
                SessionTerms.DEFAULTS),
            7);
    }

    /** One that the core refuses, and nobody before it. */
    private PreparedSession bad()
    {
        return preparer.prepare(
            new SessionRequest(
                "bad", "nowhere", SessionType.BATCH, 10, 1, 1, false, BAD, 1 << 20, Map.of(), 0, 0,
                OnLoss.WAIT, List.of(), new LaunchSpec(List.of("echo"), Map.of(), null, null, 0, 0),
                SessionTerms.DEFAULTS),
            7);
    }

    private void run()
    {
        boolean busy = true;
        while (busy)
        {
            bed.run();
            busy = !actions.isEmpty();
            while (!actions.isEmpty())
            {
                actions.poll().run();
            }
        }
    }

    @Override
    public void execute(final Runnable action)
    {
        actions.add(action);
    }

    @Override
    public void schedule(final Runnable action, final long delayNs)
    {
        assertTrue(delayNs > 0);
        later.add(action);
    }

    @Override
    public void onAccepted(final int tag, final PreparedSession session, final long firstId, final SubmitReply reply)
    {
        assertNull(ids.put(tag, firstId));
        if (reply.repeated())
        {
            repeated.add(tag);
        }
    }

    @Override
    public void onRefused(final int tag, final Throwable error)
    {
        assertNull(errors.put(tag, error));
    }

    @Override
    public void onProgress()
    {
        progress++;
    }

    private long pending()
    {
        return bed.view().counts().get(LifeState.PENDING);
    }

    @Test
    void shouldSendManyInOneEntry()
    {
        final BulkSubmission bulk = bulk(null);
        for (int i = 0; i < 5_000; i++)
        {
            bulk.add(session("", 1_000, "same"), i);
        }
        bulk.flush();
        run();
        assertTrue(bulk.isIdle());
        assertEquals(5_000, ids.size());
        assertEquals(5_000, new HashSet<>(ids.values()).size());
        assertEquals(5_000 / BulkSubmission.PIECE_SESSIONS_MAX, control.submitted);
        assertEquals(5_000, pending());
        assertEquals(List.of("echo", "same"), bed.view().session(4_321).spec().command());
    }

    @Test
    void shouldTellEachItsOwnNameAndSpec()
    {
        final BulkSubmission bulk = bulk(null);
        for (int i = 0; i < 1_500; i++)
        {
            bulk.add(session("n" + i, 1_000, "argument " + i % 7), i);
        }
        bulk.flush();
        run();
        for (int i = 0; i < 1_500; i++)
        {
            assertEquals("n" + i, bed.view().session(ids.get(i)).name());
            assertEquals("argument " + i % 7, bed.view().session(ids.get(i)).spec().command().get(1));
        }
    }

    @Test
    void shouldHurtNobodyButTheBad()
    {
        final BulkSubmission bulk = bulk(null);
        for (int i = 0; i < 3_000; i++)
        {
            bulk.add(0 == i % 97 || i > 2_990 ? bad() : session("n" + i, 1_000, "x"), i);
        }
        bulk.flush();
        run();
        for (int i = 0; i < 3_000; i++)
        {
            if (0 == i % 97 || i > 2_990)
            {
                assertEquals(
                    RejectCode.UNKNOWN_GROUP, assertInstanceOf(
                        CommandRejectedException.class, errors.get(i)).code());
            }
            else
            {
                assertEquals("n" + i, bed.view().session(ids.get(i)).name());
            }
        }
        assertEquals(3_000, ids.size() + errors.size());
        assertEquals(ids.size(), pending());
    }

    @Test
    void shouldCostLittleWhenAllAreBad()
    {
        final BulkSubmission bulk = bulk(null);
        for (int i = 0; i < 1_000; i++)
        {
            bulk.add(bad(), i);
        }
        bulk.flush();
        run();
        assertEquals(1_000, errors.size());
        assertTrue(control.sessions < 5_000, "sent=" + control.sessions);
    }

    @Test
    void shouldWaitForRoomInTheRing()
    {
        control.full = true;
        final BulkSubmission bulk = bulk(null);
        bulk.add(session("", 1_000, "x"), 3);
        bulk.flush();
        run();
        assertTrue(ids.isEmpty() && errors.isEmpty());
        control.full = false;
        nowNs += PatientSubmitter.PATIENCE_NS / 2;
        later.poll().run();
        run();
        assertEquals(Set.of(3), ids.keySet());
        assertTrue(bulk.isIdle());
    }

    @Test
    void shouldSayThatTheRingIsFullAfterSomePatience()
    {
        control.full = true;
        final BulkSubmission bulk = bulk(null);
        bulk.add(session("", 1_000, "x"), 3);
        bulk.add(session("", 1_000, "x"), 4);
        bulk.flush();
        run();
        nowNs += PatientSubmitter.PATIENCE_NS;
        later.poll().run();
        run();
        assertEquals(Set.of(3, 4), errors.keySet());
        assertEquals("ring-full", assertInstanceOf(OverloadedException.class, errors.get(4)).code());
        assertTrue(bulk.isIdle());
        assertTrue(progress > 0);
        assertTrue(later.isEmpty());
    }

    @Test
    void shouldTellAllThatNobodyKnowsAfterSilence()
    {
        control.answer = (chunk, real) -> CompletableFuture.failedFuture(new TimeoutException("silence"));
        final BulkSubmission bulk = bulk(null);
        bulk.add(session("", 1_000, "x"), 1);
        bulk.add(session("", 1_000, "x"), 2);
        bulk.flush();
        run();
        assertInstanceOf(TimeoutException.class, errors.get(1));
        assertInstanceOf(TimeoutException.class, errors.get(2));
    }

    @Test
    void shouldFillWhatMayStillPend()
    {
        final int count = BulkSubmission.PIECE_SESSIONS_MAX;
        final int room = 75;
        control.answer = (chunk, real) -> pending() + chunk.size() > room ?
            CompletableFuture.failedFuture(new OverloadedException(OverloadedException.TOO_MANY_PENDING, 1)) : real;
        final BulkSubmission bulk = bulk(null);
        for (int i = 0; i < count; i++)
        {
            bulk.add(session("", 1_000, "x"), i);
        }
        bulk.flush();
        run();
        assertEquals(count, ids.size() + errors.size());
        assertTrue(ids.size() > room * 9 / 10 && ids.size() <= room, "accepted=" + ids.size());
        assertTrue(control.submitted < 50, "submitted=" + control.submitted);
    }

    /** A group that is full is no reason to refuse what goes elsewhere. */
    @Test
    void shouldRefuseOnlyWhatItsGroupHasNoRoomFor()
    {
        final int count = 200;
        control.answer = (chunk, real) -> "nowhere".equals(chunk.session(0).group()) ||
            chunk.size() > 1 && "nowhere".equals(chunk.session(1).group()) ?
            CompletableFuture.failedFuture(new OverloadedException(OverloadedException.TOO_MANY_PENDING, 1)) : real;
        final BulkSubmission bulk = bulk(null);
        for (int i = 0; i < count; i++)
        {
            bulk.add(0 == i % 2 ? session("", 1_000, "x") : bad(), i);
        }
        bulk.flush();
        run();
        assertEquals(count / 2, ids.size());
        assertEquals(count / 2, errors.size());
        errors.values().forEach(error -> assertInstanceOf(OverloadedException.class, error));
        assertTrue(control.submitted < 50, "submitted=" + control.submitted);
    }

    @Test
    void shouldBeFullWhenMuchIsUnderWay()
    {
        final BulkSubmission bulk = bulk(null);
        int added = 0;
        while (!bulk.isFull())
        {
            bulk.add(session("", 1_000, "x"), added++);
        }
        assertTrue(added <= BulkSubmission.SESSIONS_IN_FLIGHT_MAX + SubmissionChunk.SESSIONS_MAX);
        run();
        assertFalse(bulk.isFull());
    }

    @Test
    void shouldNotDoubleWhatIsRepeatedUnderAKey()
    {
        final int count = 600;
        submitKeyed("k", count, 50);
        final Map<Integer, Long> first = new TreeMap<>(ids);
        assertEquals(count - 1, first.size());
        assertEquals(Set.of(50), errors.keySet());
        assertTrue(repeated.isEmpty());

        submitKeyed("k", count, 50);
        assertEquals(first, ids);
        assertEquals(first.keySet(), repeated);
        assertEquals(Set.of(50), errors.keySet());
        assertEquals(count - 1, pending());

        submitKeyed("other", count, 50);
        assertEquals(2L * (count - 1), pending());
    }

    @Test
    void shouldRefuseAKeyWithAnotherBodyForThatLineAlone()
    {
        submitKeyed("k", 10, -1);
        final BulkSubmission bulk = bulk("k");
        bulk.addKeyed(session("", 1_000, "x"), 0, 1, "line 0".getBytes(StandardCharsets.UTF_8));
        bulk.addKeyed(session("", 1_000, "x"), 1, 2, "something else".getBytes(StandardCharsets.UTF_8));
        run();
        assertEquals(Set.of(0), repeated);
        assertEquals(
            RejectCode.IDEMPOTENCY_KEY_REUSED,
            assertInstanceOf(CommandRejectedException.class, errors.get(1)).code());
    }

    private void submitKeyed(final String key, final int count, final int bad)
    {
        final BulkSubmission bulk = bulk(key);
        for (int i = 0; i < count; i++)
        {
            bulk.addKeyed(
                i == bad ? bad() : session("", 1_000, "x"), i, i + 1, ("line " + i).getBytes(StandardCharsets.UTF_8));
            if (bulk.isFull())
            {
                run();
            }
        }
        run();
        assertTrue(bulk.isIdle());
    }

    @Test
    void shouldStopWhenNobodyWaits()
    {
        control.full = true;
        final BulkSubmission bulk = bulk(null);
        bulk.add(session("", 1_000, "x"), 0);
        bulk.flush();
        run();
        bulk.abandon();
        control.full = false;
        later.poll().run();
        run();
        assertTrue(ids.isEmpty() && errors.isEmpty());
        assertEquals(0, pending());
    }

    /** Counts what goes to the core, and answers in its place where a test says so. */
    private final class Counting implements ClusterControl
    {
        private boolean full;
        private int submitted;
        private int sessions;
        private BiFunction<SubmissionChunk, CompletableFuture<SubmitReply>, CompletableFuture<SubmitReply>> answer;

        @Override
        public void onWatcherGone()
        {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<SubmitReply> submit(final SubmissionChunk chunk, final SessionWatcher watcher)
        {
            if (full)
            {
                return CompletableFuture.failedFuture(new OverloadedException("ring-full", 1));
            }
            if (null == answer)
            {
                final CompletableFuture<SubmitReply> reply = bed.stages.control().submit(chunk);
                count(chunk, reply);
                return reply;
            }
            count(chunk, null);
            final CompletableFuture<SubmitReply> refusal = answer.apply(chunk, null);
            return null == refusal ? bed.stages.control().submit(chunk) : refusal;
        }

        /** What found its share taken goes again, and cost nothing. */
        private void count(final SubmissionChunk chunk, final CompletableFuture<SubmitReply> reply)
        {
            if (null == reply || !reply.isCompletedExceptionally())
            {
                submitted++;
                sessions += chunk.size();
            }
        }

        @Override
        public CompletableFuture<List<SubmitReply>> submit(final SubmitRequest request)
        {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<CancelReply> cancel(final List<IdRange> ranges)
        {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<UpdateReply> update(final List<IdRange> ranges, final SessionChange change)
        {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<AgentView> drain(final int agentId, final boolean drained)
        {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> acceptLoss()
        {
            throw new UnsupportedOperationException();
        }
    }
}
