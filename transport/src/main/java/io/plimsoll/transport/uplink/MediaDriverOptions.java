package io.plimsoll.transport.uplink;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How Aeron's media driver runs.
 *
 * @param externalDirectory of a driver that somebody else runs; null: one of our own within this process.
 * @param parent            directory in which our own driver gets its unique one; best in memory.
 * @param idle              what its thread does when there is nothing to do, see {@link IdleStrategies}.
 * @param streamSessionsMax senders per stream; those beyond are turned away.
 */
public record MediaDriverOptions(String externalDirectory, Path parent, String idle, int streamSessionsMax)
{
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int STREAM_SESSIONS_MAX_DEFAULT = 8192;

    /** A driver of our own, with its files in memory where the system has a place for that. */
    public static MediaDriverOptions embedded()
    {
        final Path parent = Files.isWritable(SHARED_MEMORY) ?
            SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        return new MediaDriverOptions(null, parent, IdleStrategies.BACKOFF, STREAM_SESSIONS_MAX_DEFAULT);
    }

    /**
     * A driver that somebody else runs on this machine.
     *
     * @param directory of it.
     */
    public static MediaDriverOptions external(final String directory)
    {
        return new MediaDriverOptions(directory, null, IdleStrategies.BACKOFF, STREAM_SESSIONS_MAX_DEFAULT);
    }

    /** Same with another idle strategy. */
    public MediaDriverOptions withIdle(final String strategy)
    {
        return new MediaDriverOptions(externalDirectory, parent, strategy, streamSessionsMax);
    }
}
