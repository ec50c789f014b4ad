package io.plimsoll.loadtest.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of what is free is of no use to what the group is asked for. For one slot: of each request of the recorded
 * mix that asks for it, what is free on agents on which a kernel of that request does not fit, and on devices too
 * full for it on agents on which it does; the mean over the requests by their kernels, as a part of all that is free.
 * That is the amount F of Weng et al. (ATC 2023), of those who ask for the slot and of any slot. Taken at the end of
 * each bucket; agents are looked at again only if something was taken or given back there.
 */
final class FragmentationListener implements ReportListener
{
    private final ClusterBook book;
    private final Map<Integer, List<RequestMix.Entry>> mixByGroup = new TreeMap<>();
    private final Map<Integer, Map<Integer, Double[]>> partByGroupAndSlot = new TreeMap<>();
    private final Map<Integer, Share> shareByAgent = new HashMap<>();
    private final int buckets;

    /**
     * Of a cluster.
     *
     * @param book  that knows it, and tells this; given later than this is made.
     * @param range of the report.
     * @param mixes that the groups are asked for.
     */
    FragmentationListener(final ClusterBook book, final ReportRange range, final Map<Integer, RequestMix> mixes)
    {
        this.book = book;
        buckets = range.buckets();
        mixes.forEach((group, mix) -> mixByGroup.put(group, mix.entries()));
    }

    /** What an agent has that is free, and of it what is of no use. */
    private static final class Share
    {
        private int groupId;
        private Map<Integer, double[]> freeAndUseless = Map.of();
    }

    /** By group and slot, a part of 1 for each bucket; null where nothing is free or asked for. */
    Map<Integer, Map<Integer, Double[]>> parts()
    {
        return partByGroupAndSlot;
    }

    @Override
    public void onBucketEnd(final int bucket, final long endNs)
    {
        final Map<Integer, Map<Integer, double[]>> sums = new TreeMap<>();
        for (final BookedAgent agent : book.agents())
        {
            final Share share = share(agent);
            share.freeAndUseless.forEach(
                (slot, amounts) ->
                {
                    final double[] sum = sums.computeIfAbsent(share.groupId, id -> new TreeMap<>())
                        .computeIfAbsent(slot, id -> new double[2]);
                    sum[0] += amounts[0];
                    sum[1] += amounts[1];
                });
        }
        sums.forEach(
            (group, bySlot) -> bySlot.forEach(
                (slot, sum) -> partByGroupAndSlot.computeIfAbsent(group, id -> new TreeMap<>())
                    .computeIfAbsent(slot, id -> new Double[buckets])[bucket] = sum[0] > 0 ? sum[1] / sum[0] : null));
    }

    private Share share(final BookedAgent agent)
    {
        Share share = shareByAgent.get(agent.id);
        if (null == share)
        {
            share = new Share();
            shareByAgent.put(agent.id, share);
            agent.isTouched = true;
        }
        if (agent.isTouched)
        {
            agent.isTouched = false;
            share.groupId = agent.groupId;
            share.freeAndUseless = agent.mayGetWork() ? measure(agent) : Map.of();
        }
        return share;
    }

    private Map<Integer, double[]> measure(final BookedAgent agent)
    {
        final List<RequestMix.Entry> mix = mixByGroup.getOrDefault(agent.groupId, List.of());
        final Map<Integer, double[]> result = new TreeMap<>();
        for (final int slot : askedFor(mix))
        {
            final double free = agent.capacity(slot) - agent.used(slot);
            double kernels = 0;
            double useless = 0;
            for (final RequestMix.Entry entry : mix)
            {
                if (asksFor(entry, slot))
                {
                    kernels += entry.kernels();
                    useless += entry.kernels() *
                        (fits(agent, entry) ? onDevicesTooFull(agent, entry, slot) : free);
                }
            }
            result.put(slot, new double[]{free, useless / kernels});
        }
        return result;
    }

    /** Slots, that of whole devices for their shares. */
    private List<Integer> askedFor(final List<RequestMix.Entry> mix)
    {
        final List<Integer> slots = new ArrayList<>();
        for (final RequestMix.Entry entry : mix)
        {
            for (final int slot : entry.amounts().keySet())
            {
                final int counted = names().isShare(slot) ? names().deviceOf(slot) : slot;
                if (!slots.contains(counted))
                {
                    slots.add(counted);
                }
            }
        }
        return slots;
    }

    private BookedNames names()
    {
        return book.names();
    }

    private boolean asksFor(final RequestMix.Entry entry, final int slot)
    {
        for (final int asked : entry.amounts().keySet())
        {
            if (asked == slot || names().isShare(asked) && names().deviceOf(asked) == slot)
            {
                return true;
            }
        }
        return false;
    }

    private boolean fits(final BookedAgent agent, final RequestMix.Entry entry)
    {
        for (final Map.Entry<Integer, Long> asked : entry.amounts().entrySet())
        {
            final int slot = asked.getKey();
            final long amount = asked.getValue();
            final boolean fits = names().isShare(slot) ? largest(agent, names().deviceOf(slot)) >= amount :
                names().isDevice(slot) ? idle(agent, slot) >= amount :
                agent.capacity(slot) - agent.used(slot) >= amount;
            if (!fits)
            {
                return false;
            }
        }
        return true;
    }

    private static int devices(final BookedAgent agent, final int slot)
    {
        return (int)(agent.capacity(slot) / RequestMix.WHOLE);
    }

    private static int idle(final BookedAgent agent, final int slot)
    {
        int idle = 0;
        for (int device = 0; device < devices(agent, slot); device++)
        {
            idle += RequestMix.WHOLE == agent.deviceFree(slot, device) ? 1 : 0;
        }
        return idle;
    }

    private static int largest(final BookedAgent agent, final int slot)
    {
        int largest = 0;
        for (int device = 0; device < devices(agent, slot); device++)
        {
            largest = Math.max(largest, agent.deviceFree(slot, device));
        }
        return largest;
    }

    /** What is free on devices that cannot take what a request asks of one; 0 for slots that are no devices. */
    private double onDevicesTooFull(final BookedAgent agent, final RequestMix.Entry entry, final int slot)
    {
        if (!names().isDevice(slot))
        {
            return 0;
        }
        final long each = entry.amounts().containsKey(slot) ? RequestMix.WHOLE : shareOf(entry, slot);
        double tooFull = 0;
        for (int device = 0; device < devices(agent, slot); device++)
        {
            final int free = agent.deviceFree(slot, device);
            tooFull += free < each ? free : 0;
        }
        return tooFull;
    }

    private long shareOf(final RequestMix.Entry entry, final int slot)
    {
        for (final Map.Entry<Integer, Long> asked : entry.amounts().entrySet())
        {
            if (names().isShare(asked.getKey()) && names().deviceOf(asked.getKey()) == slot)
            {
                return asked.getValue();
            }
        }
        return 0;
    }
}
