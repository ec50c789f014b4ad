package io.plimsoll.core.pipeline;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.CancelSessionsDecoder;
import io.plimsoll.core.sbe.ContinueDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import io.plimsoll.core.sbe.TimeHeldDecoder;
import io.plimsoll.core.sbe.TimePassedDecoder;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The pipeline, stepped: what goes in comes out once, in order, and not before it is journalled. */
class PipelineTest
{
    private static final long HELD_NS = PipelineDefaults.HELD_MIN_NS;
    private static final int HELD = TimeHeldDecoder.TEMPLATE_ID;
    private static final int CANCEL = CancelSessionsDecoder.TEMPLATE_ID;

    private final PipelineFixture fixture = new PipelineFixture();
    private long arrivedNs;

    @Test
    void shouldReleaseOnlyWhatIsCommitted() throws Exception
    {
        final Pipeline pipeline = fixture.pipeline();
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.trySubmit(FakeCore.PLAIN, 20);

        assertEquals(2, pipeline.coreStage().doWork());
        assertEquals(0, pipeline.egressStage().doWork());
        assertEquals(2, pipeline.journalStage().doWork());
        assertEquals(List.of(), fixture.released);
        assertEquals(2, pipeline.egressStage().doWork());

        assertEquals(List.of(1L, 2L), fixture.released);
        assertEquals(2, fixture.batchEnd);
        assertEquals(1, fixture.journal.commits);
        assertEquals(0, pipeline.sharedStage().doWork());
    }

    @Test
    void shouldGiveEqualBytesWhateverTheBatches() throws Exception
    {
        final byte[] expected = run(1, 0);
        for (int seed = 1; seed <= 20; seed++)
        {
            assertArrayEquals(expected, run(1 + seed * 3 % 50, seed), "seed=" + seed);
        }
    }

    @Test
    void shouldRefuseSubmissionsAtThreeQuartersAndTheRestWhenFull() throws Exception
    {
        for (int i = 0; i < 12; i++)
        {
            assertTrue(fixture.trySubmit(FakeCore.PLAIN, 20));
        }
        assertFalse(fixture.trySubmit(FakeCore.PLAIN, 20));
        for (int i = 0; i < 4; i++)
        {
            assertTrue(fixture.tryPublish(FakeCore.PLAIN, 20));
        }
        assertFalse(fixture.tryPublish(FakeCore.PLAIN, 20));
        assertEquals(16, fixture.pipeline().occupancy());
        assertEquals(1, fixture.pipeline().counters().get(PipelineCounter.SUBMISSIONS_REFUSED));
        assertEquals(1, fixture.pipeline().counters().get(PipelineCounter.PUBLICATIONS_REFUSED));

        fixture.drain();

        assertEquals(16, fixture.released.size());
        assertEquals(0, fixture.pipeline().occupancy());
        assertTrue(fixture.trySubmit(FakeCore.PLAIN, 20));
    }

    @Test
    void shouldBoundLongCommandsByTheirBytes() throws Exception
    {
        fixture.context.overflowLengthMax(4L * CommandIngress.COMMAND_LENGTH_MAX);
        final int longest = CommandIngress.COMMAND_LENGTH_MAX - MessageHeaderDecoder.ENCODED_LENGTH;
        for (int i = 0; i < 3; i++)
        {
            assertTrue(fixture.trySubmit(FakeCore.PLAIN, longest));
        }
        assertFalse(fixture.trySubmit(FakeCore.PLAIN, longest));
        assertTrue(fixture.tryPublish(FakeCore.PLAIN, longest));
        assertFalse(fixture.tryPublish(FakeCore.PLAIN, 100));
        assertTrue(fixture.trySubmit(FakeCore.PLAIN, 20));

        fixture.drain();

        assertEquals(5, fixture.released.size());
        assertEquals(0, fixture.pipeline().overflowLength());
        assertTrue(fixture.trySubmit(FakeCore.PLAIN, longest));
    }

    @Test
    void shouldRefuseWhatIsNoCommandBeforeClaiming()
    {
        final Pipeline pipeline = fixture.pipeline();
        final UnsafeBuffer command = PipelineFixture.command(FakeCore.PLAIN, 20);
        final UnsafeBuffer huge = PipelineFixture.command(FakeCore.PLAIN, CommandIngress.COMMAND_LENGTH_MAX);
        assertThrows(IllegalArgumentException.class, () -> pipeline.trySubmit(command, 0, 7));
        assertThrows(IllegalArgumentException.class, () -> pipeline.trySubmit(huge, 0, huge.capacity()));
        assertThrows(IndexOutOfBoundsException.class, () -> pipeline.trySubmit(command, 8, command.capacity()));
        command.putShort(2, (short)103);
        assertThrows(IllegalArgumentException.class, () -> pipeline.trySubmit(command, 0, command.capacity()));
        assertEquals(0, pipeline.occupancy());
    }

