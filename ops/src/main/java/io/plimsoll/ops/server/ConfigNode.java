package io.plimsoll.ops.server;

import io.plimsoll.transport.Amounts;
import io.plimsoll.transport.Choice;
import io.plimsoll.transport.NearMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * One level of the configuration while it is read: what file, etcd and options say, under the environment, which is
 * looked at when a key is asked for. Every key that is asked for counts as known; {@link #finish} complains about the
 * others, so the list of keys stands nowhere but in the code that reads them.
 */
final class ConfigNode
{
    private final Map<String, ConfigValue> values = new LinkedHashMap<>();
    private final Map<String, ConfigNode> sections = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();
    private final ConfigEnvironment environment;
    private final ConfigTrace trace;
    private final String path;
    private boolean isAbandoned;

    private ConfigNode(final ConfigEnvironment environment, final ConfigTrace trace, final String path)
    {
        this.environment = environment;
        this.trace = trace;
        this.path = path;
    }

    /** The root: what a YAML parser made of the file, null for an empty one; without an environment. */
    static ConfigNode of(final Object yaml)
    {
        return of(
            ConfigValue.of(yaml, Origin.of(Origin.Kind.FILE, "the file")),
            new ConfigEnvironment(Map.of()),
            new ConfigTrace());
    }

    /**
     * The root.
     *
     * @param file        what the file says.
     * @param environment that goes over it.
     * @param trace       where each key is noted.
     */
    static ConfigNode of(final ConfigValue file, final ConfigEnvironment environment, final ConfigTrace trace)
    {
        final ConfigNode root = new ConfigNode(environment, trace, "");
        root.fill(file, "the file");
        return root;
    }

    private void fill(final ConfigValue value, final String name)
    {
        if (value.isSection())
        {
            value.below().forEach(this::put);
        }
        else if (null != value.raw())
        {
            throw new ConfigException(
                value.origin(), name, "expected keys with values below, found " + value.shown());
        }
    }

    /** Puts a value over what is there, if it comes from a place that goes over it. */
    void put(final String key, final ConfigValue value)
    {
        final ConfigNode section = sections.get(key);
        final ConfigValue earlier = values.get(key);
        if (null != section)
        {
            section.fill(value, place(key));
        }
        else if (null == earlier || (value.origin().isOver(earlier.origin()) && !bothSections(earlier, value)))
        {
            values.put(key, value);
        }
        else if (bothSections(earlier, value))
        {
            value.below().forEach(section(key)::put);
        }
    }

    private static boolean bothSections(final ConfigValue earlier, final ConfigValue value)
    {
        return earlier.isSection() && value.isSection();
    }

    /** Puts an option of the command line over what the file says; null leaves it. */
    void override(final String key, final Object value)
    {
        override(key, value, "--" + key);
    }

    /** The same, of an option that is not named like the key. */
    void override(final String key, final Object value, final String option)
    {
        if (null != value)
        {
            put(key, ConfigValue.of(value, Origin.of(Origin.Kind.OPTION, option)));
        }
    }

    /** A level below; empty if it is not there. A variable of its name has YAML for it. */
    ConfigNode section(final String key)
    {
        final ConfigNode earlier = sections.get(key);
        if (null != earlier)
        {
            return earlier;
        }
        known.add(key);
        final ConfigNode node = new ConfigNode(environment, trace, place(key));
        final ConfigValue value = values.get(key);
        if (null != value)
        {
            node.fill(value, place(key));
        }
        final ConfigValue variable = environment.value(place(key));
        if (null != variable)
        {
            node.fill(ConfigYaml.text((String)variable.raw(), variable.origin()), place(key));
        }
        sections.put(key, node);
        return node;
    }

    /** Lets a section be written as the value of one of its keys. */
    void shorten(final String section, final String key)
    {
        final ConfigValue value = values.get(section);
        if (null != value && null != value.raw() && !value.isSection() && !(value.raw() instanceof List<?>))
        {
            values.put(section, ConfigValue.of(Map.of(key, value.raw()), value.origin()));
        }
    }

    /** The names of what is below, where names are the user's own; each counts as known. */
    Iterable<String> names()
    {
        final Set<String> names = ownNames();
        for (final String name : environment.namesBelow(path))
        {
            if (names.stream().noneMatch(
                other -> ConfigEnvironment.name(place(other)).equals(ConfigEnvironment.name(place(name)))))
            {
                names.add(name);
            }
        }
        known.addAll(names);
        return names;
    }

    /** What a constructor of some value said, as a mistake without a place. */
    static ConfigException mistake(final RuntimeException thrown)
    {
        return thrown instanceof ConfigException mistake ? mistake : new ConfigException(thrown.getMessage());
    }

    /** The same, without those of variables. */
    Set<String> ownNames()
    {
        final Set<String> names = new LinkedHashSet<>(values.keySet());
        names.addAll(sections.keySet());
        known.addAll(names);
        return names;
    }

    /** What is below as texts by their names, a dot between that of a section and what is in it; all count as known. */
    Map<String, String> flat(final String prefix)
    {
        final Map<String, String> texts = new LinkedHashMap<>();
        for (final String name : ownNames())
        {
            final ConfigValue value = values.get(name);
            if (sections.containsKey(name) || value.isSection())
            {
                texts.putAll(section(name).flat(prefix + name + "."));
            }
            else
            {
                final String text = String.join(",", texts(name, List.of("null")));
                texts.put(prefix + name, text);
            }
        }
        return texts;
    }

    String text(final String key, final String otherwise)
    {
        final ConfigValue value = take(key);
        if (null == value)
        {
            return defaulted(key, otherwise, null == otherwise ? "" : otherwise);
        }
        return noted(key, value, scalar(key, value));
    }

    /** A text that is never shown, null if there is none. */
    String secret(final String key)
    {
        final ConfigValue value = take(key);
        trace.noteSecret(place(key), null != value, null == value ? Origin.DEFAULT : value.origin());
        if (null == value)
        {
            return null;
        }
        if (value.isSection() || value.raw() instanceof List<?>)
        {
            throw new ConfigException(value.origin(), place(key), "expected a text, found " + value.shown());
        }
        return value.raw().toString();
    }

    /** A list of texts, or one; in a variable they stand between commas. */
    List<String> texts(final String key, final List<String> otherwise)
    {
        final ConfigValue value = take(key);
        if (null == value)
        {
            return defaulted(key, otherwise, String.join(",", otherwise));
        }
        if (value.isSection())
        {
            throw wrong(key, value, "a list of texts");
        }
        final List<String> texts;
        if (value.raw() instanceof List<?> list)
        {
            texts = list.stream().map(String::valueOf).toList();
        }
        else
        {
            final String text = value.raw().toString();
            texts = isText(value) ? List.of(text.split("\\s*,\\s*")) : List.of(text);
        }
        noted(key, value, String.join(",", texts));
        return texts;
    }

    boolean flag(final String key, final boolean otherwise)
    {
        final ConfigValue value = take(key);
        if (null == value)
        {
            return defaulted(key, otherwise, Boolean.toString(otherwise));
        }
        final String text = String.valueOf(value.raw());
        final boolean isFlag = value.raw() instanceof Boolean ||
            (isText(value) && ("true".equals(text) || "false".equals(text)));
        if (!isFlag)
        {
            throw wrong(key, value, "true or false");
        }
        return Boolean.parseBoolean(noted(key, value, text));
    }

    long number(final String key, final long otherwise, final long min, final long max)
    {
        final ConfigValue value = take(key);
        if (null == value)
        {
            return defaulted(key, otherwise, Long.toString(otherwise));
        }
        final boolean isWhole = value.raw() instanceof Integer || value.raw() instanceof Long ||
            (isText(value) && value.raw().toString().matches("-?[0-9]{1,18}"));
        final long number = isWhole ? Long.parseLong(value.raw().toString()) : 0;
        if (!isWhole || number < min || number > max)
        {
            throw wrong(key, value, "a whole number from " + min + " to " + max);
        }
        noted(key, value, Long.toString(number));
        return number;
    }

    /** Nanoseconds. */
    long duration(final String key, final long otherwiseNs)
    {
        return quantity(key, otherwiseNs, Amounts::durationNs, Amounts::formatDuration);
    }

    /** Bytes. */
    long size(final String key, final long otherwise)
    {
        return quantity(key, otherwise, Amounts::bytes, Amounts::formatBytes);
    }

    /** Millicores. */
    long cores(final String key, final long otherwise)
    {
        return quantity(key, otherwise, Amounts::cpuMillis, Amounts::formatCpu);
    }

    <E extends Enum<E>> E choice(final String key, final E otherwise, final Class<E> type)
    {
        final ConfigValue value = take(key);
        if (null == value)
        {
            return defaulted(key, otherwise, null == otherwise ? "" : label(otherwise));
        }
        final Choice<E> choice = Choice.of(type.getEnumConstants(), ConfigNode::label);
        final E chosen = choice.find(value.raw().toString());
        if (null == chosen)
        {
            throw wrong(key, value, "one of " + String.join(", ", choice.names()));
        }
        noted(key, value, label(chosen));
        return chosen;
    }

    private static String label(final Enum<?> constant)
    {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Complains about a key that nothing asked for, here or below. */
    void finish()
    {
        final List<ConfigException> mistakes = new ArrayList<>();
        finish(mistakes);
        if (!mistakes.isEmpty())
        {
            throw mistakes.get(0);
        }
    }

    /** The same, of all such keys. */
    void finish(final List<ConfigException> mistakes)
    {
        values.forEach((key, value) ->
        {
            if (!known.contains(key) && !isAbandoned)
            {
                mistakes.add(new ConfigException(
                    value.origin(), place(key), "unknown key; there are " + String.join(", ", known) +
                        NearMatch.hint(NearMatch.find(key, List.copyOf(known)))));
            }
        });
        sections.values().forEach(section -> section.finish(mistakes));
    }

    /** Nothing was learnt of its keys, since reading it ended at a mistake. */
    void abandon(final boolean below)
    {
        isAbandoned = true;
        if (below)
        {
            sections.values().forEach(section -> section.abandon(true));
        }
    }

    /** Names of keys and sections that have been asked for. */
    Set<String> known()
    {
        return known;
    }

    private ConfigException wrong(final String key, final ConfigValue value, final String expected)
    {
        return new ConfigException(
            value.origin(), place(key), "expected " + expected + ", found " + value.shown());
    }

    private long quantity(
        final String key,
        final long otherwise,
        final ToLongFunction<String> reader,
        final LongFunction<String> writer)
    {
        final ConfigValue value = take(key);
        if (null == value)
        {
            final boolean isNone = otherwise < 0 || Long.MAX_VALUE == otherwise;
            return defaulted(key, otherwise, isNone ? "" : writer.apply(otherwise));
        }
        try
        {
            return reader.applyAsLong(noted(key, value, scalar(key, value)));
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ConfigException(value.origin(), place(key), ex.getMessage());
        }
    }

    private String scalar(final String key, final ConfigValue value)
    {
        if (value.isSection() || value.raw() instanceof List<?>)
        {
            throw wrong(key, value, "a text");
        }
        return value.raw().toString();
    }

    /** Whether it comes from where everything is a text. */
    private static boolean isText(final ConfigValue value)
    {
        return value.raw() instanceof String && Origin.Kind.FILE != value.origin().kind();
    }

    private <T> T defaulted(final String key, final T otherwise, final String shown)
    {
        trace.note(place(key), shown, Origin.DEFAULT);
        return otherwise;
    }

    private String noted(final String key, final ConfigValue value, final String shown)
    {
        trace.note(place(key), shown, value.origin());
        return shown;
    }

    private ConfigValue take(final String key)
    {
        known.add(key);
        final ConfigValue value = values.get(key);
        final ConfigValue variable = environment.value(place(key));
        if (null != variable && (null == value || variable.origin().isOver(value.origin())))
        {
            return variable;
        }
        return null == value || null == value.raw() ? null : value;
    }

    private String place(final String key)
    {
        return path.isEmpty() ? key : path + "." + key;
    }
}
