package io.plimsoll.manager.history;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.manager.egress.RecordDispatcher;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.IntArrayList;

/** Copies of some records, which are looked at twice. For one thread. */
final class RecordPortion
{
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1 << 16);
    private final IntArrayList offsets = new IntArrayList();
    private final RecordFlyweight record = new RecordFlyweight();
    private int end;
    private long lastSequence;
    private long lastAtNs;

    void clear()
    {
        offsets.clear();
        end = 0;
    }

    void add(final RecordFlyweight added)
    {
        final int length = added.length();
        buffer.putBytes(end, added.buffer(), added.offset(), length);
        offsets.addInt(end);
        end += length;
        lastSequence = added.sequence();
        lastAtNs = added.timestampNs();
    }

    int size()
    {
        return offsets.size();
    }

    int bytes()
    {
        return end;
    }

    long lastSequence()
    {
        return lastSequence;
    }

    long lastAtNs()
    {
        return lastAtNs;
    }

    void show(final RecordDispatcher dispatcher)
    {
        for (int i = 0; i < offsets.size(); i++)
        {
            dispatcher.dispatch(record.wrap(buffer, offsets.getInt(i)));
        }
    }
}
