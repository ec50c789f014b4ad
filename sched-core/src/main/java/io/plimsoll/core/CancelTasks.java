package io.plimsoll.core;

import org.agrona.collections.LongArrayList;

/** Cancellations that were too large for one command, in the order in which they came. */
final class CancelTasks
{
    static final int TASKS_MAX = 1024;
    private static final int FIXED = 7;
    private static final int TASK_ID = 0;
    private static final int CORRELATION_ID = 1;
    private static final int SOURCE = 2;
    private static final int CANCELLED = 3;
    private static final int ALREADY_ENDED = 4;
    private static final int UNKNOWN = 5;
    private static final int RANGES = 6;

    /** For each task the fixed part and two numbers a range, one task after the other. */
    private final LongArrayList tasks = new LongArrayList();
    private int count;

    boolean isEmpty()
    {
        return 0 == count;
    }

    int count()
    {
        return count;
    }

    long taskId()
    {
        return tasks.getLong(TASK_ID);
    }

    long correlationId()
    {
        return tasks.getLong(CORRELATION_ID);
    }

    int source()
    {
        return (int)tasks.getLong(SOURCE);
    }

    long cancelled()
    {
        return tasks.getLong(CANCELLED);
    }

    long alreadyEnded()
    {
        return tasks.getLong(ALREADY_ENDED);
    }

    long unknown()
    {
        return tasks.getLong(UNKNOWN);
    }

    int ranges()
    {
        return (int)tasks.getLong(RANGES);
    }

    long firstId(final int range)
    {
        return tasks.getLong(FIXED + 2 * range);
    }

    long lastId(final int range)
    {
        return tasks.getLong(FIXED + 2 * range + 1);
    }

    /** Whether a task is the first one: its progress takes the place of what was known. */
    boolean isFirst(final long taskId)
    {
        return count > 0 && taskId == taskId();
    }

    void removeFirst()
    {
        final int length = FIXED + 2 * ranges();
        final int left = tasks.size() - length;
        for (int i = 0; i < left; i++)
        {
            tasks.setLong(i, tasks.getLong(i + length));
        }
        for (int i = 0; i < length; i++)
        {
            tasks.removeAt(tasks.size() - 1);
        }
        count--;
    }

    void add(
        final long taskId,
        final long correlationId,
        final int source,
        final long cancelled,
        final long alreadyEnded,
        final long unknown,
        final LongArrayList ranges)
    {
        final LongArrayList behind = new LongArrayList();
        final boolean first = isFirst(taskId);
        if (first)
        {
            removeFirst();
            behind.addAll(tasks);
            tasks.clear();
        }
        tasks.addLong(taskId);
        tasks.addLong(correlationId);
        tasks.addLong(source);
        tasks.addLong(cancelled);
        tasks.addLong(alreadyEnded);
        tasks.addLong(unknown);
        tasks.addLong(ranges.size() / 2);
        tasks.addAll(ranges);
        tasks.addAll(behind);
        count++;
    }

    long hash(final long seed)
    {
        long hash = seed;
        for (int i = 0; i < tasks.size(); i++)
        {
            hash = Hashing.chain(hash, tasks.getLong(i));
        }
        return hash;
    }

    void transfer(final StateBlocks blocks)
    {
        final long[] read = blocks.longs(StateBlocks.CANCEL_TASKS, 0, tasks.toLongArray());
        count = (int)blocks.fixed(StateBlocks.CANCEL_TASKS, 1, count)[0];
        tasks.clear();
        for (final long value : read)
        {
            tasks.addLong(value);
        }
    }
}
