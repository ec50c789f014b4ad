package io.plimsoll.core;

import java.util.Arrays;

/** The ready sessions of a group one by one in its order, merged from those of each shape. */
final class PlanOrder
{
    private final GroupOrder order;
    private final ReadyShapes ready;
    /** A heap of the sessions that come next of their shapes. */
    private int[] heap = new int[64];
    private int size;
    private int position;
    private int last;
    private boolean isSkipped;

    PlanOrder(final ReadyShapes ready, final GroupOrder order)
    {
        this.order = order;
        this.ready = ready;
    }

    void begin()
    {
        size = 0;
        position = 0;
        last = Table.NONE;
    }

    /** The other sessions of the shape of the last one are left out. */
    void skipShape()
    {
        isSkipped = true;
    }

    /** The next session; NONE after the last. */
    int next()
    {
        if (Table.NONE != last && !isSkipped)
        {
            final int following = order.next(last);
            if (Table.NONE != following)
            {
                push(following);
            }
        }
        isSkipped = false;
        while (position < ready.count() &&
            (0 == size || order.isBefore(order.first(ready.shape(position)), heap[0])))
        {
            push(order.first(ready.shape(position)));
            position++;
        }
        last = 0 == size ? Table.NONE : pop();
        return last;
    }

    private void push(final int session)
    {
        if (size == heap.length)
        {
            heap = Arrays.copyOf(heap, size * 2);
        }
        int at = size++;
        while (at > 0 && order.isBefore(session, heap[at - 1 >> 1]))
        {
            heap[at] = heap[at - 1 >> 1];
            at = at - 1 >> 1;
        }
        heap[at] = session;
    }

    private int pop()
    {
        final int first = heap[0];
        size--;
        final int moved = heap[size];
        int at = 0;
        while ((at << 1) + 1 < size)
        {
            int child = (at << 1) + 1;
            if (child + 1 < size && order.isBefore(heap[child + 1], heap[child]))
            {
                child++;
            }
            if (order.isBefore(moved, heap[child]))
            {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moved;
        return first;
    }
}
