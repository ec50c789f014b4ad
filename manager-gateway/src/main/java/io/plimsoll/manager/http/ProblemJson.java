package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A problem as RFC 9457 spells it. */
final class ProblemJson
{
    private ProblemJson()
    {
    }

    static void write(
        final JsonGenerator json, final Problem problem, final String instance, final String requestId)
        throws IOException
    {
        json.writeStartObject();
        json.writeStringField("type", "urn:plimsoll:problem:" + problem.code());
        json.writeStringField("title", problem.title());
        json.writeNumberField("status", problem.status());
        json.writeStringField("detail", wellFormed(problem.detail()));
        json.writeStringField("code", problem.code());
        json.writeStringField("instance", instance);
        json.writeStringField("requestId", requestId);
        for (final Map.Entry<String, Object> member : problem.members().entrySet())
        {
            value(json, member.getKey(), member.getValue());
        }
        json.writeEndObject();
    }

    private static void value(final JsonGenerator json, final String name, final Object value) throws IOException
    {
        json.writeFieldName(name);
        if (value instanceof Long number)
        {
            json.writeNumber(number);
        }
        else if (value instanceof Iterable<?> list)
        {
            json.writeStartArray();
            for (final Object element : list)
            {
                json.writeString(element.toString());
            }
            json.writeEndArray();
        }
        else
        {
            json.writeString(wellFormed(value.toString()));
        }
    }

    /** What a client sent may be quoted, and half a surrogate pair cannot be written. */
    private static String wellFormed(final String text)
    {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
