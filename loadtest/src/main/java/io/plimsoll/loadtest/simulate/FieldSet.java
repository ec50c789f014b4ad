package io.plimsoll.loadtest.simulate;

import io.plimsoll.transport.Amounts;
import io.plimsoll.transport.NearMatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The fields of one object, each asked for by name; {@link #end} complains about those that nobody asked for. */
public final class FieldSet
{
    /** All that is so in YAML. */
    private static final Map<String, Boolean> FLAGS =
        Map.of("true", true, "yes", true, "on", true, "false", false, "no", false, "off", false);

    /** Eighteen years. */
    static final long DURATION_MAX_NS = 18 * 365 * 86_400_000_000_000L;
    private static final int KEPT_LENGTH_MAX = 255;

    private final YamlNode node;
    private final Map<String, YamlNode> fields;
    private final TreeSet<String> asked = new TreeSet<>();

    public FieldSet(final YamlNode node)
    {
        this.node = node;
        fields = node.fields();
    }

    public YamlNode node()
    {
        return node;
    }

    public int line()
    {
        return node.line();
    }

    public boolean has(final String name)
    {
        return null != find(name);
    }

    /** The node of a field, null if it is not given or has no value. */
    public YamlNode find(final String name)
    {
        asked.add(name);
        final YamlNode found = fields.get(name);
        return null == found || found.isNull() ? null : found;
    }

    /** The node of a field that must be there. */
    public YamlNode need(final String name)
    {
        final YamlNode found = find(name);
        if (null == found)
        {
            for (final Map.Entry<String, YamlNode> field : fields.entrySet())
            {
                if (!asked.contains(field.getKey()) && !NearMatch.find(field.getKey(), List.of(name)).isEmpty())
                {
                    throw unknown(field.getKey(), field.getValue(), List.of(name));
                }
            }
            throw node.problem("the field " + name + " is missing");
        }
        return found;
    }

    public String text(final String name, final String otherwise)
    {
        final YamlNode found = find(name);
        return null == found ? otherwise : found.text();
    }

    public String name()
    {
        final YamlNode found = need("name");
        final String name = found.text().strip();
        if (name.isEmpty() || name.length() > 200)
        {
            throw found.problem("a name has 1 to 200 characters");
        }
        return name;
    }

    public long durationNs(final String name, final long otherwise)
    {
        return amount(find(name), otherwise, FieldSet::durationNs);
    }

    public long bytes(final String name, final long otherwise)
    {
        return amount(find(name), otherwise, Amounts::bytes);
    }

    public long cpuMillis(final String name, final long otherwise)
    {
        return amount(find(name), otherwise, Amounts::cpuMillis);
    }

    /** A whole number within bounds. */
    public long count(final String name, final long otherwise, final long min, final long max)
    {
        final YamlNode found = find(name);
        final long value = amount(found, otherwise, Amounts::count);
        if (null != found && (value < min || value > max))
        {
            throw found.problem(found.text() + " is out of range: use " + min + " to " + max);
        }
        return value;
    }

    public boolean flag(final String name, final boolean otherwise)
    {
        final YamlNode found = find(name);
        return null == found ? otherwise : choice(found, FLAGS, "true, false");
    }

    /** The nodes of a list, none if it is not given. */
    public List<YamlNode> list(final String name)
    {
        final YamlNode found = find(name);
        return null == found ? List.of() : found.items();
    }

    /** The texts of a list, none if it is not given. */
    public List<String> texts(final String name)
    {
        final List<String> texts = new ArrayList<>();
        for (final YamlNode item : list(name))
        {
            texts.add(item.text());
        }
        return texts;
    }

    /** The object of a field, null if it is not given. */
    public FieldSet object(final String name)
    {
        final YamlNode found = find(name);
        return null == found ? null : new FieldSet(found);
    }

    /** All that nobody has asked for is a mistake. */
    public void end()
    {
        for (final Map.Entry<String, YamlNode> field : fields.entrySet())
        {
            if (!asked.contains(field.getKey()))
            {
                throw unknown(field.getKey(), field.getValue(), asked);
            }
        }
    }

    /** A field that nobody knows, with the known one that may be meant, or else all of them. */
    public static ScenarioException unknown(final String name, final YamlNode node, final Collection<String> known)
    {
        final List<String> near = NearMatch.find(name, known);
        return node.problem(
            "there is no such field here" +
                (near.isEmpty() ? "; there are " + String.join(", ", known) : NearMatch.hint(near)));
    }

    /** Names of the fields in the order of the file, for objects whose names are data. */
    public Map<String, YamlNode> entries()
    {
        asked.addAll(fields.keySet());
        return fields;
    }

    /** One of some words, in any case. */
    public static <T> T choice(final YamlNode node, final Map<String, T> choices)
    {
        return choice(node, choices, String.join(", ", new TreeSet<>(choices.keySet())));
    }

    private static <T> T choice(final YamlNode node, final Map<String, T> choices, final String words)
    {
        final T chosen = choices.get(node.text().strip().toLowerCase(Locale.ROOT));
        if (null == chosen)
        {
            throw node.problem(node.text() + " is none of " + words);
        }
        return chosen;
    }

    public <T> T choice(final String name, final T otherwise, final Map<String, T> choices)
    {
        final YamlNode found = find(name);
        return null == found ? otherwise : choice(found, choices);
    }

    /** An amount, with the place in front of what is wrong with it. */
    public static long amount(final YamlNode node, final ToLongFunction<String> reader)
    {
        return read(node, reader::applyAsLong);
    }

    private static long amount(final YamlNode node, final long otherwise, final ToLongFunction<String> reader)
    {
        return null == node ? otherwise : amount(node, reader);
    }

    private static <T> T read(final YamlNode node, final Function<String, T> reader)
    {
        final String text = node.text();
        try
        {
            return reader.apply(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw node.problem(ex.getMessage());
        }
    }

    /** Like everywhere, and 0 needs no unit; no longer than the clock of a simulation goes. */
    static long durationNs(final String text)
    {
        final long durationNs = "0".equals(text.strip()) ? 0 : Amounts.durationNs(text);
        if (durationNs > DURATION_MAX_NS)
        {
            throw new IllegalArgumentException(
                text.strip() + " is too long: use at most " + Amounts.formatDuration(DURATION_MAX_NS));
        }
        return durationNs;
    }

    /** A text that the scheduler keeps: of an agent, a label, a slot. */
    static String kept(final YamlNode node, final String text)
    {
        final int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > KEPT_LENGTH_MAX)
        {
            throw node.problem("a text of " + length + " bytes is too long: use at most " + KEPT_LENGTH_MAX);
        }
        return text;
    }
}
