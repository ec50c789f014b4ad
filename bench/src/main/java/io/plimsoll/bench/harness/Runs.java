package io.plimsoll.bench.harness;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The same measurement several times; the run with the median value stands for all.
 *
 * @param median result of that run.
 * @param values of all runs, in the order in which they ran.
 * @param <T>    of a result.
 */
public record Runs<T>(T median, List<Double> values)
{
    /**
     * Measures.
     *
     * @param count odd, so that there is a middle one.
     * @param run   one measurement.
     * @param value by which runs are compared.
     * @param <T>   of a result.
     * @return the runs.
     */
    public static <T> Runs<T> of(final int count, final Supplier<T> run, final Function<T, Double> value)
    {
        final List<T> results = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            results.add(run.get());
        }
        final List<Double> values = results.stream().map(value).toList();
        final List<T> sorted = new ArrayList<>(results);
        sorted.sort(Comparator.comparing(value));
        return new Runs<>(sorted.get(sorted.size() / 2), values);
    }
}
