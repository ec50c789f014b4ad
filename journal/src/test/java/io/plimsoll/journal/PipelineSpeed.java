package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.pipeline.CommandHandler;
import io.plimsoll.core.pipeline.IdleKind;
import io.plimsoll.core.pipeline.Pipeline;
import io.plimsoll.core.pipeline.PipelineContext;
import io.plimsoll.core.pipeline.PipelineCounter;
import io.plimsoll.core.pipeline.RecordReleaser;
import io.plimsoll.core.pipeline.ThreadingMode;
import io.plimsoll.core.sbe.CancelSessionsEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * By hand: what the pipeline makes of a core that costs nothing, beside a raw Chronicle append of the same bytes, and
 * how fast the journal restores. Arguments: directory, commands, batch.
 */
final class PipelineSpeed implements CommandHandler, RecordReleaser
{
    private static final Logger LOGGER = LoggerFactory.getLogger(PipelineSpeed.class);
    private static final int COMMAND_LENGTH = 256;
    private static final int EVENTS = 3;
    private static final int EVENT_LENGTH = 72;

    private final AtomicLong released = new AtomicLong();
    private long sequence;
    private long timestampNs;

    private PipelineSpeed()
    {
    }

    public static void main(final String[] args) throws Exception
    {
        final Path directory = Path.of(args[0]);
        final int commands = Integer.parseInt(args[1]);
        final int batch = Integer.parseInt(args[2]);
        final int rounds = Integer.parseInt(args[3]);
        for (int round = 0; round < rounds; round++)
        {
            for (final boolean sync : new boolean[]{false, true})
            {
                raw(directory.resolve("raw-" + sync + round), commands, batch, sync);
                pipeline(directory.resolve("pipe-" + sync + round), commands, batch, sync);
            }
            restore(directory.resolve("pipe-false" + round));
        }
    }

    private static void raw(final Path directory, final int commands, final int batch, final boolean sync)
        throws Exception
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(4096, 64));
        final PointerBytesStore pointer = new PointerBytesStore();
        pointer.set(buffer.addressOffset(), ExcerptFlyweight.RECORD_OFFSET + RecordFlyweight.COMMAND_OFFSET +
            COMMAND_LENGTH + EVENTS * (EVENT_LENGTH + 8));
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory.toFile())
            .timeProvider(() -> 0L).rollCycle(RollCycles.FAST_DAILY).blockSize(JournalDefaults.BLOCK_LENGTH)
            .syncMode(SyncMode.NONE).build())
        {
            final ExcerptAppender appender = queue.createAppender();
            appender.writeBytes(pointer);
            try (FileChannel channel = FileChannel.open(
                directory.resolve(ChronicleRecordLog.FILE), StandardOpenOption.WRITE))
            {
                final long startNs = System.nanoTime();
                for (int i = 1; i <= commands; i++)
                {
                    appender.writeBytes(pointer);
                    if (sync && i % batch == 0)
                    {
                        channel.force(false);
                    }
                }
                report("raw " + (sync ? "sync" : "async"), commands, System.nanoTime() - startNs);
            }
        }
    }

    private static void pipeline(final Path directory, final int commands, final int batch, final boolean sync)
        throws Exception
    {
        final JournalContext context = new JournalContext()
            .directory(directory)
            .commitMode(sync ? CommitMode.SYNC : CommitMode.ASYNC);
        final PipelineSpeed speed = new PipelineSpeed();
        try (Journal journal = Journal.open(context))
        {
            journal.restore(record -> {});
            final List<Throwable> failures = new ArrayList<>();
            final Pipeline pipeline = new Pipeline(
                new PipelineContext()
                    .batchMax(batch)
                    .threadingMode(ThreadingMode.SHARED)
                    .idleKind(IdleKind.BLOCKING)
                    .epochClock(() -> System.currentTimeMillis() * 1_000_000)
                    .nanoClock(System::nanoTime)
                    .fatalHandler((exitCode, cause) -> failures.add(cause)),
                speed,
                journal.startWriting(),
                speed);
            final AgentRunner runner =
                new AgentRunner(pipeline.coreIdle(), failures::add, null, pipeline.sharedStage());
            final UnsafeBuffer command = new UnsafeBuffer(new byte[COMMAND_LENGTH]);
            new CancelSessionsEncoder().wrapAndApplyHeader(command, 0, new MessageHeaderEncoder()).source(1);
            AgentRunner.startOnThread(runner);
            final long startNs = System.nanoTime();
            for (int i = 0; i < commands; i++)
            {
                spinUntil(() -> pipeline.tryPublish(command, 0, COMMAND_LENGTH));
            }
            spinUntil(() -> speed.released.get() == commands || !failures.isEmpty());
            report("pipeline " + (sync ? "sync" : "async"), commands, System.nanoTime() - startNs);
            for (final PipelineCounter counter : PipelineCounter.values())
            {
                LOGGER.info("    {} {}", counter.label(), pipeline.counters().get(counter));
            }
            runner.close();
            failures.forEach(failure -> LOGGER.error("failed", failure));
        }
    }

    private static void restore(final Path directory)
    {
        for (int i = 0; i < 3; i++)
        {
            try (Journal journal = Journal.open(new JournalContext().directory(directory)))
            {
                final long[] events = new long[1];
                final RecordFlyweight.EventConsumer consumer = (buffer, offset, length) -> events[0]++;
                final long startNs = System.nanoTime();
                journal.restore(record -> record.forEachEvent(consumer));
                report("restored events", events[0], System.nanoTime() - startNs);
            }
        }
    }

    private static void spinUntil(final BooleanSupplier condition)
    {
        while (!condition.getAsBoolean())
        {
            Thread.yield();
        }
    }

    private static void report(final String what, final long count, final long ns)
    {
        LOGGER.info(String.format(Locale.ROOT, "%-16s %,d/s", what, count * 1_000_000_000L / ns));
    }

    @Override
    public int onCommand(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long commandSequence,
        final long commandTimestampNs,
        final MutableDirectBuffer eventsBuffer,
        final int eventsOffset)
    {
        sequence = commandSequence;
        timestampNs = commandTimestampNs;
        int position = eventsOffset;
        for (int i = 0; i < EVENTS; i++)
        {
            eventsBuffer.putLong(position, EVENT_LENGTH);
            eventsBuffer.setMemory(position + 8, EVENT_LENGTH, (byte)i);
            position += EVENT_LENGTH + 8;
        }
        return position - eventsOffset;
    }

    @Override
    public int eventsLengthMax()
    {
        return 256 << 10;
    }

    @Override
    public boolean continueNeeded()
    {
        return false;
    }

    @Override
    public long nextDeadlineNs()
    {
        return Long.MAX_VALUE;
    }

    @Override
    public long sequence()
    {
        return sequence;
    }

    @Override
    public long timestampNs()
    {
        return timestampNs;
    }

    @Override
    public void onRecord(final RecordFlyweight record)
    {
        record.sequence();
    }

    @Override
    public void onBatchEnd(final long endSequence)
    {
        released.setRelease(endSequence);
    }
}
