package io.plimsoll.core;

/**
 * The shapes of each need that wait, the one whose first session goes first on top: a pairing heap that is linked
 * through the rows of the shapes, so that one shape costs nothing and a thousand users who ask for the same are in
 * order as well. No two keys are equal.
 */
final class ShapeHeap
{
    private final ShapeTable shapes;
    private final NeedTable needs;

    ShapeHeap(final ShapeTable shapes)
    {
        this.shapes = shapes;
        needs = shapes.needs;
    }

    /** The first shape, NONE if none waits. */
    int first(final int need)
    {
        return needs.get(needs.waiting, need);
    }

    void add(final int shape, final long major, final long minor)
    {
        shapes.set(shapes.major, shape, major);
        shapes.set(shapes.minor, shape, minor);
        shapes.set(shapes.heapChild, shape, Table.NONE);
        shapes.set(shapes.heapNext, shape, Table.NONE);
        shapes.set(shapes.heapPrevious, shape, Table.NONE);
        final int need = shapes.get(shapes.needRow, shape);
        needs.set(needs.waiting, need, meld(needs.get(needs.waiting, need), shape));
    }

    void remove(final int shape)
    {
        final int need = shapes.get(shapes.needRow, shape);
        final int children = meldAll(shapes.get(shapes.heapChild, shape));
        if (shape == needs.get(needs.waiting, need))
        {
            needs.set(needs.waiting, need, children);
        }
        else
        {
            cut(shape);
            needs.set(needs.waiting, need, meld(needs.get(needs.waiting, need), children));
        }
        shapes.set(shapes.heapChild, shape, Table.NONE);
    }

    /** The previous of a first child is its parent. */
    private void cut(final int shape)
    {
        final int previous = shapes.get(shapes.heapPrevious, shape);
        final int next = shapes.get(shapes.heapNext, shape);
        if (shape == shapes.get(shapes.heapChild, previous))
        {
            shapes.set(shapes.heapChild, previous, next);
        }
        else
        {
            shapes.set(shapes.heapNext, previous, next);
        }
        if (Table.NONE != next)
        {
            shapes.set(shapes.heapPrevious, next, previous);
        }
    }

    /** Both are tops of heaps, or NONE. */
    private int meld(final int left, final int right)
    {
        if (Table.NONE == left || Table.NONE == right)
        {
            return Table.NONE == left ? right : left;
        }
        final boolean leftFirst = isBefore(left, right);
        final int top = leftFirst ? left : right;
        final int child = leftFirst ? right : left;
        final int next = shapes.get(shapes.heapChild, top);
        shapes.set(shapes.heapNext, child, next);
        shapes.set(shapes.heapPrevious, child, top);
        if (Table.NONE != next)
        {
            shapes.set(shapes.heapPrevious, next, child);
        }
        shapes.set(shapes.heapChild, top, child);
        return top;
    }

    /** In pairs from the first to the last, then from the last pair to the first. */
    private int meldAll(final int firstChild)
    {
        int pairs = Table.NONE;
        int child = firstChild;
        while (Table.NONE != child)
        {
            final int second = shapes.get(shapes.heapNext, child);
            final int rest = Table.NONE == second ? Table.NONE : shapes.get(shapes.heapNext, second);
            alone(child);
            if (Table.NONE != second)
            {
                alone(second);
            }
            final int pair = meld(child, second);
            shapes.set(shapes.heapNext, pair, pairs);
            pairs = pair;
            child = rest;
        }
        int top = Table.NONE;
        while (Table.NONE != pairs)
        {
            final int next = shapes.get(shapes.heapNext, pairs);
            alone(pairs);
            top = meld(top, pairs);
            pairs = next;
        }
        return top;
    }

    private void alone(final int shape)
    {
        shapes.set(shapes.heapNext, shape, Table.NONE);
        shapes.set(shapes.heapPrevious, shape, Table.NONE);
    }

    private boolean isBefore(final int left, final int right)
    {
        final long leftMajor = shapes.get(shapes.major, left);
        final long rightMajor = shapes.get(shapes.major, right);
        return leftMajor < rightMajor ||
            leftMajor == rightMajor && shapes.get(shapes.minor, left) < shapes.get(shapes.minor, right);
    }
}
