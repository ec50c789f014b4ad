package io.plimsoll.core;

/**
 * Sessions of groups that backfill with a promise: what plain EASY, followed beside the real schedule, needs to know of
 * each. A session has a row from its submission until it has ended both really and in the shadow; an element of a job
 * array has one of its own. A row refers to the shape, which may outlive the session by that.
 */
final class ShadowTable extends Table
{
    /** A submission that needs more rows is refused. */
    static final int ROWS_MAX = 1 << 18;
    static final long NEVER = Long.MAX_VALUE;

    /* Where a session is in the shadow. */
    /** Not in it: something else than room keeps it, or it was to start long ago and could not. */
    static final byte APART = 0;
    static final byte ARRIVING = 1;
    static final byte QUEUED = 2;
    static final byte RUNNING = 3;

    /* Where it really is. */
    static final byte WAITS = 0;
    static final byte STARTED = 1;
    static final byte ENDED = 2;

    final LongColumn sessionId = longColumn(1);
    final LongColumn arrivedNs = longColumn(2);
    final LongColumn realStartNs = longColumn(3);
    /** From its first start to its last end, once it has ended. */
    final LongColumn runNs = longColumn(4);
    /** In the shadow. */
    final LongColumn startNs = longColumn(5);
    /** Which start of the shadow it was, from 1; 0: not known yet. */
    final LongColumn rank = longColumn(6);
    final IntColumn shape = intColumn(7);
    final ByteColumn stage = byteColumn(8);
    final ByteColumn real = byteColumn(9);

    private final ShapeTable shapes;
    private final IdMap byId = new IdMap();

    ShadowTable(final ShapeTable shapes)
    {
        this.shapes = shapes;
    }

    int add(final long id, final int sessionShape)
    {
        final int row = allocate();
        set(sessionId, row, id);
        set(shape, row, sessionShape);
        byId.put(id, row);
        return row;
    }

    void remove(final int row)
    {
        byId.remove(get(sessionId, row));
        release(row);
    }

    int find(final long id)
    {
        return 0 == count() ? NONE : byId.get(id);
    }

    int group(final int row)
    {
        return shapes.get(shapes.group, get(shape, row));
    }

    boolean isKnown(final int row)
    {
        return RUNNING == get(stage, row);
    }

    /** Whether it was to start long ago, and something that nobody had promised to end kept it. */
    boolean isGivenUp(final int row)
    {
        return APART == get(stage, row) && 0 != get(rank, row);
    }

    /** Whether the shadow is known to start one session before another. */
    boolean isBefore(final int first, final int second)
    {
        return isKnown(first) && (!isKnown(second) || get(rank, first) < get(rank, second));
    }

    /** When a session is to have ended that started at a time, by its limit; NEVER if it has none. */
    long endNs(final int row, final long fromNs)
    {
        final long walltimeNs = shapes.get(shapes.walltimeNs, get(shape, row));
        return 0 == walltimeNs ? NEVER : fromNs + walltimeNs;
    }

    /** Order of arrival. */
    boolean arrivesBefore(final int left, final int right)
    {
        final long leftNs = get(arrivedNs, left);
        final long rightNs = get(arrivedNs, right);
        return leftNs < rightNs || (leftNs == rightNs && get(sessionId, left) < get(sessionId, right));
    }

    /** Order of the shadow's queue. */
    boolean queuesBefore(final int left, final int right)
    {
        final int leftPriority = shapes.get(shapes.priority, get(shape, left));
        final int rightPriority = shapes.get(shapes.priority, get(shape, right));
        return leftPriority > rightPriority || (leftPriority == rightPriority && arrivesBefore(left, right));
    }

    /** Order of those that run in the shadow. */
    boolean endsBefore(final int left, final int right)
    {
        final long leftNs = endNs(left, get(startNs, left));
        final long rightNs = endNs(right, get(startNs, right));
        return leftNs < rightNs || (leftNs == rightNs && get(rank, left) < get(rank, right));
    }

    /** Order of the starts in the shadow, which is that of time. */
    boolean startsBefore(final int left, final int right)
    {
        return get(rank, left) < get(rank, right);
    }

    /** By how much later it has started than in the shadow; negative: earlier. */
    long lagNs(final int row)
    {
        return get(realStartNs, row) - get(startNs, row);
    }

    /** Whoever is furthest behind, of equals who runs for longest. */
    boolean lagsBefore(final int left, final int right)
    {
        final long leftNs = lagNs(left);
        final long rightNs = lagNs(right);
        final long byStart = get(realStartNs, left) - get(realStartNs, right);
        return leftNs > rightNs ||
            (leftNs == rightNs && (byStart < 0 || (0 == byStart && get(rank, left) < get(rank, right))));
    }

    /** End in the shadow of one that has really ended. */
    long endedNs(final int row)
    {
        return get(startNs, row) + get(runNs, row);
    }

    boolean hasEndedBefore(final int left, final int right)
    {
        final long leftNs = endedNs(left);
        final long rightNs = endedNs(right);
        return leftNs < rightNs || (leftNs == rightNs && get(rank, left) < get(rank, right));
    }

    void rebuildIndex()
    {
        byId.clear();
        for (int row = 0; row < highWater(); row++)
        {
            if (isLive(row))
            {
                byId.put(get(sessionId, row), row);
            }
        }
    }

    long indexBytes()
    {
        return byId.bytes();
    }
}
