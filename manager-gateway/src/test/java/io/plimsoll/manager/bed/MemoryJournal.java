package io.plimsoll.manager.bed;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.pipeline.RecordJournal;
import io.plimsoll.manager.view.RecordSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/** Records in memory, readable as far as they are committed. One thread. */
public final class MemoryJournal implements RecordJournal, RecordSource
{
    private final List<byte[]> records = new ArrayList<>();
    private int committed;
    private boolean commitHeld;
    private long oldestSequence = 1;

    @Override
    public void append(final RecordFlyweight record)
    {
        final byte[] bytes = new byte[record.length()];
        record.buffer().getBytes(record.offset(), bytes);
        records.add(bytes);
    }

    @Override
    public void commit()
    {
        if (commitHeld)
        {
            throw new IllegalStateException("the disk is gone");
        }
        committed = records.size();
    }

    /** From now on nothing can be committed. */
    public void failCommits()
    {
        commitHeld = true;
    }

    /** As if the disk had lied about the last records, which shows after a restart. */
    public void lose(final int count)
    {
        committed -= count;
    }

    /** As if older segments had been pruned. */
    public void pruneBelow(final long sequence)
    {
        oldestSequence = sequence;
    }

    /** As after a restart: what was not committed is gone. */
    public void restore(final Consumer<RecordFlyweight> consumer)
    {
        while (records.size() > committed)
        {
            records.remove(records.size() - 1);
        }
        commitHeld = false;
        final RecordFlyweight record = new RecordFlyweight();
        for (final byte[] bytes : records)
        {
            consumer.accept(record.wrap(new UnsafeBuffer(bytes), 0));
        }
    }

    public int size()
    {
        return records.size();
    }

    @Override
    public long oldestSequence()
    {
        return oldestSequence;
    }

    @Override
    public Cursor open(final long sequence)
    {
        return new Cursor()
        {
            private int index = (int)sequence - 1;

            @Override
            public boolean next(final RecordFlyweight record)
            {
                if (index >= committed)
                {
                    return false;
                }
                record.wrap(new UnsafeBuffer(records.get(index++)), 0);
                return true;
            }

            @Override
            public void close()
            {
                index = Integer.MAX_VALUE;
            }
        };
    }
}
