package io.plimsoll.loadtest.swf;

import java.util.HashMap;
import java.util.Map;

/** The run times of the last two jobs of each user that have ended: all that the prediction of a run time needs. */
final class RunHistory
{
    private static final int LAST = 0;
    private static final int LAST_BUT_ONE = 1;

    private final Map<Long, long[]> runsByUser = new HashMap<>();

    void ended(final long user, final long run)
    {
        final long[] runs = runsByUser.computeIfAbsent(user, unused -> new long[] {-1, -1});
        runs[LAST_BUT_ONE] = runs[LAST];
        runs[LAST] = run;
    }

    /**
     * Twice the predicted run time, so that the mean of two whole numbers stays whole.
     *
     * @param user      of the job.
     * @param requested of the job: no prediction is longer, and it is the prediction where nothing is known.
     * @return in the unit of what it was told.
     */
    long twicePredicted(final long user, final long requested)
    {
        final long[] runs = runsByUser.get(user);
        if (null == runs)
        {
            return 2 * requested;
        }
        final long twice = runs[LAST_BUT_ONE] < 0 ? 2 * runs[LAST] : runs[LAST] + runs[LAST_BUT_ONE];
        return Math.min(twice, 2 * requested);
    }
}