    @Test
    void shouldHandleContinuesBeforeTheNextInput() throws Exception
    {
        fixture.trySubmit(FakeCore.NEEDS_CONTINUE, 20);
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.context.batchMax(2);
        fixture.drain();

        final int next = ContinueDecoder.TEMPLATE_ID;
        assertEquals(List.of(CANCEL, next, next, next, CANCEL), fixture.releasedTemplates);
        assertEquals(3, fixture.pipeline().counters().get(PipelineCounter.CONTINUED));
    }

    @Test
    void shouldFeedTimePassedOnlyWhenSomethingIsDue() throws Exception
    {
        fixture.trySubmit(FakeCore.SETS_TIMER, 20);
        fixture.drain();
        fixture.nowNs += 999;
        fixture.drain();
        assertEquals(List.of(CANCEL), fixture.releasedTemplates);

        fixture.nowNs++;
        fixture.drain();
        assertEquals(List.of(CANCEL, TimePassedDecoder.TEMPLATE_ID), fixture.releasedTemplates);

        fixture.trySubmit(FakeCore.SETS_TIMER, 20);
        fixture.drain();
        fixture.nowNs += 1_000;
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.drain();
        assertEquals(4, fixture.released.size());
        assertEquals(2, fixture.core.timersExpired);
    }

    private void begin() throws Exception
    {
        arrivedNs = fixture.nowNs;
        fixture.context.arrivedNs(() -> arrivedNs);
        fixture.trySubmit(FakeCore.SETS_TIMER, 20);
        fixture.drain();
        fixture.releasedTemplates.clear();
    }

    @Test
    void shouldTellThatNobodyWasHeardBeforeAnythingThatWaited() throws Exception
    {
        begin();
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.nowNs += HELD_NS;
        arrivedNs = fixture.nowNs;
        fixture.drain();
        assertEquals(List.of(HELD, CANCEL), fixture.releasedTemplates);
        assertEquals(2 * HELD_NS, fixture.pipeline().counters().get(PipelineCounter.HELD_NS));
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.nowNs += HELD_NS - 1;
        fixture.drain();
        assertEquals(List.of(HELD, CANCEL, CANCEL), fixture.releasedTemplates, "each pause is told once");
    }

    @Test
    void shouldTellThatNobodyWasHeardBeforeATimerWhileInputIsHeldUpBeforeTheRing() throws Exception
    {
        begin();
        for (int i = 0; i < 3; i++)
        {
            fixture.nowNs += HELD_NS;
            fixture.core.nextDeadlineNs = fixture.nowNs;
            fixture.drain();
        }
        assertEquals(List.of(HELD, HELD, HELD), fixture.releasedTemplates);
        assertEquals(4 * HELD_NS, fixture.pipeline().counters().get(PipelineCounter.HELD_NS));
        arrivedNs = fixture.nowNs;
        fixture.drain();
        fixture.nowNs += HELD_NS / 2;
        fixture.core.nextDeadlineNs = fixture.nowNs;
        fixture.drain();
        assertEquals(List.of(HELD, HELD, HELD, TimePassedDecoder.TEMPLATE_ID), fixture.releasedTemplates);
    }

    @Test
    void shouldTellThatNobodyWasHeardOnceItHasCaughtUpIfNothingIsDueBefore() throws Exception
    {
        begin();
        fixture.core.nextDeadlineNs = Long.MAX_VALUE;
        fixture.nowNs += 10 * HELD_NS;
        fixture.drain();
        assertEquals(List.of(), fixture.releasedTemplates);
        arrivedNs = fixture.nowNs;
        fixture.drain();
        assertEquals(List.of(HELD), fixture.releasedTemplates);
        assertEquals(10 * HELD_NS, fixture.pipeline().counters().get(PipelineCounter.HELD_NS));
        fixture.nowNs += HELD_NS / 2;
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.drain();
        assertEquals(List.of(HELD, CANCEL), fixture.releasedTemplates, "all that came in was handled at once");
    }

    @Test
    void shouldBeginWithACommandFromTheRing() throws Exception
    {
        fixture.core.nextDeadlineNs = 1;
        fixture.core.continuesLeft = 1;
        fixture.drain();
        assertEquals(List.of(), fixture.released);

        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.drain();
        assertEquals(List.of(CANCEL, ContinueDecoder.TEMPLATE_ID), fixture.releasedTemplates);
    }

    @Test
    void shouldNotLetTimeFall() throws Exception
    {
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.drain();
        fixture.nowNs -= 500_000;
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.drain();
        assertEquals(2, fixture.released.size());
        assertEquals(1_000_000, fixture.core.timestampNs());
    }

