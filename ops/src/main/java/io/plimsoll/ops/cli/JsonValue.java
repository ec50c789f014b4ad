package io.plimsoll.ops.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as a tree over Jackson's streaming parser. The client commands live for some hundred milliseconds, of which data
 * binding would take a third to load.
 */
public final class JsonValue
{
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final JsonValue MISSING = new JsonValue(null);

    private final Object value;

    private JsonValue(final Object value)
    {
        this.value = value;
    }

    /** A tree of maps, lists, strings, numbers, booleans and nulls. */
    public static JsonValue of(final Object value)
    {
        return value instanceof JsonValue tree ? tree : new JsonValue(value);
    }

    /**
     * Reads one value.
     *
     * @throws IOException if it is not JSON.
     */
    public static JsonValue parse(final byte[] json) throws IOException
    {
        try (JsonParser parser = FACTORY.createParser(json))
        {
            return null == parser.nextToken() ? MISSING : new JsonValue(read(parser));
        }
    }

    /** The field of an object, missing if there is none. */
    public JsonValue field(final String name)
    {
        return value instanceof Map<?, ?> map ? of(map.get(name)) : MISSING;
    }

    /** Its items as texts; empty unless it is a list. */
    List<String> texts()
    {
        final List<String> texts = new ArrayList<>();
        items().forEach(item -> texts.add(String.valueOf(item.value)));
        return texts;
    }

    /** The elements of an array, or none. */
    public List<JsonValue> items()
    {
        final List<JsonValue> items = new ArrayList<>();
        if (value instanceof List<?> list)
        {
            for (final Object item : list)
            {
                items.add(of(item));
            }
        }
        return items;
    }

    /** The fields of an object in order, or none. */
    public Map<String, JsonValue> fields()
    {
        final Map<String, JsonValue> fields = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map)
        {
            for (final Map.Entry<?, ?> entry : map.entrySet())
            {
                fields.put(String.valueOf(entry.getKey()), of(entry.getValue()));
            }
        }
        return fields;
    }

    public boolean isMissing()
    {
        return null == value;
    }

    public boolean isArray()
    {
        return value instanceof List<?>;
    }

    /** The text of a scalar, empty if missing. */
    public String text()
    {
        return null == value ? "" : String.valueOf(value);
    }

    public String text(final String field)
    {
        return field(field).text();
    }

    /** A whole number, or the given one if this is none. */
    public long number(final long otherwise)
    {
        return value instanceof Number number ? number.longValue() : otherwise;
    }

    public long number(final String field, final long otherwise)
    {
        return field(field).number(otherwise);
    }

    public boolean isTrue(final String field)
    {
        return Boolean.TRUE.equals(field(field).value);
    }

    /** Compact JSON. */
    @Override
    public String toString()
    {
        return write(false);
    }

    /** JSON for people. */
    public String pretty()
    {
        return write(true);
    }

    private String write(final boolean pretty)
    {
        final StringWriter writer = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(writer))
        {
            if (pretty)
            {
                generator.useDefaultPrettyPrinter();
            }
            write(generator, value);
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException("a string took no characters", ex);
        }
        return writer.toString();
    }

    private static Object read(final JsonParser parser) throws IOException
    {
        switch (parser.currentToken())
        {
            case START_OBJECT:
                final Map<String, Object> map = new LinkedHashMap<>();
                while (JsonToken.END_OBJECT != parser.nextToken())
                {
                    final String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, read(parser));
                }
                return map;
            case START_ARRAY:
                final List<Object> list = new ArrayList<>();
                while (JsonToken.END_ARRAY != parser.nextToken())
                {
                    list.add(read(parser));
                }
                return list;
            case VALUE_NUMBER_INT:
                return parser.getNumberValue();
            case VALUE_NUMBER_FLOAT:
                return parser.getDecimalValue();
            case VALUE_TRUE:
                return Boolean.TRUE;
            case VALUE_FALSE:
                return Boolean.FALSE;
            case VALUE_NULL:
                return null;
            default:
                return parser.getText();
        }
    }

    private static void write(final JsonGenerator generator, final Object value) throws IOException
    {
        if (value instanceof JsonValue tree)
        {
            write(generator, tree.value);
        }
        else if (value instanceof Map<?, ?> map)
        {
            generator.writeStartObject();
            for (final Map.Entry<?, ?> entry : map.entrySet())
            {
                generator.writeFieldName(String.valueOf(entry.getKey()));
                write(generator, entry.getValue());
            }
            generator.writeEndObject();
        }
        else if (value instanceof List<?> list)
        {
            generator.writeStartArray();
            for (final Object item : list)
            {
                write(generator, item);
            }
            generator.writeEndArray();
        }
        else if (value instanceof Number number)
        {
            generator.writeNumber(number.toString());
        }
        else if (value instanceof Boolean bool)
        {
            generator.writeBoolean(bool);
        }
        else if (null == value)
        {
            generator.writeNull();
        }
        else
        {
            generator.writeString(value.toString());
        }
    }
}
