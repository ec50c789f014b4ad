package io.plimsoll.loadtest.virtual;

import java.util.Locale;

/**
 * What is cut off at the beginning of a run, as a cluster that is empty is not one that is in use: sessions that arrive
 * before a time do not count. The time is given, or found by the rule MSER-5 (White, Cobb and Spratt 2000): waits in
 * order of arrival, as means of five, are cut where the standard error of the mean of the rest is smallest, within
 * their first half.
 */
public final class Warmup
{
    /** Where the rule is to look. */
    public static final long BY_RULE = -1;
    private static final int BATCH = 5;
    private static final double SECOND_NS = 1e9;

    private Warmup()
    {
    }

    /**
     * Where to cut.
     *
     * @param run  that is over.
     * @param toNs time of the cut, or {@link #BY_RULE}.
     * @return time from which on sessions count.
     * @throws IllegalArgumentException if none would.
     */
    static long cutNs(final ClusterRun run, final long toNs)
    {
        final SessionLog log = run.sessions();
        if (BY_RULE != toNs)
        {
            final long lastNs = 0 == log.size() ? Long.MAX_VALUE : log.arrivalNs(log.size() - 1);
            if (toNs > lastNs)
            {
                throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "warmup: nothing would count, as the last session arrives after %.0f s, and %.0f s " +
                        "are left out", lastNs / SECOND_NS, toNs / SECOND_NS));
            }
            return toNs;
        }
        final double[] waits = new double[log.size()];
        for (int session = 0; session < waits.length; session++)
        {
            final long startNs = log.startNs(session);
            waits[session] = (SessionLog.NOT_YET == startNs ? run.endNs() : startNs) - log.arrivalNs(session);
        }
        final int cut = cut(waits);
        return 0 == cut ? 0 : log.arrivalNs(cut);
    }

    /** How many values to leave out. */
    static int cut(final double[] values)
    {
        final int batches = values.length / BATCH;
        final double[] means = new double[batches];
        for (int batch = 0; batch < batches; batch++)
        {
            for (int i = 0; i < BATCH; i++)
            {
                means[batch] += values[batch * BATCH + i] / BATCH;
            }
        }
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        for (int from = batches - 1; from >= 0; from--)
        {
            final int count = batches - from;
            sum += means[from];
            squares += means[from] * means[from];
            final double spread = Math.max(0, squares - sum * sum / count) / ((double)count * count);
            if (from <= batches / 2 && spread <= least)
            {
                least = spread;
                best = from;
            }
        }
        return best * BATCH;
    }
}
