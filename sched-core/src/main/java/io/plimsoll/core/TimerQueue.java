package io.plimsoll.core;

import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

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

    /* An entry: half a cache line, so that ending a timer reads three of them at most. */
    private static final int ENTRY_SHIFT = 5;
    private static final int DEADLINE = 0;
    private static final int ID = 8;
    private static final int OWNER = 16;
    private static final int PREVIOUS = 20;
    /** In the lane; of a free entry, the next free one. */
    private static final int NEXT = 24;
    /** Position in the heap if it is there, with the lane in the low bits. */
    private static final int PLACE = 28;
    private static final int LANE_BITS = 6;
    private static final int LANE_MASK = (1 << LANE_BITS) - 1;
    private static final int NO_LANE = LANE_MASK;

    /* The heap, by position. */
    private final LongColumn deadlines = new LongColumn(0);
    private final LongColumn ids = new LongColumn(0);
    private final IntColumn handles = new IntColumn(0);
    /** Entries, by handle. It owns the memory that the address points to. */
    private UnsafeBuffer entries = new UnsafeBuffer(0, 0);
    private long address;
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
        return deadlines.bytes() + ids.bytes() + handles.bytes() + entries.capacity();
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
        return UnsafeApi.getInt(null, at(handles.get(0)) + OWNER);
    }

    /** Address of the entry of a handle. */
    private long at(final int handle)
    {
        final long number = Column.unsigned(handle);
        if (number >= capacity)
        {
            throw new IndexOutOfBoundsException("timer handle=" + handle + " capacity=" + capacity);
        }
        return address + (number << ENTRY_SHIFT);
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
            freeHandle = UnsafeApi.getInt(null, at(handle) + NEXT);
        }
        final long entry = at(handle);
        UnsafeApi.putInt(null, entry + OWNER, owner);
        UnsafeApi.putLong(null, entry + ID, id);
        link(handle, entry, lane, deadlineNs, id);
        size++;
        return handle;
    }

    private void ensure(final int handle)
    {
        if (handle == capacity)
        {
            final int larger = Math.max(1024, capacity << 1);
            deadlines.ensure(larger);
            ids.ensure(larger);
            handles.ensure(larger);
            final UnsafeBuffer before = entries;
            entries = new UnsafeBuffer(BufferUtil.allocateDirectAligned(
                Math.multiplyExact(larger, 1 << ENTRY_SHIFT), 1 << ENTRY_SHIFT));
            entries.putBytes(0, before, 0, before.capacity());
            address = entries.addressOffset();
            capacity = larger;
        }
    }

    /** Moves an entry to another deadline, and to the lane of its kind by now. */
    void reschedule(final int handle, final int lane, final long deadlineNs)
    {
        final long entry = at(handle);
        unlink(entry);
        link(handle, entry, lane, deadlineNs, UnsafeApi.getLong(null, entry + ID));
    }

    /**
     * Moves all timers of kernels by the same time. What is in order among them stays so, and in a lane there are no
     * others; only the heap is ordered anew.
     */
    void moveKernels(final long byNs)
    {
        for (int position = 0; position < heapSize; position++)
        {
            final long id = ids.get(position);
            if (Deadlines.isAgentTimer(id) || !Deadlines.isKernelTimer(id))
            {
                continue;
            }
            deadlines.set(position, deadlines.get(position) + byNs);
            final long entry = at(handles.get(position));
            move(entry, byNs);
            final boolean isInLane = NO_LANE != (UnsafeApi.getInt(null, entry + PLACE) & LANE_MASK);
            int next = isInLane ? UnsafeApi.getInt(null, entry + NEXT) : Table.NONE;
            while (Table.NONE != next)
            {
                final long behind = at(next);
                move(behind, byNs);
                next = UnsafeApi.getInt(null, behind + NEXT);
            }
        }
        for (int position = (heapSize >> 1) - 1; position >= 0; position--)
        {
            siftDown(position, deadlines.get(position), ids.get(position), handles.get(position));
        }
    }

    private static void move(final long entry, final long byNs)
    {
        UnsafeApi.putLong(null, entry + DEADLINE, UnsafeApi.getLong(null, entry + DEADLINE) + byNs);
    }

    void cancel(final int handle)
    {
        final long entry = at(handle);
        unlink(entry);
        UnsafeApi.putInt(null, entry + NEXT, freeHandle);
        freeHandle = handle;
        size--;
    }

    private void link(final int handle, final long entry, final int lane, final long deadlineNs, final long id)
    {
        UnsafeApi.putLong(null, entry + DEADLINE, deadlineNs);
        final int tail = laneTails[lane];
        final long last = Table.NONE == tail ? 0 : at(tail);
        if (0 == last || isAfter(deadlineNs, id, last))
        {
            UnsafeApi.putInt(null, entry + PLACE, lane);
            UnsafeApi.putInt(null, entry + PREVIOUS, tail);
            UnsafeApi.putInt(null, entry + NEXT, Table.NONE);
            laneTails[lane] = handle;
            if (0 == last)
            {
                siftUp(heapSize++, deadlineNs, id, handle);
            }
            else
            {
                UnsafeApi.putInt(null, last + NEXT, handle);
            }
        }
        else
        {
            UnsafeApi.putInt(null, entry + PLACE, NO_LANE);
            siftUp(heapSize++, deadlineNs, id, handle);
        }
    }

    private static boolean isAfter(final long deadlineNs, final long id, final long entry)
    {
        final long other = UnsafeApi.getLong(null, entry + DEADLINE);
        return deadlineNs > other || (deadlineNs == other && id > UnsafeApi.getLong(null, entry + ID));
    }

    private void unlink(final long entry)
    {
        final int place = UnsafeApi.getInt(null, entry + PLACE);
        final int lane = place & LANE_MASK;
        if (NO_LANE == lane)
        {
            removeAt(place >>> LANE_BITS);
            return;
        }
        final int before = UnsafeApi.getInt(null, entry + PREVIOUS);
        final int after = UnsafeApi.getInt(null, entry + NEXT);
        if (Table.NONE == after)
        {
            laneTails[lane] = before;
        }
        else
        {
            UnsafeApi.putInt(null, at(after) + PREVIOUS, before);
        }
        if (Table.NONE != before)
        {
            UnsafeApi.putInt(null, at(before) + NEXT, after);
        }
        else if (Table.NONE == after)
        {
            removeAt(place >>> LANE_BITS);
        }
        else
        {
            final long first = at(after);
            siftDown(
                place >>> LANE_BITS,
                UnsafeApi.getLong(null, first + DEADLINE),
                UnsafeApi.getLong(null, first + ID),
                after);
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
        final long entry = at(handle);
        final int lane = UnsafeApi.getInt(null, entry + PLACE) & LANE_MASK;
        UnsafeApi.putInt(null, entry + PLACE, position << LANE_BITS | lane);
    }
}
