package io.plimsoll.core;

/** What an agent has free that it had not before: between which times, and how much. */
final class ProfileGain
{
    private long fromNs = ExpectedEnds.NEVER;
    private long toNs = ExpectedEnds.NEVER;
    private long cpuMillis;

    /** Compares two profiles of an agent from a time on. */
    void compare(final AgentProfile before, final AgentProfile after, final long sinceNs)
    {
        fromNs = ExpectedEnds.NEVER;
        toNs = ExpectedEnds.NEVER;
        cpuMillis = 0;
        int point = after.point(sinceNs);
        int other = before.point(sinceNs);
        long timeNs = sinceNs;
        while (ExpectedEnds.NEVER != timeNs)
        {
            final long nextPointNs = after.atNs(point + 1);
            final long nextOtherNs = before.atNs(other + 1);
            final long nextNs = Math.min(nextPointNs, nextOtherNs);
            if (isMore(before, other, after, point))
            {
                fromNs = Math.min(fromNs, timeNs);
                toNs = nextNs;
                cpuMillis = Math.max(cpuMillis, after.free(point, SlotTable.CPU));
            }
            point += nextPointNs == nextNs ? 1 : 0;
            other += nextOtherNs == nextNs ? 1 : 0;
            timeNs = nextNs;
        }
    }

    private static boolean isMore(
        final AgentProfile before, final int other, final AgentProfile after, final int point)
    {
        if (before.dimensions() != after.dimensions())
        {
            return true;
        }
        for (int i = 0; i < after.dimensions(); i++)
        {
            if (after.free(point, i) > before.free(other, i))
            {
                return true;
            }
        }
        return false;
    }

    /** NEVER if there is none. */
    long fromNs()
    {
        return fromNs;
    }

    long toNs()
    {
        return toNs;
    }

    /** The most that is free at once at any of the times at which there is more of anything. */
    long cpuMillis()
    {
        return cpuMillis;
    }
}
