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
        return needs.waiting.get(need);
    }

    void add(final int shape, final long major, final long minor)
    {
        shapes.major.set(shape, major);
        shapes.minor.set(shape, minor);
        shapes.heapChild.set(shape, Table.NONE);
        shapes.heapNext.set(shape, Table.NONE);
        shapes.heapPrevious.set(shape, Table.NONE);
        final int need = shapes.needRow.get(shape);
        needs.waiting.set(need, meld(needs.waiting.get(need), shape));
    }

    void remove(final int shape)
    {
        final int need = shapes.needRow.get(shape);
        final int children = meldAll(shapes.heapChild.get(shape));
        if (shape == needs.waiting.get(need))
        {
            needs.waiting.set(need, children);
        }
        else
        {
            cut(shape);
            needs.waiting.set(need, meld(needs.waiting.get(need), children));
        }
        shapes.heapChild.set(shape, Table.NONE);
    }

    /** The previous of a first child is its parent. */
    private void cut(final int shape)
    {
        final int previous = shapes.heapPrevious.get(shape);
        final int next = shapes.heapNext.get(shape);
        if (shape == shapes.heapChild.get(previous))
        {
            shapes.heapChild.set(previous, next);
        }
        else
        {
            shapes.heapNext.set(previous, next);
        }
        if (Table.NONE != next)
        {
            shapes.heapPrevious.set(next, previous);
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
        final int next = shapes.heapChild.get(top);
        shapes.heapNext.set(child, next);
        shapes.heapPrevious.set(child, top);
        if (Table.NONE != next)
        {
            shapes.heapPrevious.set(next, child);
        }
        shapes.heapChild.set(top, child);
        return top;
    }

    /** In pairs from the first to the last, then from the last pair to the first. */
    private int meldAll(final int firstChild)
    {
        int pairs = Table.NONE;
        int child = firstChild;
        while (Table.NONE != child)
        {
            final int second = shapes.heapNext.get(child);
            final int rest = Table.NONE == second ? Table.NONE : shapes.heapNext.get(second);
            alone(child);
            if (Table.NONE != second)
            {
                alone(second);
            }
            final int pair = meld(child, second);
            shapes.heapNext.set(pair, pairs);
            pairs = pair;
            child = rest;
        }
        int top = Table.NONE;
        while (Table.NONE != pairs)
        {
            final int next = shapes.heapNext.get(pairs);
            alone(pairs);
            top = meld(top, pairs);
            pairs = next;
        }
        return top;
    }

    private void alone(final int shape)
    {
        shapes.heapNext.set(shape, Table.NONE);
        shapes.heapPrevious.set(shape, Table.NONE);
    }

    private boolean isBefore(final int left, final int right)
    {
        final long leftMajor = shapes.major.get(left);
        final long rightMajor = shapes.major.get(right);
        return leftMajor < rightMajor || leftMajor == rightMajor && shapes.minor.get(left) < shapes.minor.get(right);
    }
}
