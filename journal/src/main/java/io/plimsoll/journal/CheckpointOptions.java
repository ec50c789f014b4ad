package io.plimsoll.journal;

import java.nio.file.Path;

/**
 * Where checkpoints are kept, how often there is a new one.
 *
 * @param directory  of the checkpoints.
 * @param key        file that they are signed with; made if it is not there.
 * @param intervalNs after which there is a new one if anything was recorded since; 0: none are made.
 * @param keptMax    number of checkpoints that are kept, the newest; at least 1.
 */
public record CheckpointOptions(Path directory, Path key, long intervalNs, int keptMax)
{
    /** Between checkpoints, by default: a minute. */
    public static final long INTERVAL_NS = 60_000_000_000L;
    /** Checkpoints kept, by default. */
    public static final int KEPT_MAX = 1_000;

    private static final String DIRECTORY = "checkpoints";
    private static final String KEY = "checkpoint-key";

    public CheckpointOptions
    {
        if (intervalNs < 0 || keptMax < 1)
        {
            throw new IllegalArgumentException(
                "intervalNs=" + intervalNs + " keptMax=" + keptMax + "; not below 0 and 1");
        }
    }

    /** Those of a journal that lies in a data directory: beside it. */
    public static CheckpointOptions beside(final Path journal)
    {
        final Path absolute = journal.toAbsolutePath();
        return new CheckpointOptions(
            absolute.resolveSibling(DIRECTORY), absolute.resolveSibling(KEY), INTERVAL_NS, KEPT_MAX);
    }

    public CheckpointOptions withKey(final Path value)
    {
        return new CheckpointOptions(directory, value, intervalNs, keptMax);
    }

    public CheckpointOptions withIntervalNs(final long value)
    {
        return new CheckpointOptions(directory, key, value, keptMax);
    }

    public CheckpointOptions withKeptMax(final int value)
    {
        return new CheckpointOptions(directory, key, intervalNs, value);
    }
}
