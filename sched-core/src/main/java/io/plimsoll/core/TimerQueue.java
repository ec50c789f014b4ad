package io.plimsoll.core;

/**
 * Deadlines as an off-heap binary heap, ordered by (deadline, id). Whoever schedules keeps the handle. The layout of
 * the heap depends on history, what comes out of it does not: no two entries have the same id.
 */
final class TimerQueue
{
    static final long NEVER = Long.MAX_VALUE;

    private final LongColumn deadlines = new LongColumn(0);
    private final LongColumn ids = new LongColumn(0);
    private final IntColumn handles = new IntColumn(0);
    private final IntColumn positions = new IntColumn(0);
    private final IntColumn owners = new IntColumn(0);
    private int size;
    private int handleCount;
    private int freeHandle = Table.NONE;
    private int capacity;

    void clear()
    {
        size = 0;
        handleCount = 0;
        freeHandle = Table.NONE;
    }

    int size()
    {
        return size;
    }

    long bytes()
    {
        return deadlines.bytes() + ids.bytes() + handles.bytes() + positions.bytes() + owners.bytes();
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

    /** Returns the handle, to be kept by the owner. */
    int schedule(final long deadlineNs, final long id, final int owner)
    {
        if (size == capacity)
        {
            capacity = Math.max(1024, capacity << 1);
            deadlines.ensure(capacity);
            ids.ensure(capacity);
            handles.ensure(capacity);
            positions.ensure(capacity);
            owners.ensure(capacity);
        }
        final int handle;
        if (Table.NONE == freeHandle)
        {
            handle = handleCount++;
        }
        else
        {
            handle = freeHandle;
            freeHandle = positions.get(handle);
        }
        owners.set(handle, owner);
        siftUp(size++, deadlineNs, id, handle);
        return handle;
    }

    /** Moves an entry to another deadline. */
    void reschedule(final int handle, final long deadlineNs)
    {
        final int position = positions.get(handle);
        moveTo(position, deadlineNs, ids.get(position), handle);
    }

    void cancel(final int handle)
    {
        final int position = positions.get(handle);
        positions.set(handle, freeHandle);
        freeHandle = handle;
        size--;
        if (position < size)
        {
            moveTo(position, deadlines.get(size), ids.get(size), handles.get(size));
        }
    }

    private void moveTo(final int position, final long deadlineNs, final long id, final int handle)
    {
        if (position > 0 && isBefore(deadlineNs, id, (position - 1) >> 1))
        {
            siftUp(position, deadlineNs, id, handle);
        }
        else
        {
            siftDown(position, deadlineNs, id, handle);
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
            if (child >= size)
            {
                break;
            }
            if (child + 1 < size && isBefore(deadlines.get(child + 1), ids.get(child + 1), child))
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
