package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Rows of sessions by id, in chunks because ids are dense, and job arrays by their first id. An array is one entry:
 * an element without a row of its own is pending. One writer; readers go through {@link ViewLock}.
 */
final class SessionTable
{
    /** There is no further session. */
    static final long NONE = -1;

    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
    private static final int CHUNK_MASK = CHUNK_SIZE - 1;
    private static final Chunk NO_CHUNK = new Chunk(-1);

    private final ConcurrentSkipListMap<Long, Chunk> chunkByNumber = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, ArrayRow> arrayByFirstId = new ConcurrentSkipListMap<>();
    private final long[] counts = new long[LifeState.values().length];
    private long[][] countsByGroup = new long[8][];
    private Chunk writerChunk = NO_CHUNK;
    /** Of sessions and arrays that are here. */
    final Dependents dependents = new Dependents();
    /** Of sessions that were. */
    final PastOwners past = new PastOwners();

    /** Becomes what another is, with rows of its own. */
    void copyFrom(final SessionTable other)
    {
        chunkByNumber.clear();
        other.chunkByNumber.forEach((number, chunk) -> chunkByNumber.put(number, chunk.copy()));
        arrayByFirstId.clear();
        other.arrayByFirstId.forEach((firstId, array) -> arrayByFirstId.put(firstId, array.copy()));
        System.arraycopy(other.counts, 0, counts, 0, counts.length);
        countsByGroup = new long[other.countsByGroup.length][];
        for (int i = 0; i < countsByGroup.length; i++)
        {
            countsByGroup[i] = null == other.countsByGroup[i] ? null : other.countsByGroup[i].clone();
        }
        writerChunk = NO_CHUNK;
        dependents.copyFrom(other.dependents);
        past.copyFrom(other.past);
    }

    void add(final SessionForm form)
    {
        dependents.add(form);
        if (form.array())
        {
            arrayByFirstId.put(form.firstId(), new ArrayRow(form));
        }
        else
        {
            put(form.firstId(), new SessionRow(form));
        }
        count(form, LifeState.PENDING, form.count());
    }

    private void count(final SessionForm form, final LifeState state, final long change)
    {
        counts[state.ordinal()] += change;
        final int groupId = form.groupId();
        long[][] byGroup = countsByGroup;
        if (groupId >= byGroup.length)
        {
            byGroup = Arrays.copyOf(byGroup, Math.max(groupId + 1, 2 * byGroup.length));
        }
        if (null == byGroup[groupId])
        {
            byGroup[groupId] = new long[counts.length];
        }
        byGroup[groupId][state.ordinal()] += change;
        countsByGroup = byGroup;
    }

    /** Row of a session for the writer: an element of an array gets one now. */
    SessionRow materialise(final long id)
    {
        final SessionRow row = row(id);
        if (null != row && SessionRow.FORGOTTEN != row)
        {
            return row;
        }
        final ArrayRow array = array(id);
        if (null == array || null != row)
        {
            throw new IllegalStateException("sessionId=" + id + " is unknown to the view");
        }
        final SessionRow element = new SessionRow(array.form(id));
        put(id, element);
        return element;
    }

    /** Something else is asked for; the name stays as it is where it is null. */
    void update(final long id, final long count, final String name, final int priority, final long walltimeNs)
    {
        final SessionRow row = 1 == count ? row(id) : null;
        if (null != row && SessionRow.FORGOTTEN != row)
        {
            row.form = row.form.updated(name, priority, walltimeNs);
            return;
        }
        final ArrayRow array = array(id);
        if (null == array || null != row)
        {
            throw new IllegalStateException("sessionId=" + id + " is unknown to the view");
        }
        array.update(id, count, name, priority, walltimeNs);
    }

    void state(final SessionRow row, final LifeState next)
    {
        count(row.form, row.state, -1);
        count(row.form, next, 1);
        row.state = next;
    }

    void forget(final long id)
    {
        final SessionRow row = materialise(id);
        count(row.form, row.state, -1);
        past.add(id, row.form.ownerId(), row.form.groupId());
        final ArrayRow array = row.form.array() ? array(id) : null;
        if (null == array)
        {
            remove(id);
            dependents.remove(row.form);
            return;
        }
        array.forgotten++;
        put(id, SessionRow.FORGOTTEN);
        if (array.forgotten == array.form.count())
        {
            arrayByFirstId.remove(array.form.firstId());
            dependents.remove(array.form);
            removeMarkers(array.form.firstId(), array.lastId());
        }
    }

    private void removeMarkers(final long firstId, final long lastId)
    {
        for (long number = firstId >> CHUNK_BITS; number <= lastId >> CHUNK_BITS; number++)
        {
            final Chunk chunk = chunkByNumber.get(number);
            final long chunkFirstId = number << CHUNK_BITS;
            final int end = (int)Math.min(CHUNK_SIZE, lastId + 1 - chunkFirstId);
            for (int i = (int)Math.max(0, firstId - chunkFirstId); i < end; i++)
            {
                clear(chunk, i);
            }
        }
    }

    long count(final LifeState state)
    {
        return counts[state.ordinal()];
    }

