package io.plimsoll.bench.pipeline;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.pipeline.PipelineDefaults;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;

/** What ring and Chronicle do with the bytes of the benchmark when nobody decides anything. */
final class RawLimits
{
    private final List<UnsafeBuffer> records;
    private final UnsafeBuffer slab;
    private final int[] offsets;

    RawLimits(final SampleRecords sample)
    {
        records = sample.records();
        offsets = new int[records.size()];
        int total = 0;
        for (int i = 0; i < offsets.length; i++)
        {
            offsets[i] = total;
            total += records.get(i).capacity();
        }
        slab = new UnsafeBuffer(ByteBuffer.allocateDirect(total));
        for (int i = 0; i < offsets.length; i++)
        {
            slab.putBytes(offsets[i], records.get(i), 0, records.get(i).capacity());
        }
    }

    /**
     * One thread puts commands into a ring, the other appends records of the same number and length.
     *
     * @param directory  for the queue.
     * @param durationNs of the run.
     * @param batch      records between two forces to the disk, 0: never.
     * @return records in a second.
     */
    double ringAndAppend(final Path directory, final long durationNs, final int batch)
    {
        final int ringSize = PipelineDefaults.RING_SIZE;
        final UnsafeBuffer commands =
            new UnsafeBuffer(ByteBuffer.allocateDirect(ringSize * PipelineDefaults.INLINE_LENGTH));
        final RingBuffer<int[]> ring =
            RingBuffer.createMultiProducer(() -> new int[1], ringSize, new YieldingWaitStrategy());
        final Sequence consumed = new Sequence();
        ring.addGatingSequences(consumed);
        final AtomicBoolean stopped = new AtomicBoolean();
        final Thread producer = new Thread(() -> produce(ring, commands, stopped), "raw-producer");
        try (RawChronicle queue = new RawChronicle(directory))
        {
            producer.start();
            final long count = consume(ring, consumed, queue, durationNs, batch);
            stopped.set(true);
            join(producer);
            return count * 1e9 / durationNs;
        }
    }

    /**
     * Appends only, on this thread.
     *
     * @param directory  for the queue.
     * @param durationNs of the run.
     * @param batch      records between two forces to the disk, 0: never.
     * @return records in a second.
     */
    double append(final Path directory, final long durationNs, final int batch)
    {
        try (RawChronicle queue = new RawChronicle(directory))
        {
            final UnsafeBuffer view = new UnsafeBuffer(0, 0);
            final long startNs = System.nanoTime();
            long count = 0;
            while (System.nanoTime() - startNs < durationNs)
            {
                for (int i = 0; i < Math.max(1, batch); i++)
                {
                    appendNext(queue, view, count++);
                }
                if (batch > 0)
                {
                    queue.sync();
                }
            }
            return count * 1e9 / (System.nanoTime() - startNs);
        }
    }

    private void produce(final RingBuffer<int[]> ring, final UnsafeBuffer commands, final AtomicBoolean stopped)
    {
        int next = 0;
        while (!stopped.get())
        {
            if (!ring.hasAvailableCapacity(1))
            {
                Thread.yield();
                continue;
            }
            final long sequence = ring.next();
            final int index = next++ % offsets.length;
            final UnsafeBuffer record = records.get(index);
            final int length = record.getInt(RecordFlyweight.COMMAND_LENGTH_OFFSET);
            final int slot = (int)(sequence % ring.getBufferSize()) * PipelineDefaults.INLINE_LENGTH;
            commands.putBytes(slot, record, RecordFlyweight.COMMAND_OFFSET, length);
            ring.get(sequence)[0] = index;
            ring.publish(sequence);
        }
    }

    private long consume(
        final RingBuffer<int[]> ring,
        final Sequence consumed,
        final RawChronicle queue,
        final long durationNs,
        final int batch)
    {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        final long startNs = System.nanoTime();
        long count = 0;
        long inBatch = 0;
        long sequence = 0;
        while (System.nanoTime() - startNs < durationNs)
        {
            for (int i = 0; i < 64; i++)
            {
                if (!ring.isAvailable(sequence))
                {
                    Thread.onSpinWait();
                    break;
                }
                appendNext(queue, view, ring.get(sequence)[0]);
                consumed.set(sequence++);
                count++;
                inBatch++;
            }
            if (batch > 0 && inBatch >= batch)
            {
                queue.sync();
                inBatch = 0;
            }
        }
        return count;
    }

    private void appendNext(final RawChronicle queue, final UnsafeBuffer view, final long number)
    {
        final int index = (int)(number % offsets.length);
        final int length = records.get(index).capacity();
        view.wrap(slab, offsets[index], length);
        queue.append(view, length);
    }

    private static void join(final Thread thread)
    {
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
