package io.plimsoll.ops.server;

import io.plimsoll.transport.Amounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * One level of the configuration file while it is read. Every key that is asked for counts as known; {@link #finish}
 * complains about the others, so the list of keys stands nowhere but in the code that reads them.
 */
final class ConfigNode
{
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();
    private final String path;

    private ConfigNode(final String path)
    {
        this.path = path;
    }

    /** The root: what a YAML parser made of the file, null for an empty one. */
    static ConfigNode of(final Object yaml)
    {
        return of(yaml, "");
    }

    private static ConfigNode of(final Object yaml, final String path)
    {
        final ConfigNode node = new ConfigNode(path);
        if (yaml instanceof Map<?, ?> map)
        {
            map.forEach((key, value) -> node.values.put(String.valueOf(key), value));
        }
        else if (null != yaml)
        {
            throw new ConfigException(
                (path.isEmpty() ? "the file" : path) + ": expected keys with values below, found " + shown(yaml));
        }
        return node;
    }

    /** Puts an option of the command line over what the file says; null leaves it. */
    void override(final String key, final Object value)
    {
        if (null != value)
        {
            values.put(key, value);
        }
    }

    /** A level below; empty if it is not there. */
    ConfigNode section(final String key)
    {
        final Object below = take(key);
        // Kept, so that overrides and the keys asked for survive until the level is finished.
        if (below instanceof ConfigNode node)
        {
            return node;
        }
        final ConfigNode node = of(below, place(key));
        values.put(key, node);
        return node;
    }

    /** The names of what is below, where names are the user's own; each counts as known. */
    Iterable<String> names()
    {
        known.addAll(values.keySet());
        return List.copyOf(values.keySet());
    }

    /** What is below as texts by their names, a dot between that of a section and what is in it; all count as known. */
    Map<String, String> flat(final String prefix)
    {
        final Map<String, String> texts = new LinkedHashMap<>();
        for (final String name : names())
        {
            final Object value = values.get(name);
            if (value instanceof Map<?, ?>)
            {
                texts.putAll(section(name).flat(prefix + name + "."));
            }
            else if (value instanceof List<?> list)
            {
                texts.put(prefix + name, String.join(",", list.stream().map(String::valueOf).toList()));
            }
            else
            {
                texts.put(prefix + name, String.valueOf(value));
            }
        }
        return texts;
    }

    String text(final String key, final String otherwise)
    {
        final Object value = take(key);
        if (null == value)
        {
            return otherwise;
        }
        if (value instanceof Map<?, ?> || value instanceof List<?>)
        {
            throw wrong(key, value, "a text");
        }
        return value.toString();
    }

    /** A list of texts, or one. */
    List<String> texts(final String key, final List<String> otherwise)
    {
        final Object value = take(key);
        if (null == value)
        {
            return otherwise;
        }
        if (value instanceof Map<?, ?>)
        {
            throw wrong(key, value, "a list of texts");
        }
        return value instanceof List<?> list ?
            list.stream().map(String::valueOf).toList() : List.of(value.toString());
    }

    boolean flag(final String key, final boolean otherwise)
    {
        final Object value = take(key);
        if (null == value)
        {
            return otherwise;
        }
        if (value instanceof Boolean flag)
        {
            return flag;
        }
        throw wrong(key, value, "true or false");
    }

    long number(final String key, final long otherwise, final long min, final long max)
    {
        final Object value = take(key);
        if (null == value)
        {
            return otherwise;
        }
        final boolean isWhole = value instanceof Integer || value instanceof Long;
        if (!isWhole || ((Number)value).longValue() < min || ((Number)value).longValue() > max)
        {
            throw wrong(key, value, "a whole number from " + min + " to " + max);
        }
        return ((Number)value).longValue();
    }

    /** Nanoseconds. */
    long duration(final String key, final long otherwiseNs)
    {
        return quantity(key, otherwiseNs, Amounts::durationNs);
    }

    /** Bytes. */
    long size(final String key, final long otherwise)
    {
        return quantity(key, otherwise, Amounts::bytes);
    }

    /** Millicores. */
    long cores(final String key, final long otherwise)
    {
        return quantity(key, otherwise, Amounts::cpuMillis);
    }

    <E extends Enum<E>> E choice(final String key, final E otherwise, final Class<E> type)
    {
        final Object value = take(key);
        if (null == value)
        {
            return otherwise;
        }
        final StringBuilder names = new StringBuilder();
        for (final E constant : type.getEnumConstants())
        {
            final String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.equals(value.toString()))
            {
                return constant;
            }
            names.append(names.isEmpty() ? "" : ", ").append(name);
        }
        throw wrong(key, value, "one of " + names);
    }

    /** Complains about a key that nothing asked for, here or below. */
    void finish()
    {
        for (final String key : values.keySet())
        {
            if (!known.contains(key))
            {
                throw new ConfigException(place(key) + ": unknown key; there are " + String.join(", ", known));
            }
            if (values.get(key) instanceof ConfigNode below)
            {
                below.finish();
            }
        }
    }

    /** A complaint about the value of a key. */
    ConfigException wrong(final String key, final Object value, final String expected)
    {
        return new ConfigException(place(key) + ": expected " + expected + ", found " + shown(value));
    }

    private long quantity(final String key, final long otherwise, final ToLongFunction<String> reader)
    {
        final Object value = take(key);
        if (null == value)
        {
            return otherwise;
        }
        try
        {
            return reader.applyAsLong(value.toString());
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ConfigException(place(key) + ": " + ex.getMessage());
        }
    }

    private Object take(final String key)
    {
        known.add(key);
        return values.get(key);
    }

    private String place(final String key)
    {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String shown(final Object value)
    {
        if (value instanceof List<?>)
        {
            return "a list";
        }
        return value instanceof Map<?, ?> ? "keys with values" : "'" + value + "'";
    }
}
