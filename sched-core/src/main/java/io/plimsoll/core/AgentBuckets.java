package io.plimsoll.core;

import java.util.Arrays;

/**
 * Agents that have something free of each of some slots beyond mem, for requests that ask for just these: first by how
 * many kinds of resources such a request leaves unused there, fewest first; then by what is free of those of the slots
 * that are compared before cpu, see {@link SlotPriority}; then as {@link AgentOrder} has them. Agents that are equal by
 * the first two are in one bucket. A cache.
 */
final class AgentBuckets
{
    private static final class Bucket
    {
        final AgentOrder order;
        /** What is left of the slots compared first. */
        final long[] amounts = new long[SlotTable.SLOTS_MAX];
        int unused;

        Bucket(final AgentOrder order)
        {
            this.order = order;
        }
    }

    private final AgentTable agents;
    private final SlotTable slots;
    private final boolean idFalling;
    private final int mask;
    private final int slotsMade;
    /** Slots that the request uses, whole or in shares. */
    private final int used;
    /** Slots that are compared before cpu. */
    private final int[] first;

    private Bucket[] buckets = new Bucket[4];
    private int count;
    private Bucket[] spares = new Bucket[4];
    private int spareCount;
    private Bucket[] bucketOf = new Bucket[64];
    private final long[] sought = new long[SlotTable.SLOTS_MAX];
    private int soughtUnused;
    private int lastSome;
    private int lastUnused;

    /* Cursor of a search. */
    private long[] need;
    private int at;
    private boolean isFalling;
    /* The first and the last bucket of as many kinds unused as that under the cursor. */
    private int groupFirst;
    private int groupLast;

    AgentBuckets(
        final AgentTable agents,
        final SlotTable slots,
        final SlotPriority priority,
        final int furtherMask,
        final boolean idFalling)
    {
        this.agents = agents;
        this.slots = slots;
        this.idFalling = idFalling;
        mask = furtherMask;
        slotsMade = slots.count();
        used = slots.withPartners(furtherMask);
        first = Arrays.copyOf(priority.order(Table.NONE, furtherMask), priority.led());
    }

    /** Whether it is for what a request asks for beyond mem. */
    boolean isFor(final int furtherMask)
    {
        return mask == furtherMask;
    }

    /** Whether all slots that there are were known when it was made. */
    boolean isCurrent()
    {
        return slotsMade == slots.count();
    }

    boolean isEmpty()
    {
        return 0 == count;
    }

    /** An agent has come or has changed. */
    void set(final int agent)
    {
        final int some = agents.some(agent);
        if (mask != (some & mask))
        {
            remove(agent);
            return;
        }
        if (agent >= bucketOf.length)
        {
            bucketOf = Arrays.copyOf(bucketOf, Math.max(agent + 1, bucketOf.length * 2));
        }
        soughtUnused = unused(some);
        for (int i = 0; i < first.length; i++)
        {
            sought[i] = agents.left(agent, first[i]);
        }
        final Bucket before = bucketOf[agent];
        if (null != before && 0 == compareSought(before))
        {
            before.order.remove(agent);
            before.order.add(agent);
            return;
        }
        final Bucket bucket = bucket();
        bucket.order.add(agent);
        bucketOf[agent] = bucket;
        leave(before, agent);
    }

    /** Mostly the same is free as was of the agent before. */
    private int unused(final int some)
    {
        if (some != lastSome)
        {
            lastSome = some;
            lastUnused = slots.kinds(some & ~used);
        }
        return lastUnused;
    }

    /** An agent, if it is in here, leaves. */
    void remove(final int agent)
    {
        final Bucket bucket = agent < bucketOf.length ? bucketOf[agent] : null;
        if (null != bucket)
        {
            bucketOf[agent] = null;
            leave(bucket, agent);
        }
    }

