package io.plimsoll.core;

/**
 * Shapes whose owner uses all that he may, linked by the account that says so: they wait for nothing but a change of
 * that account. A cache.
 */
final class CappedShapes
{
    private final AccountTable accounts;
    private final ShapeTable shapes;

    CappedShapes(final CoreState state)
    {
        accounts = state.accounts;
        shapes = state.shapes;
    }

    void clear()
    {
        for (int row = 0; row < accounts.highWater(); row++)
        {
            accounts.cappedHead.set(row, 0);
        }
        for (int shape = 0; shape < shapes.highWater(); shape++)
        {
            shapes.cappedBy.set(shape, 0);
        }
    }

    boolean contains(final int shape)
    {
        return 0 != shapes.cappedBy.get(shape);
    }

    int first(final int account)
    {
        return accounts.cappedHead.get(account) - 1;
    }

    int next(final int shape)
    {
        return shapes.cappedNext.get(shape);
    }

    void add(final int shape, final int account)
    {
        final int head = first(account);
        shapes.cappedBy.set(shape, account + 1);
        shapes.cappedPrevious.set(shape, Table.NONE);
        shapes.cappedNext.set(shape, head);
        if (Table.NONE != head)
        {
            shapes.cappedPrevious.set(head, shape);
        }
        accounts.cappedHead.set(account, shape + 1);
    }

    void remove(final int shape)
    {
        final int previous = shapes.cappedPrevious.get(shape);
        final int next = shapes.cappedNext.get(shape);
        if (Table.NONE == previous)
        {
            accounts.cappedHead.set(shapes.cappedBy.get(shape) - 1, next + 1);
        }
        else
        {
            shapes.cappedNext.set(previous, next);
        }
        if (Table.NONE != next)
        {
            shapes.cappedPrevious.set(next, previous);
        }
        shapes.cappedBy.set(shape, 0);
    }
}