    @Test
    void shouldRestWhileRecordBufferIsFull() throws Exception
    {
        final Pipeline pipeline = fixture.pipeline();
        int taken = 0;
        for (int round = 0; round < 100; round++)
        {
            while (fixture.tryPublish(FakeCore.MANY_EVENTS, 4_000))
            {
                taken++;
            }
            pipeline.coreStage().doWork();
        }
        assertTrue(pipeline.counters().get(PipelineCounter.BACK_PRESSURED) > 0);
        assertEquals(0, pipeline.coreStage().doWork());
        assertEquals(16, pipeline.occupancy());

        pipeline.journalStage().doWork();
        assertEquals(0, pipeline.coreStage().doWork(), "room comes back with release, not with the journal");
        pipeline.egressStage().doWork();
        assertTrue(pipeline.coreStage().doWork() > 0);

        fixture.drain();
        assertEquals(LongStream.rangeClosed(1, taken).boxed().toList(), fixture.released);
    }

    @Test
    void shouldJournalAndSyncPoisonedCommandThenStop() throws Exception
    {
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.trySubmit(FakeCore.THROWS, 200);
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.drain();

        assertEquals(List.of(FatalHandler.EXIT_INTERNAL), fixture.exitCodes);
        assertEquals("planted", fixture.cause.getMessage());
        assertEquals(2, fixture.journal.committed);
        assertFalse(fixture.trySubmit(FakeCore.PLAIN, 20), "nothing may be accepted any more");

        final UnsafeBuffer journal = new UnsafeBuffer(fixture.journal.bytes.toByteArray());
        final RecordFlyweight record = new RecordFlyweight().wrap(journal, 0);
        record.wrap(journal, record.length());
        assertEquals(0, record.eventsLength());
        final PoisonedDecoder poisoned = new PoisonedDecoder();
        poisoned.wrapAndApplyHeader(journal, record.commandOffset(), new MessageHeaderDecoder());
        assertEquals(CANCEL, poisoned.templateId());
        assertEquals(77, poisoned.source());
        assertEquals(0x0102_0304_0506_0700L + FakeCore.THROWS, poisoned.correlationId());
        assertTrue(poisoned.exception().startsWith("java.lang.IllegalStateException: planted\n at "));
        final byte[] command = new byte[poisoned.commandLength()];
        poisoned.getCommand(command, 0, command.length);
        assertArrayEquals(PipelineFixture.command(FakeCore.THROWS, 200).byteArray(), command);
    }

    @Test
    void shouldKeepTheLongestPoisonedCommandWhole() throws Exception
    {
        final int longest = CommandIngress.COMMAND_LENGTH_MAX - MessageHeaderDecoder.ENCODED_LENGTH;
        assertTrue(fixture.trySubmit(FakeCore.THROWS, longest));
        fixture.drain();
        assertEquals(List.of(FatalHandler.EXIT_INTERNAL), fixture.exitCodes);
        assertEquals(1, fixture.journal.committed);
    }

    @Test
    void shouldReleaseNothingAfterFailedAppend() throws Exception
    {
        shouldStop(() -> fixture.journal.failAppendAt = 3, FatalHandler.EXIT_JOURNAL);
    }

    @Test
    void shouldReleaseNothingAfterFailedCommit() throws Exception
    {
        shouldStop(() -> fixture.journal.failCommit = true, FatalHandler.EXIT_JOURNAL);
    }

    @Test
    void shouldStopWhenEgressThrows() throws Exception
    {
        shouldStop(() -> fixture.failRelease = true, FatalHandler.EXIT_INTERNAL);
    }

    private void shouldStop(final Runnable breakIt, final int exitCode) throws Exception
    {
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.drain();
        breakIt.run();
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.drain();
        assertEquals(List.of(exitCode), fixture.exitCodes);

        fixture.journal.failAppendAt = Long.MAX_VALUE;
        fixture.journal.failCommit = false;
        fixture.failRelease = false;
        for (final Agent stage : List.of(
            fixture.pipeline().coreStage(), fixture.pipeline().journalStage(), fixture.pipeline().egressStage()))
        {
            assertEquals(0, stage.doWork());
        }
        assertEquals(List.of(1L), fixture.released);
        assertEquals(1, fixture.exitCodes.size());
    }

    /** The same commands at the same times, in batches and stage orders that depend on the seed. */
    private static byte[] run(final int batchMax, final int seed) throws Exception
    {
        final PipelineFixture run = new PipelineFixture();
        run.context.batchMax(batchMax);
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Agent> stages = List.of(
            run.pipeline().coreStage(), run.pipeline().journalStage(), run.pipeline().egressStage());
        for (int i = 0; i < 3_000; i++)
        {
            final byte order = i % 97 == 0 ? FakeCore.MANY_EVENTS : i % 11 == 0 ? FakeCore.NEEDS_CONTINUE : 0;
            final int bodyLength = 16 + i * 37 % (i % 50 == 0 ? 9_000 : 200);
            while (!run.tryPublish(order, bodyLength))
            {
                stages.get(random.nextInt(3)).doWork();
            }
            if (i % 100 == 99)
            {
                // Between rests, so that every run gives the same time to the same command.
                run.drain();
                run.nowNs += 17;
            }
        }
        run.drain();
        assertTrue(run.journal.bytes.size() > 4 * run.context.recordBufferLength());
        return run.journal.bytes.toByteArray();
    }
}
