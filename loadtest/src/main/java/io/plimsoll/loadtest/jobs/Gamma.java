package io.plimsoll.loadtest.jobs;

/** The gamma function by Lanczos' series (g = 7, n = 9), in StrictMath: with Math machines would differ. */
final class Gamma
{
    private static final double G = 7;
    private static final double[] SERIES =
    {
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7
    };

    private Gamma()
    {
    }

    /** Of a number from 0.5. */
    static double of(final double value)
    {
        final double x = value - 1;
        double sum = SERIES[0];
        for (int i = 1; i < SERIES.length; i++)
        {
            sum += SERIES[i] / (x + i);
        }
        final double t = x + G + 0.5;
        return StrictMath.sqrt(2 * StrictMath.PI) * StrictMath.pow(t, x + 0.5) * StrictMath.exp(-t) * sum;
    }
}
