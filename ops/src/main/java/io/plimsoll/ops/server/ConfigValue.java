package io.plimsoll.ops.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One value as it was found.
 *
 * @param raw    null, a scalar, a {@link List} of plain values, or a {@link Map} of names to values like this one.
 * @param origin where it was found.
 */
record ConfigValue(Object raw, Origin origin)
{
    /** Of plain maps, lists and scalars, all from one place. */
    static ConfigValue of(final Object plain, final Origin origin)
    {
        if (plain instanceof Map<?, ?> map)
        {
            final Map<String, ConfigValue> below = new LinkedHashMap<>();
            map.forEach((key, value) -> below.put(String.valueOf(key), of(value, origin)));
            return new ConfigValue(below, origin);
        }
        return new ConfigValue(plain, origin);
    }

    boolean isSection()
    {
        return raw instanceof Map<?, ?>;
    }

    /** What is below a section, in order; empty for anything else. */
    Map<String, ConfigValue> below()
    {
        final Map<String, ConfigValue> below = new LinkedHashMap<>();
        if (raw instanceof Map<?, ?> map)
        {
            map.forEach((key, value) -> below.put((String)key, (ConfigValue)value));
        }
        return below;
    }

    /** For complaints. */
    String shown()
    {
        if (raw instanceof List<?>)
        {
            return "a list";
        }
        return isSection() ? "keys with values" : "'" + raw + "'";
    }
}
