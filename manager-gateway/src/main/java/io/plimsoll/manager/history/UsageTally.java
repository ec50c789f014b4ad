package io.plimsoll.manager.history;

import io.plimsoll.manager.identity.Owner;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Sums up what was used, exactly: amounts times nanoseconds, each on its day of UTC. For one thread. */
final class UsageTally
{
    static final long DAY_NS = TimeUnit.DAYS.toNanos(1);

    private final Map<Key, BigInteger> sums = new TreeMap<>();

    /** An amount of a slot was used from one time to another, in epoch nanoseconds. */
    void add(final Owner owner, final String slot, final long amount, final long fromNs, final long toNs)
    {
        long from = fromNs;
        while (0 != amount && from < toNs)
        {
            final long day = Math.floorDiv(from, DAY_NS);
            final long end = Math.min(toNs, (day + 1) * DAY_NS);
            sums.merge(
                new Key(day, owner.domainId(), owner.projectId(), owner.userId(), slot),
                BigInteger.valueOf(amount).multiply(BigInteger.valueOf(end - from)),
                BigInteger::add);
            from = end;
        }
    }

    Map<Key, BigInteger> sums()
    {
        return sums;
    }

    void clear()
    {
        sums.clear();
    }

    /**
     * What is told apart.
     *
     * @param day since 1970, of UTC.
     */
    record Key(long day, int domainId, int projectId, int userId, String slot) implements Comparable<Key>
    {
        @Override
        public int compareTo(final Key other)
        {
            int order = Long.compare(day, other.day);
            order = 0 == order ? Integer.compare(domainId, other.domainId) : order;
            order = 0 == order ? Integer.compare(projectId, other.projectId) : order;
            order = 0 == order ? Integer.compare(userId, other.userId) : order;
            return 0 == order ? slot.compareTo(other.slot) : order;
        }
    }
}
