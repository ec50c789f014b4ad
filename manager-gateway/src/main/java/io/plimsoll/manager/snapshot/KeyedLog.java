package io.plimsoll.manager.snapshot;

import org.agrona.DirectBuffer;

/** Takes records, each under a key; those under a key can be dropped together. For one thread. */
interface KeyedLog
{
    /** Adds a record behind all others. */
    void add(long key, DirectBuffer buffer, int offset, int length);

    /** Drops all records under a key. */
    void drop(long key);

    /** Bytes that what was not dropped takes in a {@link CompactLog}. */
    long liveBytes();
}
