package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.pipeline.CommandHandler;
import io.plimsoll.core.pipeline.Pipeline;
import io.plimsoll.core.pipeline.PipelineContext;
import io.plimsoll.core.pipeline.PipelineCounter;
import io.plimsoll.core.pipeline.RecordJournal;
import io.plimsoll.core.pipeline.RecordReleaser;
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
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * By hand: what the pipeline makes of a core that costs nothing, beside a raw Chronicle append of the same bytes, and
 * how fast the journal restores. Arguments: directory, commands, batch, rounds.
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
            core(commands, batch);
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
                final long startCpuNs = cpuNs();
                for (int i = 1; i <= commands; i++)
                {
                    appender.writeBytes(pointer);
                    if (sync && i % batch == 0)
                    {
                        channel.force(false);
                    }
                }
                report("raw " + (sync ? "sync" : "async"), commands, startNs, startCpuNs);
            }
        }
    }

    /** All on this thread, in its CPU time: steadier than wall time on a machine that has other things to do. */
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
            final Pipeline pipeline = newPipeline(speed, batch, journal.startWriting());
            final UnsafeBuffer command = newCommand();
            final long startNs = System.nanoTime();
            final long startCpuNs = cpuNs();
            int published = 0;
            while (speed.released.get() < commands)
            {
                for (int i = 0; i < batch && published < commands; i++)
                {
                    published += pipeline.tryPublish(command, 0, COMMAND_LENGTH) ? 1 : 0;
                }
                pipeline.sharedStage().doWork();
            }
            report("pipeline " + (sync ? "sync" : "async"), commands, startNs, startCpuNs);
            LOGGER.info("    commit_max_ns {} append_max_ns {}",
                pipeline.counters().get(PipelineCounter.COMMIT_MAX_NS),
                pipeline.counters().get(PipelineCounter.APPEND_MAX_NS));
        }
    }

    /** The core alone, behind ring and egress: a in the formula of the limit. */
    private static void core(final int commands, final int batch) throws Exception
    {
        final PipelineSpeed speed = new PipelineSpeed();
        final Pipeline pipeline = newPipeline(speed, batch, new RecordJournal()
        {
            @Override
            public void append(final RecordFlyweight record)
            {
                record.sequence();
            }

            @Override
            public void commit()
            {
            }
        });
        final UnsafeBuffer command = newCommand();
        final long startNs = System.nanoTime();
        final long startCpuNs = cpuNs();
        int published = 0;
        while (speed.released.get() < commands)
        {
            for (int i = 0; i < batch && published < commands; i++)
            {
                published += pipeline.tryPublish(command, 0, COMMAND_LENGTH) ? 1 : 0;
            }
            pipeline.sharedStage().doWork();
        }
        report("no journal", commands, startNs, startCpuNs);
    }

    private static UnsafeBuffer newCommand()
    {
        final UnsafeBuffer command = new UnsafeBuffer(new byte[COMMAND_LENGTH]);
        new CancelSessionsEncoder().wrapAndApplyHeader(command, 0, new MessageHeaderEncoder()).source(1);
        return command;
    }

    private static Pipeline newPipeline(final PipelineSpeed speed, final int batch, final RecordJournal journal)
    {
        return new Pipeline(
            new PipelineContext()
                .batchMax(batch)
                .epochClock(() -> System.currentTimeMillis() * 1_000_000)
                .nanoClock(System::nanoTime)
                .fatalHandler((exitCode, cause) -> LOGGER.error("failed", cause)),
            speed,
            journal,
            speed);
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
                final long startCpuNs = cpuNs();
                journal.restore(record -> record.forEachEvent(consumer));
                report("restored events", events[0], startNs, startCpuNs);
            }
        }
    }

    private static long cpuNs()
    {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void report(final String what, final long count, final long startNs, final long startCpuNs)
    {
        final long ns = System.nanoTime() - startNs;
        final long cpuNs = cpuNs() - startCpuNs;
        LOGGER.info(String.format(
            Locale.ROOT, "%-16s %,12d/s %5d ns cpu each", what, count * 1_000_000_000L / ns, cpuNs / count));
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
