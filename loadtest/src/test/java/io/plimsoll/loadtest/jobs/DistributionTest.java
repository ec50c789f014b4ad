package io.plimsoll.loadtest.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.jobs.Distribution.Choice;
import io.plimsoll.loadtest.jobs.Distribution.Constant;
import io.plimsoll.loadtest.jobs.Distribution.Exponential;
import io.plimsoll.loadtest.jobs.Distribution.LogNormal;
import io.plimsoll.loadtest.jobs.Distribution.Mix;
import io.plimsoll.loadtest.jobs.Distribution.Pareto;
import io.plimsoll.loadtest.jobs.Distribution.Quantiles;
import io.plimsoll.loadtest.jobs.Distribution.Uniform;
import io.plimsoll.loadtest.jobs.Distribution.Weibull;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistributionTest
{
    private static final int DRAWS = 400_000;

    @Test
    void shouldHaveTheMeanItSays()
    {
        for (final Distribution distribution : List.of(
            new Constant(3),
            new Uniform(1, 5),
            new Exponential(7),
            new Weibull(10, 0.7),
            new Weibull(10, 2),
            new LogNormal(4, 0.8),
            new Pareto(2, 3, 1000),
            new Mix(List.of(9.0, 1.0), List.of(new Exponential(1), new Exponential(20))),
            new Choice(List.of(1.0, 5.0), List.of(3.0, 1.0)),
            new Quantiles(List.of(0.0, 0.5, 1.0), List.of(0.0, 10.0, 40.0))))
        {
            final Draws draws = new Draws(42, 0);
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < DRAWS; i++)
            {
                final double drawn = distribution.draw(draws);
                sum += drawn;
                squares += drawn * drawn;
            }
            final double mean = sum / DRAWS;
            final double error = Math.sqrt(Math.max(0, squares / DRAWS - mean * mean) / DRAWS);
            assertEquals(distribution.mean(), mean, 4 * error + 1e-9, distribution.toString());
        }
    }

    @Test
    void shouldHaveTheTailItSays()
    {
        final Draws draws = new Draws(1, 0);
        final Pareto pareto = new Pareto(1, 1.5, 1e12);
        final Weibull weibull = new Weibull(2, 0.5);
        int pareto100 = 0;
        int weibull9 = 0;
        for (int i = 0; i < DRAWS; i++)
        {
            pareto100 += pareto.draw(draws) > 100 ? 1 : 0;
            weibull9 += weibull.draw(draws) > 9 ? 1 : 0;
        }
        assertNear(DRAWS * Math.pow(100, -1.5), pareto100);
        assertNear(DRAWS * Math.exp(-3), weibull9);
    }

    /** Within four standard deviations of a count. */
    private static void assertNear(final double expected, final int count)
    {
        assertTrue(Math.abs(count - expected) < 4 * Math.sqrt(expected), "expected=" + expected + " count=" + count);
    }

    @Test
    void shouldDrawTheSameOnEveryMachine()
    {
        final Draws draws = new Draws(42, 0);
        assertEquals(
            "0.6964138702129776 0.39898657682959954 0.33207423587694573 531",
            draws.uniform() + " " + draws.exponential() + " " + draws.normal() + " " + draws.below(1000));
    }

    @Test
    void shouldKeepStreamsApart()
    {
        assertNotEquals(new Draws(1, 2).uniform(), new Draws(2, 1).uniform());
        assertNotEquals(new Draws(1, 2).uniform(), new Draws(1, 3).uniform());
        assertEquals(new Draws(1, 2).uniform(), new Draws(1, 2).uniform());
    }

    @Test
    void shouldDrawEachOfAFewNumbersEquallyOften()
    {
        final Draws draws = new Draws(5, 0);
        final int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[draws.below(7)]++;
        }
        for (final int count : counts)
        {
            assertNear(10_000, count);
        }
    }
}
