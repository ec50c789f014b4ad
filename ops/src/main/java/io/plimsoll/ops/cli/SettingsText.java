package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Groups and accounts as lines of names and values, in the words in which they are set. */
final class SettingsText
{
    private static final int NAME_WIDTH = 26;

    private SettingsText()
    {
    }

    static void requireNone(final List<String> assignments)
    {
        if (!assignments.isEmpty())
        {
            throw new CliException(ExitCode.USAGE, "show takes no " + assignments.get(0) + "; set does");
        }
    }

    /** Changes what is there; makes what is not. */
    static JsonValue patchOrPut(final Api api, final String path, final Map<String, Object> changes)
    {
        try
        {
            return api.change("PATCH", path, changes);
        }
        catch (final CliException ex)
        {
            if (ExitCode.UNKNOWN != ex.exitCode())
            {
                throw ex;
            }
            return api.change("PUT", path, changes);
        }
    }

    static List<String> lines(final JsonValue object)
    {
        final List<String> lines = new ArrayList<>();
        add(lines, "", object);
        return lines;
    }

    private static void add(final List<String> lines, final String section, final JsonValue object)
    {
        object.fields().forEach((name, value) ->
        {
            if (!value.fields().isEmpty())
            {
                add(lines, section + name + ".", value);
                return;
            }
            final String text = text(section + name, value);
            if (!text.isEmpty())
            {
                lines.add(
                    section + name + " ".repeat(Math.max(1, NAME_WIDTH - section.length() - name.length())) + text);
            }
        });
    }

    private static String text(final String name, final JsonValue value)
    {
        if (value.isMissing())
        {
            return "";
        }
        if (value.isArray())
        {
            final List<String> words = new ArrayList<>();
            value.items().forEach(item -> words.add(item.text()));
            return String.join(",", words);
        }
        if (name.endsWith(".mem"))
        {
            return Amounts.formatBytes(value.number(0));
        }
        return "{}".equals(value.text()) ? "" : value.text();
    }
}
