package io.plimsoll.ops.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each key came to, in the order in which they are read. */
final class ConfigTrace
{
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * One key.
     *
     * @param key      with dots between levels.
     * @param value    in use, as it could stand in the file; empty: none. Of a secret only whether there is one.
     * @param origin   where it came from.
     * @param isSecret whether the value is not shown.
     */
    record Entry(String key, String value, Origin origin, boolean isSecret)
    {
    }

    void note(final String key, final String value, final Origin origin)
    {
        entries.put(key, new Entry(key, value, origin, false));
    }

    void noteSecret(final String key, final boolean isSet, final Origin origin)
    {
        entries.put(key, new Entry(key, isSet ? "(set, not shown)" : "", origin, true));
    }

    List<Entry> entries()
    {
        return new ArrayList<>(entries.values());
    }

    /** Null: nothing has asked for it. */
    Entry entry(final String key)
    {
        return entries.get(key);
    }

    /** Of a key, of the nearest one above it, or of the first that was set below it. */
    Origin origin(final String key)
    {
        String at = key;
        while (!at.isEmpty())
        {
            final Entry entry = entries.get(at);
            if (null != entry)
            {
                return entry.origin();
            }
            at = at.substring(0, Math.max(0, at.lastIndexOf('.')));
        }
        return entries.values().stream()
            .filter(entry -> entry.key().startsWith(key + ".") && Origin.DEFAULT != entry.origin())
            .map(Entry::origin).findFirst().orElse(Origin.DEFAULT);
    }
}
