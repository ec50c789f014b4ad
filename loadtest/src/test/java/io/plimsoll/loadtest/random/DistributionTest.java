package io.plimsoll.loadtest.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.random.Distribution.Constant;
import io.plimsoll.loadtest.random.Distribution.Exponential;
import io.plimsoll.loadtest.random.Distribution.HyperExponential;
import io.plimsoll.loadtest.random.Distribution.LogNormal;
import io.plimsoll.loadtest.random.Distribution.Pareto;
import io.plimsoll.loadtest.random.Distribution.Uniform;
import io.plimsoll.loadtest.random.Distribution.Weibull;
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
            new Weibull(0.7, 10),
            new Weibull(2, 10),
            new LogNormal(4, 0.8),
            new Pareto(2, 3),
            new HyperExponential(0.9, 1, 20)))
        {
            final Chance chance = Chance.of(42);
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < DRAWS; i++)
            {
                final double drawn = distribution.sample(chance);
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
        final Chance chance = Chance.of(1);
        final Pareto pareto = new Pareto(1, 1.5);
        final Weibull weibull = new Weibull(0.5, 1);
        int pareto100 = 0;
        int weibull9 = 0;
        for (int i = 0; i < DRAWS; i++)
        {
            pareto100 += pareto.sample(chance) > 100 ? 1 : 0;
            weibull9 += weibull.sample(chance) > 9 ? 1 : 0;
        }
        assertNear(DRAWS * Math.pow(100, -1.5), pareto100);
        assertNear(DRAWS * Math.exp(-3), weibull9);
        assertEquals(Double.POSITIVE_INFINITY, new Pareto(1, 1).mean());
    }

    /** Within four standard deviations of a count. */
    private static void assertNear(final double expected, final int count)
    {
        assertTrue(Math.abs(count - expected) < 4 * Math.sqrt(expected), "expected=" + expected + " count=" + count);
    }

    @Test
    void shouldDrawTheSameOnEveryMachine()
    {
        final Chance chance = Chance.of(42);
        final long first = chance.nextLong();
        final double unit = chance.nextUnit();
        final double normal = chance.nextNormal();
        assertEquals(
            "-5600175640509174766 0.6709997082364175 0.3320742358769457 531",
            first + " " + unit + " " + normal + " " + chance.nextInt(1000));
    }

    @Test
    void shouldKeepPartsApart()
    {
        assertNotEquals(Chance.of(1, 2).nextLong(), Chance.of(2, 1).nextLong());
        assertNotEquals(Chance.of(1, 2).nextLong(), Chance.of(1, 3).nextLong());
        assertEquals(Chance.of(1, 2).nextLong(), Chance.of(1, 2).nextLong());
    }

    @Test
    void shouldDrawEachOfAFewNumbersEquallyOften()
    {
        final Chance chance = Chance.of(5);
        final int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[chance.nextInt(7)]++;
        }
        for (final int count : counts)
        {
            assertNear(10_000, count);
        }
    }

    @Test
    void shouldSayWhichParameterIsWrong()
    {
        assertEquals(
            "shape: -1.0 must be above 0",
            assertThrows(IllegalArgumentException.class, () -> new Weibull(-1, 2)).getMessage());
        assertEquals(
            "to: 1.0 must be not below from",
            assertThrows(IllegalArgumentException.class, () -> new Uniform(2, 1)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Exponential(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Chance.of(1).nextInt(0));
    }
}
