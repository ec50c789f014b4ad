package io.plimsoll.manager.egress;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * What egress has for event loops, kept back for a moment so that a loop is woken once for all of it: waking costs
 * more than deciding a submission. Each thread that releases records has one of its own, open from the first record of
 * a batch to its end; outside of that, and on other threads, tasks go at once.
 */
public final class Handover
{
    private static final ThreadLocal<Handover> OF_THREAD = new ThreadLocal<>();
    /** Enough to be cheap, few enough that the first of them does not wait for long. */
    private static final int TASKS_MAX = 32;
    private static final int RECORDS_MAX = 64;
    /** Longer records take longer than the wake-up that is saved. */
    private static final int RECORD_LENGTH_MAX = 8 * 1024;

    private final List<Executor> loops = new ArrayList<>();
    private final List<List<Runnable>> tasksOfLoops = new ArrayList<>();
    private int taskCount;
    private int recordCount;
    private boolean open;

    Handover()
    {
    }

    /**
     * Has a loop run something, soon. Any thread; the order of tasks from one thread to one loop is kept among those
     * that come this way.
     *
     * @param loop that runs it; if it runs nothing any more, the task is dropped.
     * @param task whose errors are the loop's.
     */
    public static void execute(final Executor loop, final Runnable task)
    {
        final Handover open = OF_THREAD.get();
        if (null == open)
        {
            tryExecute(loop, task);
        }
        else
        {
            open.add(loop, task);
        }
    }

    /** Before a record; opens it. */
    void onRecordBegin(final int recordLength)
    {
        if (recordLength > RECORD_LENGTH_MAX || recordCount == RECORDS_MAX)
        {
            flush();
        }
        recordCount++;
        if (!open)
        {
            open = true;
            OF_THREAD.set(this);
        }
    }

    /** After the last record of a batch; closes it. */
    void onBatchEnd()
    {
        open = false;
        OF_THREAD.remove();
        flush();
    }

    private void add(final Executor loop, final Runnable task)
    {
        int index = 0;
        while (index < loops.size() && loops.get(index) != loop)
        {
            index++;
        }
        if (index == loops.size())
        {
            loops.add(loop);
            tasksOfLoops.add(new ArrayList<>());
        }
        tasksOfLoops.get(index).add(task);
        taskCount++;
        if (TASKS_MAX == taskCount)
        {
            flush();
        }
    }

    private void flush()
    {
        recordCount = 0;
        if (0 == taskCount)
        {
            return;
        }
        for (int i = 0; i < loops.size(); i++)
        {
            final Executor loop = loops.get(i);
            final List<Runnable> tasks = tasksOfLoops.get(i);
            tryExecute(loop, 1 == tasks.size() ? tasks.get(0) : () -> run(loop, tasks, 0));
        }
        loops.clear();
        tasksOfLoops.clear();
        taskCount = 0;
    }

    /** On the loop. One that throws does not keep those behind it from being run. */
    private static void run(final Executor loop, final List<Runnable> tasks, final int from)
    {
        int index = from;
        try
        {
            while (index < tasks.size())
            {
                tasks.get(index++).run();
            }
        }
        finally
        {
            final int next = index;
            if (next < tasks.size())
            {
                tryExecute(loop, () -> run(loop, tasks, next));
            }
        }
    }

    private static void tryExecute(final Executor loop, final Runnable task)
    {
        try
        {
            loop.execute(task);
        }
        catch (final RejectedExecutionException ex)
        {
            // The loop has ended, and its connections with it: there is nobody left to tell.
            return;
        }
    }
}
