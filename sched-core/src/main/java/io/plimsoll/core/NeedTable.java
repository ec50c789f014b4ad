package io.plimsoll.core;

/**
 * Shapes that ask for the same, whoever asks, however urgently and for how long: where one of them does not fit, none
 * does. Queues keep in here what they know of each such need. A cache: it follows from the shapes that there are, and
 * its rows have no meaning.
 */
final class NeedTable extends Table
{
    /** Nobody waits. */
    static final byte EMPTY = 0;
    /** It may fit. */
    static final byte OPEN = 1;
    /** It was found to fit nowhere, apart from what agents gained since. */
    static final byte BLOCKED = 2;
    /** It does not even fit with that, until another agent gains. */
    static final byte TRIED = 3;
    /** Its parts have room one by one, but not together, until anything about an agent changes. */
    static final byte MIXED = 4;

    private final LongColumn hash = longColumn(0);
    /** Some shape of the need: the one that came last. */
    private final IntColumn anyShape = intColumn(0);
    /** A number that no other need has or had. */
    final LongColumn serial = longColumn(0);

    /* For the queue of the group. */
    final ByteColumn status = byteColumn(0);
    /** First of the shapes that wait, see {@link ShapeHeap}; or their number. */
    final IntColumn waiting = intColumn(0);
    /** Number of the tree that it is in, and its leaf there. */
    final IntColumn tree = intColumn(0);
    final IntColumn treeLeaf = intColumn(0);
    final LongColumn gainNeeded = longColumn(0);
    /**
     * Where the selection of the group keeps what it knows of agents for this need, plus one; 0: nowhere. See
     * {@link ScoreIndex} and {@link TopologySelection}.
     */
    final IntColumn scores = intColumn(0);
    /** Number of the part for which there is no room, see {@link Placement#blockedPart}. */
    private final IntColumn part = intColumn(0);
    /** Under which the queue has it. */
    final LongColumn major = longColumn(0);
    final LongColumn minor = longColumn(0);

    private final ShapeTable shapes;
    private long serials;
    private final RowIndex index = new RowIndex();

    NeedTable(final ShapeTable shapes)
    {
        this.shapes = shapes;
    }

    /** Some shape that asks for it. */
    int anyShape(final int need)
    {
        return get(anyShape, need);
    }

    /** Some shape that asks for what its blocked part does. */
    int anyBlocked(final int need)
    {
        return shapes.partAt(get(anyShape, need), get(part, need));
    }

    int blockedPart(final int need)
    {
        return get(part, need);
    }

    /** Of a need that is in no tree. */
    void blockedPart(final int need, final int number)
    {
        if (number != get(part, need))
        {
            set(part, need, number);
            set(tree, need, NONE);
        }
    }

    /** Takes up a shape, which is complete. */
    void add(final int shape)
    {
        final long wanted = shapes.needHash(shape);
        int need = index.first(wanted);
        while (NONE != need && !(wanted == get(hash, need) && shapes.isSameNeed(get(anyShape, need), shape)))
        {
            need = index.next();
        }
        if (NONE == need)
        {
            need = allocate();
            set(hash, need, wanted);
            set(serial, need, ++serials);
            set(anyShape, need, NONE);
            forget(need);
            index.add(wanted, need);
        }
        final int head = get(anyShape, need);
        shapes.set(shapes.needRow, shape, need);
        shapes.set(shapes.needPrevious, shape, NONE);
        shapes.set(shapes.needNext, shape, head);
        if (NONE != head)
        {
            shapes.set(shapes.needPrevious, head, shape);
        }
        set(anyShape, need, shape);
    }

    /** Forgets a shape, which is still complete. */
    void remove(final int shape)
    {
        final int need = shapes.get(shapes.needRow, shape);
        final int previous = shapes.get(shapes.needPrevious, shape);
        final int next = shapes.get(shapes.needNext, shape);
        if (NONE != next)
        {
            shapes.set(shapes.needPrevious, next, previous);
        }
        if (NONE != previous)
        {
            shapes.set(shapes.needNext, previous, next);
        }
        else if (NONE != next)
        {
            set(anyShape, need, next);
        }
        else
        {
            index.remove(get(hash, need), need);
            release(need);
        }
    }

    /** As if no queue had ever heard of it. */
    void forget(final int need)
    {
        set(status, need, EMPTY);
        set(waiting, need, NONE);
        set(tree, need, NONE);
        set(treeLeaf, need, NONE);
        set(gainNeeded, need, 0);
        set(part, need, 0);
    }

    void clear()
    {
        index.clear();
        for (int need = 0; need < highWater(); need++)
        {
            if (isLive(need))
            {
                release(need);
            }
        }
    }

    long indexBytes()
    {
        return index.bytes();
    }
}
