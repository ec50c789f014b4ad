package io.plimsoll.loadtest.compare;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs of one side of a comparison.
 *
 * @param name of it.
 * @param once figures that are of all runs together.
 * @param runs of it.
 */
public record Side(String name, Map<String, Double> once, List<Run> runs)
{
    /** Of a run that does not say its seed. */
    public static final Long NO_SEED = null;

    /** A list that nobody changes. */
    public Side
    {
        runs = List.copyOf(runs);
    }

    /**
     * One run.
     *
     * @param seed    of it, or {@link #NO_SEED}.
     * @param figures by name.
     */
    public record Run(Long seed, Map<String, Double> figures)
    {
    }

    /** Figures that every run has. */
    public Set<String> figures()
    {
        final Set<String> figures = new LinkedHashSet<>(runs.isEmpty() ? Set.of() : runs.get(0).figures.keySet());
        runs.forEach(run -> figures.retainAll(run.figures.keySet()));
        return figures;
    }

    /** The same with one run at most. */
    Side firstRun()
    {
        return new Side(name, once, runs.subList(0, Math.min(1, runs.size())));
    }

    /** Seeds that both sides have a run of; none if one is there twice, or a run does not say its own. */
    List<Long> seedsIn(final Side other)
    {
        final TreeSet<Long> both = new TreeSet<>();
        if (hasSeeds() && other.hasSeeds())
        {
            runs.forEach(run -> both.add(run.seed));
            both.retainAll(other.runs.stream().map(Run::seed).toList());
        }
        return List.copyOf(both);
    }

    private boolean hasSeeds()
    {
        return runs.stream().allMatch(run -> NO_SEED != run.seed) &&
            runs.stream().map(Run::seed).distinct().count() == runs.size();
    }

    double[] values(final String figure)
    {
        return runs.stream().mapToDouble(run -> run.figures.get(figure)).toArray();
    }

    /** In the order of the seeds. */
    double[] values(final String figure, final List<Long> seeds)
    {
        final double[] values = new double[seeds.size()];
        for (final Run run : runs)
        {
            final int at = seeds.indexOf(run.seed);
            if (at >= 0)
            {
                values[at] = run.figures.get(figure);
            }
        }
        return values;
    }
}
