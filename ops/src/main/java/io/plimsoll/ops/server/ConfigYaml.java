package io.plimsoll.ops.server;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Reads YAML into values that know the line on which they stand. */
final class ConfigYaml
{
    private static final int DEPTH_MAX = 16;

    private final YAMLParser parser;
    private final IntFunction<Origin> origins;

    private ConfigYaml(final YAMLParser parser, final IntFunction<Origin> origins)
    {
        this.parser = parser;
        this.origins = origins;
    }

    /**
     * Reads a file.
     *
     * @param path of the file.
     * @param name by which the user called it.
     * @throws ConfigException that names the line of a mistake.
     */
    static ConfigValue file(final Path path, final String name)
    {
        final IntFunction<Origin> origins = line -> new Origin(Origin.Kind.FILE, name, line);
        if (Files.isDirectory(path))
        {
            throw new ConfigException(origins.apply(0), "", "cannot be read: it is a directory");
        }
        try (InputStream in = Files.newInputStream(path); YAMLParser parser = new YAMLFactory().createParser(in))
        {
            return new ConfigYaml(parser, origins).document();
        }
        catch (final JacksonException ex)
        {
            throw syntax(ex, origins);
        }
        catch (final IOException ex)
        {
            throw new ConfigException(origins.apply(0), "", "cannot be read; is it there, and yours to read?");
        }
    }

    /**
     * Reads a text of one or a few lines.
     *
     * @throws ConfigException that names the place of a mistake.
     */
    static ConfigValue text(final String text, final Origin origin)
    {
        try (YAMLParser parser = new YAMLFactory().createParser(text))
        {
            return new ConfigYaml(parser, line -> origin).document();
        }
        catch (final JacksonException ex)
        {
            throw syntax(ex, line -> origin);
        }
        catch (final IOException ex)
        {
            throw new ConfigException(origin, "", "cannot be read: " + ex.getMessage());
        }
    }

    private static ConfigException syntax(final JacksonException ex, final IntFunction<Origin> origins)
    {
        final int line = null == ex.getLocation() ? 0 : ex.getLocation().getLineNr();
        return new ConfigException(origins.apply(line), "", ex.getOriginalMessage().strip().replaceAll("\\s+", " "));
    }

    private ConfigValue document() throws IOException
    {
        final JsonToken first = parser.nextToken();
        final ConfigValue value = null == first ? new ConfigValue(null, origin()) : value(0);
        if (null != parser.nextToken())
        {
            throw new ConfigException(origin(), "", "a second document begins here; there is to be one");
        }
        return value;
    }

    private ConfigValue value(final int depth) throws IOException
    {
        final Origin origin = origin();
        if (depth > DEPTH_MAX)
        {
            throw new ConfigException(origin, "", "there are more than " + DEPTH_MAX + " levels");
        }
        if (JsonToken.START_OBJECT == parser.currentToken())
        {
            return new ConfigValue(section(depth), origin);
        }
        return new ConfigValue(plain(depth), origin);
    }

    private Map<String, ConfigValue> section(final int depth) throws IOException
    {
        final Map<String, ConfigValue> values = new LinkedHashMap<>();
        while (JsonToken.END_OBJECT != parser.nextToken())
        {
            final String key = parser.currentName();
            final Origin origin = origin();
            parser.nextToken();
            final ConfigValue value = value(depth + 1);
            final ConfigValue earlier = values.put(key, new ConfigValue(value.raw(), origin));
            if (null != earlier)
            {
                throw new ConfigException(
                    origin, key, "it stands here a second time; the first is in " + earlier.origin());
            }
        }
        return values;
    }

    private Object plain(final int depth) throws IOException
    {
        if (parser.isCurrentAlias())
        {
            // It would be taken for its own name.
            throw new ConfigException(
                origin(), "", "*" + parser.getText() + " stands for something elsewhere, which is not known here;" +
                    " write it out, or in quotes if it is a text");
        }
        return switch (parser.currentToken())
        {
            case START_ARRAY ->
            {
                final List<Object> list = new ArrayList<>();
                while (JsonToken.END_ARRAY != parser.nextToken())
                {
                    list.add(value(depth + 1).raw());
                }
                yield list;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    private Origin origin()
    {
        return origins.apply(parser.currentTokenLocation().getLineNr());
    }
}
