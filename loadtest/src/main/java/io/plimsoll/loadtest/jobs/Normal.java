package io.plimsoll.loadtest.jobs;

/** The normal distribution, in StrictMath: libraries use Math, in which machines may differ. */
final class Normal
{
    /** Of Acklam's rational approximation, relative error below 1.2e-9. */
    private static final double[] A =
    {
        -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
        -3.066479806614716e+01, 2.506628277459239e+00
    };
    private static final double[] B =
    {
        -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
        -1.328068155288572e+01, 1
    };
    private static final double[] C =
    {
        -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
        4.374664141464968e+00, 2.938163982698783e+00
    };
    private static final double[] D =
    {
        7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1
    };
    private static final double LOW = 0.02425;
    /** Of Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8. */
    private static final double[] P = {1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.319381530, 0};
    private static final double P_SCALE = 0.2316419;

    private Normal()
    {
    }

    /** Part of all that is below a value. */
    static double below(final double value)
    {
        final double t = 1 / (1 + P_SCALE * Math.abs(value));
        final double tail = StrictMath.exp(-value * value / 2) / StrictMath.sqrt(2 * StrictMath.PI) * polynomial(P, t);
        return value < 0 ? tail : 1 - tail;
    }

    /** Value that a part of all, between 0 and 1, is below. */
    static double quantile(final double part)
    {
        if (part < LOW)
        {
            return tail(part);
        }
        if (part > 1 - LOW)
        {
            return -tail(1 - part);
        }
        final double q = part - 0.5;
        return q * polynomial(A, q * q) / polynomial(B, q * q);
    }

    private static double tail(final double part)
    {
        final double q = StrictMath.sqrt(-2 * StrictMath.log(part));
        return polynomial(C, q) / polynomial(D, q);
    }

    private static double polynomial(final double[] coefficients, final double x)
    {
        double sum = 0;
        for (final double coefficient : coefficients)
        {
            sum = sum * x + coefficient;
        }
        return sum;
    }
}
