package io.plimsoll.loadtest.openb;

import io.plimsoll.loadtest.simulate.GroupSpec.TypicalRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The most frequent kinds of pods of a workload that together make up 95 % of it, memory not looked at. */
public final class TypicalPods
{
    private static final double POPULARITY = 0.95;

    private final List<OpenbPod> kinds = new ArrayList<>();
    private final List<Integer> counts = new ArrayList<>();
    private final List<Double> weights = new ArrayList<>();
    private final List<TypicalRequest> mix = new ArrayList<>();

    /**
     * Of a workload as it is listed, before it is sampled.
     *
     * @param pods of the list.
     */
    public TypicalPods(final List<OpenbPod> pods)
    {
        final Map<OpenbPod, Integer> countByKind = new HashMap<>();
        pods.forEach(pod -> countByKind.merge(kind(pod), 1, Integer::sum));
        final List<OpenbPod> sorted = new ArrayList<>(countByKind.keySet());
        sorted.sort(Comparator.<OpenbPod>comparingInt(countByKind::get)
            .thenComparingLong(OpenbPod::cpuMillis)
            .thenComparingInt(OpenbPod::deviceMilli)
            .thenComparingInt(OpenbPod::deviceCount)
            .thenComparing(OpenbPod::models)
            .reversed());
        // By models first: the core numbers sets of models as they come, and its last rule for ties is that number.
        final List<OpenbPod> byModels = new ArrayList<>(sorted);
        byModels.sort(Comparator.comparing(OpenbPod::models));
        byModels.forEach(kind -> mix.add(new TypicalRequest(
            kind.cpuMillis(), kind.deviceCount(), kind.deviceMilli(), countByKind.get(kind), kind.models())));
        int taken = 0;
        for (final OpenbPod kind : sorted)
        {
            if (taken >= POPULARITY * pods.size())
            {
                break;
            }
            kinds.add(kind);
            counts.add(countByKind.get(kind));
            taken += countByKind.get(kind);
        }
        final double total = pods.size();
        for (final int count : counts)
        {
            weights.add(count / total / (taken / total));
        }
    }

    private static OpenbPod kind(final OpenbPod pod)
    {
        return new OpenbPod("", pod.cpuMillis(), 0, pod.deviceCount(), pod.deviceMilli(), pod.models());
    }

    /** Number of kinds. */
    public int size()
    {
        return kinds.size();
    }

    /** One of them, without name and memory. */
    public OpenbPod kind(final int index)
    {
        return kinds.get(index);
    }

    /** Share of it; all sum to 1. */
    public double weight(final int index)
    {
        return weights.get(index);
    }

    /** All kinds, as a group of the core is told; it takes the most frequent of them as they are taken here. */
    public List<TypicalRequest> mix()
    {
        return mix;
    }
}
