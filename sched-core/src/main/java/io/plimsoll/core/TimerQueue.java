package io.plimsoll.core;

/**
 * Deadlines off-heap, ordered by (deadline, id). Whoever schedules keeps the handle.
 *
 * <p>Most timers of one kind have the same duration, so they come in the order in which they will be due: those stand
 * in a lane, a list whose first alone is in the binary heap. A timer that comes out of order stands in the heap itself.
 * How timers are laid out depends on history, what comes out does not: no two entries have the same id.
 */
final class TimerQueue
{
    static final long NEVER = Long.MAX_VALUE;
    static final int LANES = 32;

    private static final int NO_LANE = -1;

    /* The heap, by position. */
    private final LongColumn deadlines = new LongColumn(0);
    private final LongColumn ids = new LongColumn(0);
    private final IntColumn handles = new IntColumn(0);
    /* Entries, by handle. */
    private final LongColumn deadlineOf = new LongColumn(0);
    private final LongColumn idOf = new LongColumn(0);
    private final IntColumn owners = new IntColumn(0);
    private final IntColumn lanes = new IntColumn(0);
    /** In the heap; of a free handle, the next free one. */
    private final IntColumn positions = new IntColumn(0);
    private final IntColumn previous = new IntColumn(0);
    private final IntColumn next = new IntColumn(0);
    private final int[] laneTails = new int[LANES];
    private int size;
    private int heapSize;
    private int handleCount;
    private int freeHandle;
    private int capacity;

    TimerQueue()
    {
        clear();
    }

    void clear()
    {
        size = 0;
        heapSize = 0;
        handleCount = 0;
        freeHandle = Table.NONE;
        for (int lane = 0; lane < LANES; lane++)
        {
            laneTails[lane] = Table.NONE;
        }
    }

    int size()
    {
        return size;
    }

    long bytes()
    {
        return deadlines.bytes() + ids.bytes() + handles.bytes() + deadlineOf.bytes() + idOf.bytes() +
            owners.bytes() + lanes.bytes() + positions.bytes() + previous.bytes() + next.bytes();
    }

    long nextDeadlineNs()
    {
        return 0 == size ? NEVER : deadlines.get(0);
    }

    long nextId()
    {
        return ids.get(0);
    }

    int nextOwner()
    {
        return owners.get(handles.get(0));
    }

    /** Returns the handle, to be kept by the owner. The lane is that of others of the same kind, below LANES. */
    int schedule(final int lane, final long deadlineNs, final long id, final int owner)
    {
        final int handle;
        if (Table.NONE == freeHandle)
        {
            ensure(handleCount);
            handle = handleCount++;
        }
        else
        {
            handle = freeHandle;
            freeHandle = positions.get(handle);
        }
        owners.set(handle, owner);
        idOf.set(handle, id);
        link(handle, lane, deadlineNs, id);
        size++;
        return handle;
    }

    private void ensure(final int handle)
    {
        if (handle == capacity)
        {
            capacity = Math.max(1024, capacity << 1);
            deadlines.ensure(capacity);
            ids.ensure(capacity);
            handles.ensure(capacity);
            deadlineOf.ensure(capacity);
            idOf.ensure(capacity);
            owners.ensure(capacity);
            lanes.ensure(capacity);
            positions.ensure(capacity);
            previous.ensure(capacity);
            next.ensure(capacity);
        }
    }

    /** Moves an entry to another deadline, and to the lane of its kind by now. */
    void reschedule(final int handle, final int lane, final long deadlineNs)
    {
        unlink(handle);
        link(handle, lane, deadlineNs, idOf.get(handle));
    }

    void cancel(final int handle)
    {
        unlink(handle);
        positions.set(handle, freeHandle);
        freeHandle = handle;
        size--;
    }

    private void link(final int handle, final int lane, final long deadlineNs, final long id)
    {
        deadlineOf.set(handle, deadlineNs);
        final int tail = laneTails[lane];
        if (Table.NONE == tail)
        {
            lanes.set(handle, lane);
            previous.set(handle, Table.NONE);
            next.set(handle, Table.NONE);
            laneTails[lane] = handle;
            siftUp(heapSize++, deadlineNs, id, handle);
        }
        else if (isAfter(deadlineNs, id, tail))
        {
            lanes.set(handle, lane);
            previous.set(handle, tail);
            next.set(handle, Table.NONE);
            next.set(tail, handle);
            laneTails[lane] = handle;
        }
        else
        {
            lanes.set(handle, NO_LANE);
            siftUp(heapSize++, deadlineNs, id, handle);
        }
    }

    private boolean isAfter(final long deadlineNs, final long id, final int handle)
    {
        final long other = deadlineOf.get(handle);
        return deadlineNs > other || (deadlineNs == other && id > idOf.get(handle));
    }

    private void unlink(final int handle)
    {
        final int lane = lanes.get(handle);
        if (NO_LANE == lane)
        {
            removeAt(positions.get(handle));
            return;
        }
        final int before = previous.get(handle);
        final int after = next.get(handle);
        if (Table.NONE == after)
        {
            laneTails[lane] = before;
        }
        else
        {
            previous.set(after, before);
        }
        if (Table.NONE != before)
        {
            next.set(before, after);
        }
        else if (Table.NONE == after)
        {
            removeAt(positions.get(handle));
        }
        else
        {
            siftDown(positions.get(handle), deadlineOf.get(after), idOf.get(after), after);
        }
    }

    private void removeAt(final int position)
    {
        heapSize--;
        if (position < heapSize)
        {
            final long deadlineNs = deadlines.get(heapSize);
            final long id = ids.get(heapSize);
            if (position > 0 && isBefore(deadlineNs, id, (position - 1) >> 1))
            {
                siftUp(position, deadlineNs, id, handles.get(heapSize));
            }
            else
            {
                siftDown(position, deadlineNs, id, handles.get(heapSize));
            }
        }
    }

    private void siftUp(final int start, final long deadlineNs, final long id, final int handle)
    {
        int position = start;
        while (position > 0)
        {
            final int parent = (position - 1) >> 1;
            if (!isBefore(deadlineNs, id, parent))
            {
                break;
            }
            put(position, deadlines.get(parent), ids.get(parent), handles.get(parent));
            position = parent;
        }
        put(position, deadlineNs, id, handle);
    }

    private void siftDown(final int start, final long deadlineNs, final long id, final int handle)
    {
        int position = start;
        while (true)
        {
            int child = (position << 1) + 1;
            if (child >= heapSize)
            {
                break;
            }
            if (child + 1 < heapSize && isBefore(deadlines.get(child + 1), ids.get(child + 1), child))
            {
                child++;
            }
            if (isBefore(deadlineNs, id, child))
            {
                break;
            }
            put(position, deadlines.get(child), ids.get(child), handles.get(child));
            position = child;
        }
        put(position, deadlineNs, id, handle);
    }

    private boolean isBefore(final long deadlineNs, final long id, final int position)
    {
        final long other = deadlines.get(position);
        return deadlineNs < other || (deadlineNs == other && id < ids.get(position));
    }

    private void put(final int position, final long deadlineNs, final long id, final int handle)
    {
        deadlines.set(position, deadlineNs);
        ids.set(position, id);
        handles.set(position, handle);
        positions.set(handle, position);
    }
}
