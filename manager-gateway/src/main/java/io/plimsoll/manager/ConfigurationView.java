package io.plimsoll.manager;

import java.util.List;

/** How this manager is configured, and why; any thread. */
public interface ConfigurationView
{
    /** One of which nobody knows anything. */
    ConfigurationView NONE = List::of;

    /** All keys that are known, in order. */
    List<Entry> entries();

    /**
     * A key.
     *
     * @param key           with dots between levels.
     * @param value         in use, as it could stand in a file; empty: none. Never that of a secret.
     * @param origin        where it comes from, for people.
     * @param wanted        what it would be after a restart; the value in use if nothing else is wanted.
     * @param wantedOrigin  where that comes from.
     * @param restartNeeded whether what is wanted counts after a restart only.
     * @param refused       why a value that was wanted is not; empty: none was refused.
     */
    record Entry(
        String key,
        String value,
        String origin,
        String wanted,
        String wantedOrigin,
        boolean restartNeeded,
        String refused)
    {
    }
}
