package io.plimsoll.loadtest.random;

import org.apache.commons.statistics.distribution.WeibullDistribution;

/** A shape of chance: numbers of 0 or more, of times or of anything else. */
public interface Distribution
{
    /** Draws one. */
    double sample(Chance chance);

    /** Expected value; infinite for tails that are too heavy. */
    double mean();

    /** Always the same. */
    record Constant(double value) implements Distribution
    {
        /** Checks. */
        public Constant
        {
            notNegative("value", value);
        }

        @Override
        public double sample(final Chance chance)
        {
            return value;
        }

        @Override
        public double mean()
        {
            return value;
        }
    }

    /** Any between two, equally often. */
    record Uniform(double from, double to) implements Distribution
    {
        /** Checks. */
        public Uniform
        {
            notNegative("from", from);
            require(to >= from && Double.isFinite(to), "to", to, "not below from");
        }

        @Override
        public double sample(final Chance chance)
        {
            return from + (to - from) * chance.nextUnit();
        }

        @Override
        public double mean()
        {
            return (from + to) / 2;
        }
    }

    /** Without memory. */
    record Exponential(double mean) implements Distribution
    {
        /** Checks. */
        public Exponential
        {
            positive("mean", mean);
        }

        @Override
        public double sample(final Chance chance)
        {
            return -mean * StrictMath.log(chance.nextPositiveUnit());
        }
    }

    /** Wear with a shape above 1, early failures with one below; exponential at 1. */
    record Weibull(double shape, double scale) implements Distribution
    {
        /** Checks. */
        public Weibull
        {
            positive("shape", shape);
            positive("scale", scale);
        }

        @Override
        public double sample(final Chance chance)
        {
            return scale * StrictMath.pow(-StrictMath.log(chance.nextPositiveUnit()), 1 / shape);
        }

        @Override
        public double mean()
        {
            return WeibullDistribution.of(shape, scale).getMean();
        }
    }

    /** Its logarithm is normal, with the logarithm of the median as its mean. */
    record LogNormal(double median, double sigma) implements Distribution
    {
        /** Checks. */
        public LogNormal
        {
            positive("median", median);
            notNegative("sigma", sigma);
        }

        @Override
        public double sample(final Chance chance)
        {
            return median * StrictMath.exp(sigma * chance.nextNormal());
        }

        @Override
        public double mean()
        {
            return median * StrictMath.exp(sigma * sigma / 2);
        }
    }

    /** A heavy tail: above x there are (smallest / x) to the power of alpha. */
    record Pareto(double smallest, double alpha) implements Distribution
    {
        /** Checks. */
        public Pareto
        {
            positive("smallest", smallest);
            positive("alpha", alpha);
        }

        @Override
        public double sample(final Chance chance)
        {
            return smallest * StrictMath.pow(chance.nextPositiveUnit(), -1 / alpha);
        }

        @Override
        public double mean()
        {
            return alpha > 1 ? smallest * alpha / (alpha - 1) : Double.POSITIVE_INFINITY;
        }
    }

    /** Exponential with one mean or another: more variable than exponential. */
    record HyperExponential(double share, double mean1, double mean2) implements Distribution
    {
        /** Checks. */
        public HyperExponential
        {
            require(share >= 0 && share <= 1, "share", share, "from 0 to 1");
            positive("mean1", mean1);
            positive("mean2", mean2);
        }

        @Override
        public double sample(final Chance chance)
        {
            final double mean = chance.nextUnit() < share ? mean1 : mean2;
            return -mean * StrictMath.log(chance.nextPositiveUnit());
        }

        @Override
        public double mean()
        {
            return share * mean1 + (1 - share) * mean2;
        }
    }

    private static void positive(final String field, final double value)
    {
        require(value > 0 && Double.isFinite(value), field, value, "above 0");
    }

    private static void notNegative(final String field, final double value)
    {
        require(value >= 0 && Double.isFinite(value), field, value, "0 or more");
    }

    private static void require(final boolean holds, final String field, final double value, final String right)
    {
        if (!holds)
        {
            throw new IllegalArgumentException(field + ": " + value + " must be " + right);
        }
    }
}
