package io.plimsoll.loadtest.whatif;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a cluster is typically asked for: the most frequent requests for one kernel, with their weights. By these, idle
 * capacity that nobody could use is fragmented: the measure of fragmentation gradient descent (Weng et al., USENIX ATC
 * 2023), for any resource.
 */
final class TypicalMix
{
    private static final int KINDS_MAX = 32;

    private final List<Kind> kinds = new ArrayList<>();
    private final Map<Key, long[]> counts = new HashMap<>();

    /** Another session was asked for. */
    void add(final SessionBook.Request request)
    {
        counts.computeIfAbsent(new Key(request.groupId(), request.amounts()), key -> new long[1])[0] +=
            request.kernels();
    }

    /** Keeps the most frequent. */
    void settle()
    {
        kinds.clear();
        final List<Map.Entry<Key, long[]>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Comparator.<Map.Entry<Key, long[]>>comparingLong(entry -> -entry.getValue()[0])
            .thenComparing(entry -> Arrays.toString(entry.getKey().amounts)));
        for (final Map.Entry<Key, long[]> entry : sorted.subList(0, Math.min(KINDS_MAX, sorted.size())))
        {
            kinds.add(new Kind(entry.getKey().groupId, entry.getKey().amounts, entry.getValue()[0]));
        }
    }

    /** Part, by weight, of those requests of an agent's group that ask for a resource and find no room on it. */
    double unusable(final AgentBook agent, final int resource)
    {
        long asking = 0;
        long unmet = 0;
        for (final Kind kind : kinds)
        {
            if (kind.groupId == agent.groupId && resource < kind.amounts.length && kind.amounts[resource] > 0)
            {
                asking += kind.weight;
                unmet += fits(agent, kind.amounts) ? 0 : kind.weight;
            }
        }
        return 0 == asking ? 0 : (double)unmet / asking;
    }

    private static boolean fits(final AgentBook agent, final long[] amounts)
    {
        for (int i = 0; i < amounts.length; i++)
        {
            if (amounts[i] > agent.free(i) || !devicesFit(agent, i, amounts[i]))
            {
                return false;
            }
        }
        return true;
    }

    /** Whole devices must be free; a share is of one device. */
    private static boolean devicesFit(final AgentBook agent, final int resource, final long amount)
    {
        final int[] inUse = resource < agent.deviceUsed.length ? agent.deviceUsed[resource] : null;
        if (0 == amount || null == inUse)
        {
            return true;
        }
        final int devices = (int)(agent.capacity[resource] / ResourceBook.WHOLE);
        final boolean share = amount < ResourceBook.WHOLE;
        final long most = share ? ResourceBook.WHOLE - amount : 0;
        long fitting = 0;
        for (int i = 0; i < devices; i++)
        {
            fitting += inUse[i] <= most ? 1 : 0;
        }
        return share ? fitting > 0 : fitting * ResourceBook.WHOLE >= amount;
    }

    private record Kind(int groupId, long[] amounts, long weight)
    {
    }

    private static final class Key
    {
        private final int groupId;
        private final long[] amounts;

        Key(final int groupId, final long[] amounts)
        {
            this.groupId = groupId;
            this.amounts = amounts;
        }

        @Override
        public boolean equals(final Object other)
        {
            return other instanceof Key && ((Key)other).groupId == groupId &&
                Arrays.equals(((Key)other).amounts, amounts);
        }

        @Override
        public int hashCode()
        {
            return 31 * groupId + Arrays.hashCode(amounts);
        }
    }
}
