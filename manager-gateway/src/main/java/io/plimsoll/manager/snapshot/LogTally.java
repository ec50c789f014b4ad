package io.plimsoll.manager.snapshot;

import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;

/** Says how long a {@link CompactLog} of the same records would be, without keeping them. For one thread. */
final class LogTally implements KeyedLog
{
    private final Long2LongHashMap bytesByKey = new Long2LongHashMap(0);
    private long liveBytes;

    @Override
    public void add(final long key, final DirectBuffer buffer, final int offset, final int length)
    {
        final int entryLength = CompactLog.entryLength(length);
        bytesByKey.put(key, bytesByKey.get(key) + entryLength);
        liveBytes += entryLength;
    }

    @Override
    public void drop(final long key)
    {
        liveBytes -= bytesByKey.remove(key);
    }

    @Override
    public long liveBytes()
    {
        return liveBytes;
    }
}
