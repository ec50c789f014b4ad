package io.plimsoll.manager.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When event loops are woken, and for how much. */
class HandoverTest
{
    private static final int SHORT = 200;
    private static final int LONG = 64 * 1024;

    private final Handover handover = new Handover();
    private final Deque<Runnable> woken = new ArrayDeque<>();
    private final Executor loop = woken::add;
    private final List<Integer> done = new ArrayList<>();

    @AfterEach
    void close()
    {
        handover.onBatchEnd();
    }

    @Test
    void shouldGoAtOnceOutsideOfBatches()
    {
        give(1);
        give(2);
        assertEquals(2, woken.size());
        handover.onRecordBegin(SHORT);
        handover.onBatchEnd();
        give(3);
        run();
        assertEquals(List.of(1, 2, 3), done);
    }

    @Test
    void shouldWakeOnceForShortRecordsOfABatch()
    {
        for (int i = 0; i < 5; i++)
        {
            handover.onRecordBegin(SHORT);
            give(i);
        }
        assertEquals(0, woken.size());
        handover.onBatchEnd();
        assertEquals(1, woken.size());
        run();
        assertEquals(List.of(0, 1, 2, 3, 4), done);
    }

    @Test
    void shouldWakeEachLoopForItsOwn()
    {
        final Deque<Runnable> other = new ArrayDeque<>();
        final Executor otherLoop = other::add;
        handover.onRecordBegin(SHORT);
        give(1);
        Handover.execute(otherLoop, () -> done.add(2));
        give(3);
        handover.onBatchEnd();
        run();
        assertEquals(List.of(1, 3), done);
        other.poll().run();
        assertEquals(List.of(1, 3, 2), done);
        assertEquals(0, other.size());
    }

    @Test
    void shouldNotKeepTasksBackForALongRecord()
    {
        handover.onRecordBegin(SHORT);
        give(1);
        handover.onRecordBegin(LONG);
        assertEquals(1, woken.size());
    }

    @Test
    void shouldNotKeepTasksBackForManyRecordsOrManyTasks()
    {
        handover.onRecordBegin(SHORT);
        give(0);
        IntStream.range(0, 64).forEach(i -> handover.onRecordBegin(SHORT));
        assertEquals(1, woken.size());
        IntStream.range(0, 31).forEach(this::give);
        assertEquals(1, woken.size());
        give(31);
        assertEquals(2, woken.size());
    }

    @Test
    void shouldRunTheRestWhenOneFails()
    {
        handover.onRecordBegin(SHORT);
        give(1);
        Handover.execute(loop, () ->
        {
            throw new IllegalStateException("on purpose");
        });
        give(2);
        handover.onBatchEnd();
        assertThrows(IllegalStateException.class, this::run);
        run();
        assertEquals(List.of(1, 2), done);
    }

    @Test
    void shouldDropWhatIsForALoopThatHasEnded()
    {
        final Executor ended = task ->
        {
            throw new RejectedExecutionException("on purpose");
        };
        Handover.execute(ended, () -> done.add(1));
        handover.onRecordBegin(SHORT);
        Handover.execute(ended, () -> done.add(2));
        give(3);
        handover.onBatchEnd();
        run();
        assertEquals(List.of(3), done);
    }

    private void give(final int number)
    {
        Handover.execute(loop, () -> done.add(number));
    }

    private void run()
    {
        while (!woken.isEmpty())
        {
            woken.poll().run();
        }
    }
}