    private void leave(final Bucket bucket, final int agent)
    {
        if (null == bucket)
        {
            return;
        }
        bucket.order.remove(agent);
        if (0 == bucket.order.count())
        {
            soughtUnused = bucket.unused;
            System.arraycopy(bucket.amounts, 0, sought, 0, first.length);
            drop(find());
        }
    }

    /** The bucket that is sought, which is made if there is none. */
    private Bucket bucket()
    {
        final int found = find();
        if (found >= 0)
        {
            return buckets[found];
        }
        final Bucket bucket = spareCount > 0 ?
            spares[--spareCount] : new Bucket(new AgentOrder(agents, slots, idFalling, true));
        bucket.unused = soughtUnused;
        System.arraycopy(sought, 0, bucket.amounts, 0, first.length);
        if (count == buckets.length)
        {
            buckets = Arrays.copyOf(buckets, count * 2);
        }
        final int target = ~found;
        System.arraycopy(buckets, target, buckets, target + 1, count - target);
        buckets[target] = bucket;
        count++;
        return bucket;
    }

    private void drop(final int index)
    {
        if (spareCount == spares.length)
        {
            spares = Arrays.copyOf(spares, spareCount * 2);
        }
        spares[spareCount++] = buckets[index];
        count--;
        System.arraycopy(buckets, index + 1, buckets, index, count - index);
        buckets[count] = null;
    }

    /** Where the bucket that is sought is, or the complement of where it would be. */
    private int find()
    {
        int low = 0;
        int high = count - 1;
        while (low <= high)
        {
            final int middle = low + high >>> 1;
            final int order = compareSought(buckets[middle]);
            if (0 == order)
            {
                return middle;
            }
            if (order > 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return ~low;
    }

    private int compareSought(final Bucket bucket)
    {
        int order = Integer.compare(soughtUnused, bucket.unused);
        for (int i = 0; i < first.length && 0 == order; i++)
        {
            order = Long.compare(sought[i], bucket.amounts[i]);
        }
        return order;
    }

    /** Starts a search: where the fewest kinds stay unused, from the least or from the most that is left. */
    void seek(final long[] amounts, final boolean most)
    {
        need = amounts;
        isFalling = most;
        groupLast = -1;
        nextGroup();
    }

    private void nextGroup()
    {
        groupFirst = groupLast + 1;
        if (groupFirst < count)
        {
            Arrays.fill(sought, 0, first.length, Long.MIN_VALUE);
            soughtUnused = buckets[groupFirst].unused + 1;
            groupLast = found() - 1;
        }
        at = isFalling ? groupLast : groupFirst;
    }

    /** The agents of the next bucket in which some may fit; null after the last. */
    AgentOrder next()
    {
        while (groupFirst < count)
        {
            final Bucket bucket = buckets[at];
            final boolean enough = hasEnough(bucket);
            if (isFalling)
            {
                at = lacksFirst(bucket) ? groupFirst - 1 : at - 1;
            }
            else
            {
                at = lacksFirst(bucket) ? enoughFrom() : at + 1;
            }
            if (at < groupFirst || at > groupLast)
            {
                nextGroup();
            }
            if (enough)
            {
                return bucket.order;
            }
        }
        return null;
    }

    /** The first bucket that has enough of the slot compared first, of those with as many kinds unused, or beyond. */
    private int enoughFrom()
    {
        Arrays.fill(sought, 0, first.length, Long.MIN_VALUE);
        soughtUnused = buckets[at].unused;
        sought[0] = need[first[0]];
        return found();
    }

    /** The first bucket that is not below what is sought. */
    private int found()
    {
        final int found = find();
        return found >= 0 ? found : ~found;
    }

    private boolean lacksFirst(final Bucket bucket)
    {
        return first.length > 0 && bucket.amounts[0] < need[first[0]];
    }

    private boolean hasEnough(final Bucket bucket)
    {
        boolean enough = true;
        for (int i = 0; i < first.length && enough; i++)
        {
            enough = bucket.amounts[i] >= need[first[i]];
        }
        return enough;
    }
}
