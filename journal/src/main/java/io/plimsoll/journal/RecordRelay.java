package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Shows records to a visitor on another thread, in order, some batches behind: one thread checks a journal while the
 * other decides what is in it. An error of the visitor is thrown on the first thread, at its next call.
 */
public final class RecordRelay implements RecordVisitor, AutoCloseable
{
    private static final int BATCHES = 4;
    private static final int BATCH_LENGTH = 1 << 21;

    /** Records one behind the other; one without any is the last. */
    private static final class Batch
    {
        private UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(BATCH_LENGTH, Long.BYTES));
        private int end;

        private boolean tryAdd(final RecordFlyweight record)
        {
            final int length = record.length();
            if (0 == end && length > buffer.capacity())
            {
                buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, Long.BYTES));
            }
            if (buffer.capacity() - end < length)
            {
                return false;
            }
            buffer.putBytes(end, record.buffer(), record.offset(), length);
            end += length;
            return true;
        }
    }

    private final RecordVisitor visitor;
    private final BlockingQueue<Batch> free = new ArrayBlockingQueue<>(BATCHES);
    private final BlockingQueue<Batch> full = new ArrayBlockingQueue<>(BATCHES);
    private final Thread thread;
    private Batch batch;
    private volatile Throwable failure;
    private boolean closed;

    /** Begins a thread, which ends with {@link #close()}. */
    public RecordRelay(final RecordVisitor visitor)
    {
        this.visitor = visitor;
        for (int i = 0; i < BATCHES; i++)
        {
            free.add(new Batch());
        }
        thread = new Thread(this::run, "plimsoll-record-relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void onRecord(final RecordFlyweight record)
    {
        if (null == batch)
        {
            batch = take(free);
        }
        if (!batch.tryAdd(record))
        {
            flush();
            batch = take(free);
            batch.tryAdd(record);
        }
    }

    private void flush()
    {
        check();
        full.add(batch);
        batch = null;
    }

    private void check()
    {
        if (failure instanceof Error error)
        {
            throw error;
        }
        if (failure instanceof RuntimeException error)
        {
            throw error;
        }
    }

    private static Batch take(final BlockingQueue<Batch> queue)
    {
        try
        {
            return queue.take();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new JournalException("interrupted while a journal was read");
        }
    }

    private void run()
    {
        final RecordFlyweight record = new RecordFlyweight();
        while (true)
        {
            final Batch next = take(full);
            if (0 == next.end)
            {
                return;
            }
            if (null == failure)
            {
                show(next, record);
            }
            next.end = 0;
            free.add(next);
        }
    }

    private void show(final Batch records, final RecordFlyweight record)
    {
        try
        {
            for (int at = 0; at < records.end; at += record.length())
            {
                visitor.onRecord(record.wrap(records.buffer, at));
            }
        }
        catch (final RuntimeException | Error error)
        {
            // Goes on taking batches, so that the other thread comes to look at this.
            failure = error;
        }
    }

    /** Waits until the visitor has seen all. */
    @Override
    public void close()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        if (null != batch && batch.end > 0)
        {
            full.add(batch);
            batch = null;
        }
        full.add(null == batch ? take(free) : batch);
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        check();
    }
}
