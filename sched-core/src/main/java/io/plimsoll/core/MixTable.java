package io.plimsoll.core;

/** The requests that groups are used to get, as configured: see {@link io.plimsoll.core.policy.RequestMix}. */
final class MixTable extends Table
{
    final IntColumn group = intColumn(1);
    final LongColumn cpuMillis = longColumn(2);
    final IntColumn deviceCount = intColumn(3);
    final IntColumn deviceShare = intColumn(4);
    /** Name of the models, separated by |; an empty one: any. */
    final IntColumn models = intColumn(5);
    final LongColumn occurrences = longColumn(6);

    /** Forgets what was configured for a group. */
    void clear(final int groupId)
    {
        for (int row = 0; row < highWater(); row++)
        {
            if (isLive(row) && groupId == get(group, row))
            {
                release(row);
            }
        }
    }

    void add(
        final int groupId,
        final long cpu,
        final int devices,
        final int share,
        final int modelNames,
        final long times)
    {
        final int row = allocate();
        set(group, row, groupId);
        set(cpuMillis, row, cpu);
        set(deviceCount, row, devices);
        set(deviceShare, row, share);
        set(models, row, modelNames);
        set(occurrences, row, times);
    }
}
