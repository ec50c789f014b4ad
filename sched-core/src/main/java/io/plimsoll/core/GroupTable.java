package io.plimsoll.core;

import org.agrona.DirectBuffer;

/** Resource groups with their options. Group ids are rows; groups are never removed. */
final class GroupTable extends Table
{
    final IntColumn name = intColumn(1);
    final ByteColumn order = byteColumn(2);
    final ByteColumn select = byteColumn(3);
    final IntColumn attemptsMax = intColumn(4);
    final IntColumn decisionsPerCommandMax = intColumn(5);
    final LongColumn pendingTimeoutNs = longColumn(6);
    final LongColumn scheduledTimeoutNs = longColumn(7);
    final LongColumn pullProgressTimeoutNs = longColumn(8);
    final LongColumn pullTimeoutNs = longColumn(9);
    final LongColumn prepareTimeoutNs = longColumn(10);
    final LongColumn killTimeoutNs = longColumn(11);
    final LongColumn retryBackoffNs = longColumn(12);
    final IntColumn pendingMax = intColumn(13);
    /** Sessions that wait, elements of arrays counted one by one. */
    final LongColumn pending = longColumn(14);
    /** Agents that ever joined and have not moved to another group. */
    final IntColumn agents = intColumn(15);
    private final Names names;

    GroupTable(final Names names)
    {
        this.names = names;
    }

    int find(final DirectBuffer buffer, final int offset, final int length)
    {
        final int nameId = names.find(buffer, offset, length);
        for (int group = 0; group < count() && NONE != nameId; group++)
        {
            if (nameId == name.get(group))
            {
                return group;
            }
        }
        return NONE;
    }

    /** Back-off before the attempt after this one: doubled with each attempt, and never beyond an hour. */
    long backoffNs(final int group, final int attempt)
    {
        final long hourNs = 3_600_000_000_000L;
        final long base = retryBackoffNs.get(group);
        final int doublings = Math.min(attempt - 1, 20);
        return base >= hourNs >> doublings ? Math.max(base, hourNs) : base << doublings;
    }
}
