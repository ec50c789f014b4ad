package io.plimsoll.manager.view;

import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Whom sessions were of that are forgotten, for readers of old events: of about a million, those with the lowest ids go
 * first. Eight bytes each. One writer; readers go through {@link ViewLock}.
 */
final class PastOwners
{
    /** Account or group of a session of which nothing is known. */
    static final int UNKNOWN = -1;
    static final int CHUNKS_MAX = 1_024;

    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
    private static final int CHUNK_MASK = CHUNK_SIZE - 1;

    private final ConcurrentSkipListMap<Long, Chunk> chunkByNumber = new ConcurrentSkipListMap<>();
    private int chunks;

    void copyFrom(final PastOwners other)
    {
        chunkByNumber.clear();
        other.chunkByNumber.forEach((number, chunk) -> chunkByNumber.put(
            number, new Chunk(chunk.owners().clone(), chunk.groups().clone())));
        chunks = other.chunks;
    }

    void add(final long id, final int ownerId, final int groupId)
    {
        final long number = id >> CHUNK_BITS;
        Chunk chunk = chunkByNumber.get(number);
        if (null == chunk)
        {
            chunk = new Chunk(new int[CHUNK_SIZE], new int[CHUNK_SIZE]);
            chunkByNumber.put(number, chunk);
            chunks++;
            if (chunks > CHUNKS_MAX)
            {
                chunkByNumber.pollFirstEntry();
                chunks--;
            }
        }
        // Zero is nobody's, so that a chunk begins with nothing known.
        chunk.groups()[(int)id & CHUNK_MASK] = groupId;
        chunk.owners()[(int)id & CHUNK_MASK] = ownerId + 1;
    }

    /** Account that a session counted for. */
    int owner(final long id)
    {
        final Chunk chunk = chunkByNumber.get(id >> CHUNK_BITS);
        return null == chunk ? UNKNOWN : chunk.owners()[(int)id & CHUNK_MASK] - 1;
    }

    /** Its resource group. */
    int group(final long id)
    {
        return UNKNOWN == owner(id) ? UNKNOWN : chunkByNumber.get(id >> CHUNK_BITS).groups()[(int)id & CHUNK_MASK];
    }

    private record Chunk(int[] owners, int[] groups)
    {
    }
}
