package io.plimsoll.manager.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.transport.LaunchSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Before the real ring, which nobody empties until a test lets them. */
class OwnerSharesTest implements BulkSubmission.Loop
{
    private static final int FLOOD = 7;
    private static final int SESSIONS_MAX = 1_000;

    private final ManagerBed bed = new ManagerBed();
    private final SessionPreparer preparer = new SessionPreparer();
    private final Deque<Runnable> actions = new ArrayDeque<>();
    private final Deque<Runnable> later = new ArrayDeque<>();

    private static SessionRequest request(final int count)
    {
        return new SessionRequest(
            "s", "default", SessionType.BATCH, 10, 1, count, count > 1, 1_000, 1 << 20, Map.of(), 0, 0, OnLoss.WAIT,
            List.of(), new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0), SessionTerms.DEFAULTS);
    }

    private SubmissionChunk chunk(final int ownerId, final int sessions)
    {
        final SubmissionChunk chunk = new SubmissionChunk();
        for (int i = 0; i < sessions; i++)
        {
            assertTrue(chunk.tryAdd(preparer.prepare(request(1), ownerId)));
        }
        return chunk;
    }

    private CompletableFuture<SubmitReply> one(final int ownerId)
    {
        return bed.stages.control().submit(chunk(ownerId, 1));
    }

    /** Floods until it is refused, and says how many sessions were taken. */
    private int flood(final int ownerId, final int sessionsOfEach)
    {
        int taken = 0;
        CompletableFuture<SubmitReply> last = bed.stages.control().submit(chunk(ownerId, sessionsOfEach));
        while (!last.isCompletedExceptionally())
        {
            taken += sessionsOfEach;
            last = bed.stages.control().submit(chunk(ownerId, sessionsOfEach));
        }
        assertEquals(OverloadedException.OWNER_BUSY, refusal(last));
        return taken;
    }

    private static String refusal(final CompletableFuture<?> future)
    {
        assertTrue(future.isCompletedExceptionally(), "taken");
        return assertInstanceOf(
            OverloadedException.class, assertThrows(CompletionException.class, future::join).getCause()).code();
    }

    private long pending()
    {
        return bed.view().counts().get(LifeState.PENDING);
    }

    @Override
    public void execute(final Runnable action)
    {
        actions.add(action);
    }

    @Override
    public void schedule(final Runnable action, final long delayNs)
    {
        later.add(action);
    }

    private void run()
    {
        bed.run();
        while (!actions.isEmpty())
        {
            actions.poll().run();
            bed.run();
        }
    }

    /** However much one submits, and in whatever pieces: that is what stands before the first of another. */
    @Test
    void shouldBoundWhatStandsBeforeTheSessionsOfOthers()
    {
        for (final int sessionsOfEach : new int[]{1, 17, 250})
        {
            bed.start();
            final long before = pending();
            final int ahead = flood(FLOOD, sessionsOfEach);
            assertTrue(ahead <= SESSIONS_MAX && ahead > SESSIONS_MAX - sessionsOfEach, "ahead=" + ahead);
            final List<CompletableFuture<SubmitReply>> others = new ArrayList<>();
            for (int owner = 100; owner < 149; owner++)
            {
                others.add(one(owner));
            }
            assertFalse(others.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
            bed.run();
            assertEquals(before + ahead + 49, pending());
            assertTrue(others.stream().allMatch(other -> other.join().firstId() > 0));
            // What was answered is under way no more.
            assertEquals(ahead, flood(FLOOD, sessionsOfEach));
            bed.run();
        }
    }

    /** Each flood leaves as much as it takes, for whoever comes next, in a small ring too. */
    @Test
    void shouldLeaveRoomForWhoeverComesNext()
    {
        bed.context.ringSize(256);
        bed.start();
        int before = Integer.MAX_VALUE;
        for (int owner = 1; owner <= 6; owner++)
        {
            final int taken = flood(owner, 1);
            assertTrue(taken > 0 && taken <= before, "owner=" + owner + " taken=" + taken + " before=" + before);
            before = taken;
        }
        final CompletableFuture<SubmitReply> next = one(FLOOD * 1_000);
        bed.run();
        assertTrue(next.join().firstId() > 0);
    }

    @Test
    void shouldTakeWhatIsLargerThanTheShareFromWhoHasNothingUnderWay()
    {
        bed.start();
        final CompletableFuture<List<SubmitReply>> array = bed.stages.control().submit(
            new SubmitRequest(FLOOD, null, new byte[0], List.of(request(5_000))));
        assertEquals(OverloadedException.OWNER_BUSY, refusal(one(FLOOD)));
        assertFalse(one(FLOOD + 1).isCompletedExceptionally());
        bed.run();
        assertEquals(5_000, array.join().get(0).count());
        assertFalse(one(FLOOD).isCompletedExceptionally());
        bed.run();
    }

    @Test
    void shouldGiveBackWhatWasNotTaken()
    {
        bed.start();
        bed.spaceKept = false;
        bed.pass(1, TimeUnit.SECONDS);
        for (int i = 0; i < 2 * SESSIONS_MAX; i++)
        {
            assertEquals("no-space", refusal(one(FLOOD)));
        }
    }

    @Test
    void shouldChangeWhileItRuns()
    {
        bed.start();
        bed.stages.configuration().ownerInFlight(10);
        assertEquals(10, flood(FLOOD, 1));
        bed.stages.configuration().ownerInFlight(30);
        assertEquals(20, flood(FLOOD, 1));
        bed.run();
        assertThrows(IllegalArgumentException.class, () -> bed.stages.configuration().ownerInFlight(0));
    }

    /** A sender that may wait is refused nothing, keeps its order, and is as little in the way of others. */
    @Test
    void shouldHaveWaitWhoMay()
    {
        bed.start();
        final PatientSubmitter submitter = new PatientSubmitter(bed.stages.control(), this, () -> 0);
        final List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++)
        {
            submitter.submit(chunk(FLOOD, 200), null, 1, (reply, error) -> ids.add(reply.firstId()));
        }
        assertEquals(5, submitter.waitingCount());
        assertFalse(one(FLOOD + 1).isCompletedExceptionally());
        run();
        assertEquals(0, submitter.waitingCount());
        assertEquals(10, ids.size());
        assertEquals(ids.stream().sorted().toList(), ids);
        assertEquals(2_001, pending());
    }

    @Test
    void shouldRefuseWhoWaitsTooLong()
    {
        bed.start();
        final long[] nowNs = new long[1];
        flood(FLOOD, 1);
        final PatientSubmitter submitter = new PatientSubmitter(bed.stages.control(), this, () -> nowNs[0]);
        final List<Throwable> errors = new ArrayList<>();
        submitter.submit(chunk(FLOOD, 1), null, 1_000, (reply, error) -> errors.add(error));
        later.poll().run();
        assertEquals(1, submitter.waitingCount());
        nowNs[0] = 1_000;
        later.poll().run();
        actions.poll().run();
        assertEquals(
            OverloadedException.OWNER_BUSY, assertInstanceOf(OverloadedException.class, errors.get(0)).code());
        bed.run();
    }
}
