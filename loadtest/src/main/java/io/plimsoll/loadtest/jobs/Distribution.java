package io.plimsoll.loadtest.jobs;

import java.util.List;

/** Of durations in seconds, of counts, or of ratios. Immutable; docs/WORKLOADS.md has the formula of each. */
public sealed interface Distribution
{
    /** One value. */
    double draw(Draws draws);

    /** Of many values. */
    double mean();

    /**
     * Always the same.
     *
     * @param value of it.
     */
    record Constant(double value) implements Distribution
    {
        @Override
        public double draw(final Draws draws)
        {
            return value;
        }

        @Override
        public double mean()
        {
            return value;
        }
    }

    /**
     * Without memory.
     *
     * @param mean of it.
     */
    record Exponential(double mean) implements Distribution
    {
        @Override
        public double draw(final Draws draws)
        {
            return mean * draws.exponential();
        }
    }

    /**
     * Anything between two values.
     *
     * @param min lowest.
     * @param max highest.
     */
    record Uniform(double min, double max) implements Distribution
    {
        @Override
        public double draw(final Draws draws)
        {
            return min + (max - min) * draws.uniform();
        }

        @Override
        public double mean()
        {
            return (min + max) / 2;
        }
    }

    /**
     * Its logarithm is normal.
     *
     * @param median of it.
     * @param sigma  standard deviation of the natural logarithm.
     */
    record LogNormal(double median, double sigma) implements Distribution
    {
        @Override
        public double draw(final Draws draws)
        {
            return median * StrictMath.exp(sigma * draws.normal());
        }

        @Override
        public double mean()
        {
            return median * StrictMath.exp(sigma * sigma / 2);
        }
    }

    /**
     * Heavy-tailed below a shape of 1, exponential at 1.
     *
     * @param mean  of it.
     * @param shape of it.
     */
    record Weibull(double mean, double shape) implements Distribution
    {
        @Override
        public double draw(final Draws draws)
        {
            return mean / Gamma.of(1 + 1 / shape) * StrictMath.pow(draws.exponential(), 1 / shape);
        }
    }

    /**
     * A power law, cut off.
     *
     * @param min   lowest.
     * @param alpha exponent of the tail.
     * @param max   highest.
     */
    record Pareto(double min, double alpha, double max) implements Distribution
    {
        @Override
        public double draw(final Draws draws)
        {
            final double cut = StrictMath.pow(min / max, alpha);
            return min / StrictMath.pow(1 - draws.uniform() * (1 - cut), 1 / alpha);
        }

        @Override
        public double mean()
        {
            final double cut = StrictMath.pow(min / max, alpha);
            return 1 == alpha ?
                min / (1 - cut) * StrictMath.log(max / min) :
                min / (1 - cut) * alpha / (alpha - 1) * (1 - StrictMath.pow(min / max, alpha - 1));
        }
    }

    /**
     * One of several, each with its weight: hyper-exponential, if they are exponential.
     *
     * @param weights of the parts.
     * @param parts   of it.
     */
    record Mix(List<Double> weights, List<Distribution> parts) implements Distribution
    {
        @Override
        public double draw(final Draws draws)
        {
            return parts.get(draws.pick(Draws.sums(doubles(weights)))).draw(draws);
        }

        @Override
        public double mean()
        {
            double sum = 0;
            double weight = 0;
            for (int i = 0; i < parts.size(); i++)
            {
                sum += weights.get(i) * parts.get(i).mean();
                weight += weights.get(i);
            }
            return sum / weight;
        }
    }

    /**
     * What was seen: values below which some part of all lies. Between two of them it is geometric, or linear from 0.
     *
     * @param at     parts of all, growing from 0 to 1.
     * @param values below which they lie, growing.
     */
    record Quantiles(List<Double> at, List<Double> values) implements Distribution
    {
        @Override
        public double draw(final Draws draws)
        {
            return value(draws.uniform());
        }

        /** Below which a part of all lies. */
        double value(final double part)
        {
            int i = 1;
            while (i < at.size() - 1 && at.get(i) < part)
            {
                i++;
            }
            final double width = at.get(i) - at.get(i - 1);
            final double share = width <= 0 ? 1 : Math.min(1, Math.max(0, (part - at.get(i - 1)) / width));
            return between(values.get(i - 1), values.get(i), share);
        }

        private static double between(final double low, final double high, final double share)
        {
            return low <= 0 || high <= low ? low + (high - low) * share :
                low * StrictMath.pow(high / low, share);
        }

        @Override
        public double mean()
        {
            double sum = 0;
            for (int i = 1; i < at.size(); i++)
            {
                final double low = values.get(i - 1);
                final double high = values.get(i);
                final double mean = low <= 0 || high <= low * (1 + 1e-9) ? (low + high) / 2 :
                    (high - low) / StrictMath.log(high / low);
                sum += (at.get(i) - at.get(i - 1)) * mean;
            }
            return sum;
        }
    }

    /**
     * Some values, each with its weight.
     *
     * @param values  of it.
     * @param weights of them.
     */
    record Choice(List<Double> values, List<Double> weights) implements Distribution
    {
        @Override
        public double draw(final Draws draws)
        {
            return values.get(draws.pick(Draws.sums(doubles(weights))));
        }

        @Override
        public double mean()
        {
            double sum = 0;
            double weight = 0;
            for (int i = 0; i < values.size(); i++)
            {
                sum += weights.get(i) * values.get(i);
                weight += weights.get(i);
            }
            return sum / weight;
        }
    }

    private static double[] doubles(final List<Double> values)
    {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
