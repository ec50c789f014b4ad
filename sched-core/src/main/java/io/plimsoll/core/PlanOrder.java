package io.plimsoll.core;

import java.util.Arrays;

/**
 * The ready sessions of a group one by one in its order, merged from those of each shape. As long as nobody comes or
 * goes, it tells again what it told before instead of merging anew, up to where something else is left out.
 */
final class PlanOrder
{
    private final GroupOrder order;
    private final ReadyShapes ready;
    /** A heap of the sessions that come next of their shapes. */
    private int[] heap = new int[64];
    private int size;
    private int position;
    private boolean isSkipped;
    /** All that came so far, and after which of them the others of their shape were left out: not yet of the last. */
    private int[] given = new int[64];
    private boolean[] isAlone = new boolean[64];
    private int givenCount;
    private int told;
    private long merged;

    PlanOrder(final ReadyShapes ready, final GroupOrder order)
    {
        this.order = order;
        this.ready = ready;
    }

    /** @param same whether the sessions and their order are those of the last time. */
    void begin(final boolean same)
    {
        if (!same)
        {
            size = 0;
            position = 0;
            givenCount = 0;
        }
        told = 0;
        isSkipped = false;
    }

    /** The other sessions of the shape of the last one are left out. */
    void skipShape()
    {
        isSkipped = true;
    }

    /** The next session; NONE after the last. */
    int next()
    {
        if (told < givenCount && (0 == told || isAlone[told - 1] == isSkipped))
        {
            isSkipped = false;
            return given[told++];
        }
        if (told < givenCount)
        {
            mergeAgain();
        }
        if (told > 0)
        {
            isAlone[told - 1] = isSkipped;
        }
        isSkipped = false;
        final int session = merge();
        if (Table.NONE != session)
        {
            give(session);
        }
        return session;
    }

    /** Forgets all that came after the last one that was told. */
    private void mergeAgain()
    {
        size = 0;
        position = 0;
        givenCount = 0;
        while (givenCount < told)
        {
            given[givenCount] = merge();
            givenCount++;
        }
    }

    private void give(final int session)
    {
        if (givenCount == given.length)
        {
            given = Arrays.copyOf(given, givenCount * 2);
            isAlone = Arrays.copyOf(isAlone, givenCount * 2);
        }
        given[givenCount++] = session;
        told = givenCount;
    }

    /** Sessions that were merged, so far: a measure of work. */
    long merged()
    {
        return merged;
    }

    /** The one that comes after those given. */
    private int merge()
    {
        merged++;
        final int following =
            0 == givenCount || isAlone[givenCount - 1] ? Table.NONE : order.next(given[givenCount - 1]);
        if (Table.NONE != following)
        {
            push(following);
        }
        while (position < ready.count() &&
            (0 == size || order.isBefore(order.first(ready.shape(position)), heap[0])))
        {
            push(order.first(ready.shape(position)));
            position++;
        }
        return 0 == size ? Table.NONE : pop();
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
