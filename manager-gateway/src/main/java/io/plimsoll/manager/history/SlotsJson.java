package io.plimsoll.manager.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** Amounts by slot as JSON. Stateless. */
final class SlotsJson
{
    private static final JsonFactory JSON = new JsonFactory();
    private static final String NONE = "{}";

    private SlotsJson()
    {
    }

    static String write(final Map<String, Long> slots)
    {
        if (slots.isEmpty())
        {
            return NONE;
        }
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text))
        {
            json.writeStartObject();
            for (final Map.Entry<String, Long> slot : slots.entrySet())
            {
                json.writeNumberField(slot.getKey(), slot.getValue());
            }
            json.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return text.toString();
    }

    static Map<String, Long> read(final String text)
    {
        if (NONE.equals(text))
        {
            return Map.of();
        }
        final Map<String, Long> slots = new TreeMap<>();
        try (JsonParser json = JSON.createParser(text))
        {
            json.nextToken();
            while (JsonToken.FIELD_NAME == json.nextToken())
            {
                final String name = json.currentName();
                json.nextToken();
                slots.put(name, json.getLongValue());
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return slots;
    }
}
