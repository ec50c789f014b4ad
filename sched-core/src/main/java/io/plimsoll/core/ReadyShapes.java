package io.plimsoll.core;

import java.util.Arrays;

/** The shapes of one group of which sessions are ready, in the group's order, and by how long they may run. A cache. */
final class ReadyShapes
{
    private static final byte ABSENT = 0;
    private static final byte LISTED = 1;
    private static final byte MOVED = 2;
    private static final byte EMPTY = 3;
    /** With more changes than this it is cheaper to sort all of it. */
    private static final int INSERTED_MAX = 64;

    private final ShapeTable shapes;
    private final int group;
    private final GroupOrder order;
    private final boolean keysStay;
    private byte[] status = new byte[64];
    private int[] ready = new int[64];
    private int[] scratch = new int[64];
    private int[] changed = new int[64];
    private int count;
    private int changedCount;
    private int[] byLimit = new int[64];
    private boolean isByLimit;

    ReadyShapes(final ShapeTable shapes, final int group, final GroupOrder order)
    {
        this.group = group;
        this.shapes = shapes;
        this.order = order;
        keysStay = order instanceof KeyOrder;
    }

    int count()
    {
        return count;
    }

    int shape(final int position)
    {
        return ready[position];
    }

    /** The first session of a shape has changed, or an account holds it back. */
    void onHeadChanged(final int shape)
    {
        if (shape >= status.length)
        {
            status = Arrays.copyOf(status, Math.max(shape + 1, status.length * 2));
        }
        if (LISTED == status[shape] || ABSENT == status[shape])
        {
            if (changedCount == changed.length)
            {
                changed = Arrays.copyOf(changed, changedCount * 2);
            }
            changed[changedCount++] = shape;
            status[shape] = LISTED == status[shape] ? MOVED : EMPTY;
        }
        isByLimit = false;
    }

    /** Brings the list up to date. */
    void refresh()
    {
        order.refresh();
        if (changedCount > 0)
        {
            removeChanged();
            addChanged();
        }
        if (!keysStay && !isSorted())
        {
            sort(ready, false);
            isByLimit = false;
        }
    }

    private void removeChanged()
    {
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (LISTED == status[ready[i]])
            {
                ready[kept++] = ready[i];
            }
        }
        count = kept;
    }

    private void addChanged()
    {
        final boolean insert = changedCount <= INSERTED_MAX;
        for (int i = 0; i < changedCount; i++)
        {
            final int shape = changed[i];
            if (!isReady(shape))
            {
                status[shape] = ABSENT;
            }
            else
            {
                status[shape] = LISTED;
                if (count == ready.length)
                {
                    ready = Arrays.copyOf(ready, count * 2);
                    scratch = Arrays.copyOf(scratch, count * 2);
                    byLimit = Arrays.copyOf(byLimit, count * 2);
                }
                final int at = insert ? position(shape) : count;
                System.arraycopy(ready, at, ready, at + 1, count - at);
                ready[at] = shape;
                count++;
            }
        }
        changedCount = 0;
        if (!insert)
        {
            sort(ready, false);
        }
    }

    /** By now the row may be another shape's, of another group even. */
    private boolean isReady(final int shape)
    {
        return shapes.isLive(shape) && group == shapes.get(shapes.group, shape) &&
            Table.NONE != order.first(shape) && 0 == shapes.get(shapes.cappedBy, shape);
    }

    private int position(final int shape)
    {
        int from = 0;
        int to = count;
        while (from < to)
        {
            final int middle = (from + to) >>> 1;
            if (isBefore(ready[middle], shape))
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }
        return from;
    }

    private boolean isBefore(final int left, final int right)
    {
        return order.isBefore(order.first(left), order.first(right));
    }

    private boolean isSorted()
    {
        for (int i = 1; i < count; i++)
        {
            if (isBefore(ready[i], ready[i - 1]))
            {
                return false;
            }
        }
        return true;
    }

    /** The same shapes, those that may run for the shortest time first, those without a limit last. */
    int[] byLimit()
    {
        if (!isByLimit)
        {
            System.arraycopy(ready, 0, byLimit, 0, count);
            sort(byLimit, true);
            isByLimit = true;
        }
        return byLimit;
    }

    /** Merges from the bottom up, which keeps the order of equals. */
    private void sort(final int[] list, final boolean limits)
    {
        for (int width = 1; width < count; width <<= 1)
        {
            for (int from = 0; from + width < count; from += width << 1)
            {
                merge(list, from, from + width, Math.min(from + (width << 1), count), limits);
            }
        }
    }

    private void merge(final int[] list, final int from, final int middle, final int to, final boolean limits)
    {
        if (!isAfter(list[middle - 1], list[middle], limits))
        {
            return;
        }
        System.arraycopy(list, from, scratch, from, middle - from);
        int left = from;
        int right = middle;
        int target = from;
        while (left < middle)
        {
            if (right < to && isAfter(scratch[left], list[right], limits))
            {
                list[target++] = list[right++];
            }
            else
            {
                list[target++] = scratch[left++];
            }
        }
    }

    private boolean isAfter(final int left, final int right, final boolean limits)
    {
        return limits ? limit(left) > limit(right) : isBefore(right, left);
    }

    private long limit(final int shape)
    {
        final long walltimeNs = shapes.get(shapes.walltimeNs, shape);
        return 0 == walltimeNs ? Long.MAX_VALUE : walltimeNs;
    }
}
