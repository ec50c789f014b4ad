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
    final ByteColumn backfill = byteColumn(16);
    final ByteColumn preemption = byteColumn(17);
    final ByteColumn victimScope = byteColumn(18);
    final LongColumn preemptionMinRuntimeNs = longColumn(19);
    final LongColumn ageingNs = longColumn(20);
    final LongColumn usageHalfLifeNs = longColumn(21);
    final IntColumn quarantineAfter = intColumn(22);
    final LongColumn quarantineNs = longColumn(23);
    final ByteColumn allowedTypes = byteColumn(24);
    final IntColumn kernelsMax = intColumn(25);
    final ByteColumn acceptUnsatisfiable = byteColumn(26);
    final LongColumn selectionSeed = longColumn(27);
    final LongColumn lostTimeoutNs = longColumn(28);
    final LongColumn delayMaxNs = longColumn(29);
    /** See {@link UsageTable}. */
    final LongColumn usageBaseNs = longColumn(40);
    /** Name of the policy that scores agents. */
    final IntColumn selection = intColumn(30);
    /** Agent that got the last kernel. */
    final IntColumn cursor = intColumn(41);
    /** 1: the policy of that name is not there, since the manager was started without it. */
    final ByteColumn selectionMissing = byteColumn(42);
    /* Of predictive backfill: see Shadows. */
    final ByteColumn shadowed = byteColumn(60);
    /** How far the shadow has been followed. */
    final LongColumn shadowNs = longColumn(61);
    final LongColumn shadowStarts = longColumn(62);
    /** When something last happened by which sessions may start. */
    final LongColumn passNs = longColumn(63);
    private final Names names;

    GroupTable(final Names names)
    {
        this.names = names;
    }

    boolean isSelectionMissing(final int group)
    {
        return 0 != get(selectionMissing, group);
    }

    int find(final DirectBuffer buffer, final int offset, final int length)
    {
        final int nameId = names.find(buffer, offset, length);
        for (int group = 0; group < count() && NONE != nameId; group++)
        {
            if (nameId == get(name, group))
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
        final long base = get(retryBackoffNs, group);
        final int doublings = Math.min(attempt - 1, 20);
        return base >= hourNs >> doublings ? Math.max(base, hourNs) : base << doublings;
    }
}