    long count(final LifeState state, final int groupId)
    {
        final long[][] byGroup = countsByGroup;
        return groupId < 0 || groupId >= byGroup.length || null == byGroup[groupId] ?
            0 : byGroup[groupId][state.ordinal()];
    }

    /** The row, {@link SessionRow#FORGOTTEN}, or null if there is none. */
    SessionRow row(final long id)
    {
        final Chunk chunk = chunk(id >> CHUNK_BITS);
        return null == chunk ? null : chunk.rows[(int)id & CHUNK_MASK];
    }

    /** The array that an id belongs to, null if it is of none. */
    ArrayRow array(final long id)
    {
        final Map.Entry<Long, ArrayRow> entry = arrayByFirstId.floorEntry(id);
        return null != entry && entry.getValue().contains(id) ? entry.getValue() : null;
    }

    /** Lowest id from this one on at which there may be a session, {@link #NONE} if there is none. */
    long next(final long fromId)
    {
        final ArrayRow array = array(fromId);
        final long inChunks = nextInChunks(fromId);
        if (null != array)
        {
            final long inArray = nextInArray(array, fromId);
            return NONE == inArray ? next(array.lastId() + 1) : inArray;
        }
        final Long nextArray = arrayByFirstId.ceilingKey(fromId);
        if (null == nextArray)
        {
            return inChunks;
        }
        return NONE == inChunks ? nextArray : Math.min(nextArray, inChunks);
    }

    private long nextInArray(final ArrayRow array, final long fromId)
    {
        for (long id = fromId; id <= array.lastId(); id++)
        {
            if (SessionRow.FORGOTTEN != row(id))
            {
                return id;
            }
        }
        return NONE;
    }

    private long nextInChunks(final long fromId)
    {
        Map.Entry<Long, Chunk> entry = chunkByNumber.ceilingEntry(fromId >> CHUNK_BITS);
        while (null != entry)
        {
            final long firstId = entry.getKey() << CHUNK_BITS;
            final SessionRow[] rows = entry.getValue().rows;
            for (int i = (int)Math.max(0, fromId - firstId); i < CHUNK_SIZE; i++)
            {
                if (null != rows[i] && SessionRow.FORGOTTEN != rows[i])
                {
                    return firstId + i;
                }
            }
            entry = chunkByNumber.higherEntry(entry.getKey());
        }
        return NONE;
    }

    /** Highest id up to this one at which there may be a session, {@link #NONE} if there is none. */
    long previous(final long fromId)
    {
        final long best = previousInChunks(fromId);
        Map.Entry<Long, ArrayRow> array = arrayByFirstId.floorEntry(fromId);
        while (null != array && array.getValue().lastId() > best)
        {
            final long from = Math.min(fromId, array.getValue().lastId());
            for (long id = from; id > Math.max(best, array.getKey() - 1); id--)
            {
                if (SessionRow.FORGOTTEN != row(id))
                {
                    return id;
                }
            }
            array = arrayByFirstId.lowerEntry(array.getKey());
        }
        return best;
    }

    private long previousInChunks(final long fromId)
    {
        Map.Entry<Long, Chunk> entry = chunkByNumber.floorEntry(fromId >> CHUNK_BITS);
        while (null != entry)
        {
            final long firstId = entry.getKey() << CHUNK_BITS;
            final SessionRow[] rows = entry.getValue().rows;
            for (int i = (int)Math.min(CHUNK_SIZE - 1, fromId - firstId); i >= 0; i--)
            {
                if (null != rows[i] && SessionRow.FORGOTTEN != rows[i])
                {
                    return firstId + i;
                }
            }
            entry = chunkByNumber.lowerEntry(entry.getKey());
        }
        return NONE;
    }

    private void put(final long id, final SessionRow row)
    {
        final long number = id >> CHUNK_BITS;
        if (writerChunk.number != number)
        {
            writerChunk = chunkByNumber.computeIfAbsent(number, Chunk::new);
        }
        final int index = (int)id & CHUNK_MASK;
        if (null == writerChunk.rows[index])
        {
            writerChunk.used++;
        }
        writerChunk.rows[index] = row;
    }

    private void remove(final long id)
    {
        clear(chunkByNumber.get(id >> CHUNK_BITS), (int)id & CHUNK_MASK);
    }

    private void clear(final Chunk chunk, final int index)
    {
        chunk.rows[index] = null;
        if (0 == --chunk.used)
        {
            chunkByNumber.remove(chunk.number);
            writerChunk = NO_CHUNK;
        }
    }

    private Chunk chunk(final long number)
    {
        final Chunk cached = writerChunk;
        return cached.number == number ? cached : chunkByNumber.get(number);
    }

    private static final class Chunk
    {
        private final long number;
        private final SessionRow[] rows = new SessionRow[CHUNK_SIZE];
        private int used;

        private Chunk(final long number)
        {
            this.number = number;
        }

        private Chunk copy()
        {
            final Chunk copy = new Chunk(number);
            for (int i = 0; i < CHUNK_SIZE; i++)
            {
                copy.rows[i] = null == rows[i] ? null : rows[i].copy();
            }
            copy.used = used;
            return copy;
        }
    }
}
