package io.plimsoll.core.pipeline;

import io.plimsoll.core.RecordFlyweight;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The pipeline on real threads: nothing lost, nothing doubled, nobody sleeps through work. */
class PipelineThreadsTest implements RecordReleaser
{
    private static final int PRODUCERS = 3;
    private static final int COMMANDS = 20_000;
    private static final long DEADLINE_NS = 60_000_000_000L;

    private final FakeCore core = new FakeCore();
    private final FakeJournal journal = new FakeJournal();
    private final List<AgentRunner> runners = new ArrayList<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong released = new AtomicLong();
    private final AtomicLong nowNs = new AtomicLong(1);
    private final long[] seen = new long[PRODUCERS];
    private Pipeline pipeline;

    @AfterEach
    void close()
    {
        runners.forEach(AgentRunner::close);
        assertEquals(List.of(), List.copyOf(failures));
    }

    @ParameterizedTest
    @EnumSource(IdleKind.class)
    void shouldCarryAllOnOneThread(final IdleKind kind) throws Exception
    {
        // Three producers and a spinner on few cores: less work, the same order.
        start(kind, ThreadingMode.SHARED);
        produce(IdleKind.SPIN == kind ? COMMANDS / 10 : COMMANDS);
    }

    @ParameterizedTest
    @EnumSource(value = IdleKind.class, names = {"BLOCKING", "BACKOFF", "YIELDING"})
    void shouldCarryAllOnThreeThreads(final IdleKind kind) throws Exception
    {
        start(kind, ThreadingMode.DEDICATED);
        produce(COMMANDS);
    }

    @Test
    void shouldWakeForEachSingleCommand()
    {
        start(IdleKind.BLOCKING, ThreadingMode.DEDICATED);
        for (int i = 1; i <= 2_000; i++)
        {
            final long expected = i;
            assertTrue(publish(0, i));
            await(() -> released.get() == expected);
        }
    }

    private void start(final IdleKind kind, final ThreadingMode mode)
    {
        final PipelineContext context = new PipelineContext()
            .ringSize(256)
            .inlineLength(64)
            .recordBufferLength(256 << 10)
            .batchMax(64)
            .idleKind(kind)
            .threadingMode(mode)
            .epochClock(nowNs::get)
            .nanoClock(nowNs::get)
            .fatalHandler((exitCode, cause) -> failures.add(cause));
        pipeline = new Pipeline(context, core, journal, this);
        if (ThreadingMode.SHARED == mode)
        {
            run(pipeline.sharedStage(), pipeline.coreIdle());
        }
        else
        {
            run(pipeline.coreStage(), pipeline.coreIdle());
            run(pipeline.journalStage(), pipeline.journalIdle());
            run(pipeline.egressStage(), pipeline.egressIdle());
        }
    }

    private void run(final Agent agent, final IdleStrategy idle)
    {
        final AgentRunner runner = new AgentRunner(idle, failures::add, null, agent);
        runners.add(runner);
        AgentRunner.startOnThread(runner);
    }

    private void produce(final int commands) throws InterruptedException
    {
        final List<Thread> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++)
        {
            final int producer = i;
            final Thread thread = new Thread(() ->
            {
                for (int number = 1; number <= commands; number++)
                {
                    while (!publish(producer, number))
                    {
                        Thread.yield();
                    }
                }
            });
            producers.add(thread);
            thread.start();
        }
        for (final Thread thread : producers)
        {
            thread.join();
        }
        await(() -> released.get() == (long)PRODUCERS * commands);
        assertEquals(released.get(), journal.committed);
    }

    private boolean publish(final int producer, final int number)
    {
        final UnsafeBuffer command =
            PipelineFixture.command(FakeCore.PLAIN, number % 20 == 0 ? 100 + number % 1_000 : 24);
        command.putInt(16, producer);
        command.putInt(20, number);
        return pipeline.tryPublish(command, 0, command.capacity());
    }

    private void await(final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean() && System.nanoTime() < deadlineNs && failures.isEmpty())
        {
            // Spinning would take the core from those it waits for, where there is but one.
            Thread.yield();
        }
        assertTrue(condition.getAsBoolean(), "released=" + released + " failures=" + failures);
    }

    @Override
    public void onRecord(final RecordFlyweight record)
    {
        final int producer = record.buffer().getInt(record.commandOffset() + 16);
        final int number = record.buffer().getInt(record.commandOffset() + 20);
        if (++seen[producer] != number)
        {
            throw new IllegalStateException(
                "producer=" + producer + " number=" + number + " expected=" + seen[producer]);
        }
    }

    @Override
    public void onBatchEnd(final long sequence)
    {
        released.set(sequence);
    }
}
