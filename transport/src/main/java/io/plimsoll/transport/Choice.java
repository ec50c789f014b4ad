package io.plimsoll.transport;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Something that users choose by its name, out of a few: a format, a mode, a way in. Any thread.
 *
 * @param <T> what is chosen.
 */
public final class Choice<T>
{
    private final Map<String, T> byName = new LinkedHashMap<>();

    private Choice(final T[] values, final Function<T, String> name)
    {
        for (final T value : values)
        {
            byName.put(name.apply(value), value);
        }
    }

    /**
     * A choice among values.
     *
     * @param values in the order in which they are listed.
     * @param name   as users write a value; no two have the same.
     */
    public static <T> Choice<T> of(final T[] values, final Function<T, String> name)
    {
        return new Choice<>(values, name);
    }

    /** The value of a name, to the letter; null if there is none. */
    public T find(final String name)
    {
        return byName.get(name);
    }

    /**
     * The value of a name.
     *
     * @param field   as users know it, such as {@code --format}.
     * @param name    as it was written.
     * @param mistake makes what is thrown when there is none, of a sentence that names the field and says what would be
     *                right.
     */
    public <X extends RuntimeException> T parse(
        final String field, final String name, final Function<String, X> mistake)
    {
        final T value = find(name);
        if (null == value)
        {
            throw mistake.apply(
                field + ": '" + name + "' is not known: use " + this + NearMatch.hint(NearMatch.find(name, names())));
        }
        return value;
    }

    /** All names, in their order. */
    public List<String> names()
    {
        return List.copyOf(byName.keySet());
    }

    /** All names, in their order, as in a sentence: {@code http or binary}. */
    @Override
    public String toString()
    {
        final List<String> names = names();
        final int last = names.size() - 1;
        return last < 1 ? String.join("", names) :
            String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }
}
