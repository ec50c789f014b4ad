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
            accounts.set(accounts.cappedHead, row, 0);
        }
        for (int shape = 0; shape < shapes.highWater(); shape++)
        {
            shapes.set(shapes.cappedBy, shape, 0);
        }
    }

    boolean contains(final int shape)
    {
        return 0 != shapes.get(shapes.cappedBy, shape);
    }

    int first(final int account)
    {
        return accounts.get(accounts.cappedHead, account) - 1;
    }

    int next(final int shape)
    {
        return shapes.get(shapes.cappedNext, shape);
    }

    void add(final int shape, final int account)
    {
        final int head = first(account);
        shapes.set(shapes.cappedBy, shape, account + 1);
        shapes.set(shapes.cappedPrevious, shape, Table.NONE);
        shapes.set(shapes.cappedNext, shape, head);
        if (Table.NONE != head)
        {
            shapes.set(shapes.cappedPrevious, head, shape);
        }
        accounts.set(accounts.cappedHead, account, shape + 1);
    }

    void remove(final int shape)
    {
        final int previous = shapes.get(shapes.cappedPrevious, shape);
        final int next = shapes.get(shapes.cappedNext, shape);
        if (Table.NONE == previous)
        {
            accounts.set(accounts.cappedHead, shapes.get(shapes.cappedBy, shape) - 1, next + 1);
        }
        else
        {
            shapes.set(shapes.cappedNext, previous, next);
        }
        if (Table.NONE != next)
        {
            shapes.set(shapes.cappedPrevious, next, previous);
        }
        shapes.set(shapes.cappedBy, shape, 0);
    }
}
