package io.plimsoll.ops.cli;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Arguments such as {@code limits.cpu=10} as the object that the API takes: a first dot leads into a section. */
final class Assignments
{
    private static final String NONE = "none";

    private Assignments()
    {
    }

    static Map<String, Object> object(final List<String> assignments)
    {
        final Map<String, Object> object = new LinkedHashMap<>();
        for (final String assignment : assignments)
        {
            final int equals = assignment.indexOf('=');
            if (equals < 1)
            {
                throw new CliException(
                    ExitCode.USAGE, "'" + assignment + "' says nothing; it looks like KEY=VALUE");
            }
            final String key = assignment.substring(0, equals);
            final int dot = key.indexOf('.');
            final Object value = value(key, assignment.substring(equals + 1));
            if (dot < 0)
            {
                object.put(key, value);
            }
            else
            {
                section(object, key.substring(0, dot)).put(key.substring(dot + 1), value);
            }
        }
        return object;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> section(final Map<String, Object> object, final String name)
    {
        final Object known = object.computeIfAbsent(name, key -> new LinkedHashMap<String, Object>());
        if (known instanceof Map<?, ?>)
        {
            return (Map<String, Object>)known;
        }
        throw new CliException(ExitCode.USAGE, name + " is given as a value and as a section");
    }

    /** {@code none} takes a limit or option back; what is a number for JSON is one. */
    private static Object value(final String key, final String text)
    {
        if (NONE.equals(text) && !"backfill".equals(key))
        {
            return null;
        }
        if ("allowedTypes".equals(key))
        {
            return text.isEmpty() ? List.of() : List.of(text.split(","));
        }
        return text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?") ? new BigDecimal(text) : text;
    }
}
