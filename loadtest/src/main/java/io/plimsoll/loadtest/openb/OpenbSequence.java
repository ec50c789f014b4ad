package io.plimsoll.loadtest.openb;

import io.plimsoll.loadtest.simulate.ScenarioException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One run of a workload: who wins ties, and who comes when.
 *
 * @param ranks of the machines, in order of their names; the lowest wins.
 * @param order indices into the pods sorted by name.
 */
public record OpenbSequence(int[] ranks, int[] order)
{
    /** Ties to the first by name, arrival in the order of the file. */
    public static OpenbSequence asListed(final List<OpenbNode> nodes, final List<OpenbPod> pods)
    {
        final List<OpenbPod> sorted = byName(pods);
        final Map<String, Integer> indexByName = new HashMap<>();
        for (int i = 0; i < sorted.size(); i++)
        {
            indexByName.put(sorted.get(i).name(), i);
        }
        return new OpenbSequence(
            IntStream.range(0, nodes.size()).toArray(),
            pods.stream().mapToInt(pod -> indexByName.get(pod.name())).toArray());
    }

    /** Machines, the one that wins ties first. */
    public List<OpenbNode> nodesByRank(final List<OpenbNode> nodes)
    {
        if (ranks.length != nodes.size())
        {
            throw new ScenarioException(
                "the sequence ranks " + ranks.length + " nodes, but there are " + nodes.size());
        }
        final List<OpenbNode> sorted = new ArrayList<>(nodes);
        sorted.sort(Comparator.comparing(OpenbNode::name));
        final List<OpenbNode> ranked = new ArrayList<>();
        IntStream.range(0, ranks.length)
            .boxed()
            .sorted(Comparator.comparingInt(index -> ranks[index]))
            .forEach(index -> ranked.add(sorted.get(index)));
        return ranked;
    }

    /** Pods in the order of their arrival; one may come more than once. */
    public List<OpenbPod> arrivals(final List<OpenbPod> pods)
    {
        final List<OpenbPod> sorted = byName(pods);
        final List<OpenbPod> arrivals = new ArrayList<>();
        for (final int index : order)
        {
            if (index < 0 || index >= sorted.size())
            {
                throw new ScenarioException(
                    "the sequence names pod " + index + ", but there are " + sorted.size() + " from 0");
            }
            arrivals.add(sorted.get(index));
        }
        return arrivals;
    }

    private static List<OpenbPod> byName(final List<OpenbPod> pods)
    {
        final List<OpenbPod> sorted = new ArrayList<>(pods);
        sorted.sort(Comparator.comparing(OpenbPod::name));
        return sorted;
    }
}
