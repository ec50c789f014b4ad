package io.plimsoll.manager.history;

import java.util.concurrent.TimeUnit;

/**
 * What of the past is kept in the database.
 *
 * @param isEnabled        false: nothing is.
 * @param retentionNs      how long ended sessions are kept; 0: for ever.
 * @param usageRetentionNs how long it is known what was used a day; 0: for ever.
 */
public record HistoryOptions(boolean isEnabled, long retentionNs, long usageRetentionNs)
{
    /** Sessions for 90 days, usage for five years. */
    public static final HistoryOptions DEFAULT =
        new HistoryOptions(true, TimeUnit.DAYS.toNanos(90), TimeUnit.DAYS.toNanos(5 * 365));
    /** Nothing. */
    public static final HistoryOptions NONE = new HistoryOptions(false, 0, 0);

    public HistoryOptions
    {
        if (retentionNs < 0 || usageRetentionNs < 0)
        {
            throw new IllegalArgumentException(
                "retentionNs=" + retentionNs + " usageRetentionNs=" + usageRetentionNs + "; at least 0");
        }
        if (0 != usageRetentionNs && (0 == retentionNs || usageRetentionNs < retentionNs))
        {
            throw new IllegalArgumentException(
                "history.usage-retention: usage must be kept for at least as long as sessions (history.retention)");
        }
    }
}
