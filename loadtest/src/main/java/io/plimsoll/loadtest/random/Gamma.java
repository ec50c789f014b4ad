package io.plimsoll.loadtest.random;

/** The gamma function, by the approximation of Lanczos (1964) with g = 7 and nine terms: 15 digits above 1/2. */
final class Gamma
{
    private static final double G = 7;
    private static final double[] TERMS =
    {
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7
    };

    private Gamma()
    {
    }

    /** Of a number that is not below 1/2. */
    static double of(final double x)
    {
        final double below = x - 1;
        double sum = TERMS[0];
        for (int i = 1; i < TERMS.length; i++)
        {
            sum += TERMS[i] / (below + i);
        }
        final double at = below + G + 0.5;
        return StrictMath.sqrt(2 * StrictMath.PI) * StrictMath.pow(at, below + 0.5) * StrictMath.exp(-at) * sum;
    }
}
