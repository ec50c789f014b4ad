package io.plimsoll.loadtest.virtual;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleConsumer;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;

/** The same thing with several seeds: one trace and one seed are not evidence. */
public final class SeedRuns
{
    private SeedRuns()
    {
    }

    /**
     * Does it once for each seed, some at a time; what comes out does not depend on how many.
     *
     * @param seeds    from the first seed on, that many.
     * @param first    seed.
     * @param threads  at a time.
     * @param one      makes what is asked for of a seed.
     * @param progress told which part of the seeds are done.
     * @return one for each seed, in order.
     */
    public static <T> List<T> of(
        final int seeds, final long first, final int threads, final LongFunction<T> one, final DoubleConsumer progress)
    {
        final ExecutorService executor = Executors.newFixedThreadPool(Math.max(1, Math.min(threads, seeds)));
        try
        {
            final List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < seeds; i++)
            {
                final long seed = first + i;
                futures.add(executor.submit(() -> one.apply(seed)));
            }
            final List<T> results = new ArrayList<>();
            for (final Future<T> future : futures)
            {
                results.add(get(future));
                progress.accept((double)results.size() / seeds);
            }
            return results;
        }
        finally
        {
            executor.shutdownNow();
        }
    }

    private static <T> T get(final Future<T> future)
    {
        try
        {
            return future.get();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", ex);
        }
        catch (final ExecutionException ex)
        {
            if (ex.getCause() instanceof final RuntimeException cause)
            {
                throw cause;
            }
            throw new IllegalStateException(ex.getCause());
        }
    }

    /** What all runs say of one figure. */
    public static <T> Interval interval(final List<T> results, final ToDoubleFunction<T> figure)
    {
        final List<Double> values = new ArrayList<>();
        results.forEach(result -> values.add(figure.applyAsDouble(result)));
        return Interval.of(values);
    }
}
