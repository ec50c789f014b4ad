package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** How values of the views are spelled in JSON. Stateless. */
final class JsonFields
{
    private static final DateTimeFormatter MICROS =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final long NS_PER_S = 1_000_000_000L;

    private JsonFields()
    {
    }

    /** ISO-8601 in UTC with microseconds; null for 0. */
    static void time(final JsonGenerator json, final String name, final long epochNs) throws IOException
    {
        if (0 == epochNs)
        {
            json.writeNullField(name);
        }
        else
        {
            json.writeStringField(name, time(epochNs));
        }
    }

    static String time(final long epochNs)
    {
        return MICROS.format(
            Instant.ofEpochSecond(Math.floorDiv(epochNs, NS_PER_S), Math.floorMod(epochNs, NS_PER_S)));
    }

    /** Seconds with microseconds from one time to another; null while one of them has not come. */
    static void seconds(final JsonGenerator json, final String name, final long fromNs, final long toNs)
        throws IOException
    {
        if (0 == fromNs || 0 == toNs || toNs < fromNs)
        {
            json.writeNullField(name);
        }
        else
        {
            decimal(json, name, (toNs - fromNs) / 1_000, 6);
        }
    }

    static void secondsOrNull(final JsonGenerator json, final String name, final long durationNs) throws IOException
    {
        if (0 == durationNs)
        {
            json.writeNullField(name);
        }
        else
        {
            decimal(json, name, durationNs / 1_000, 6);
        }
    }

    /** An id or code that {@code none} stands in for. */
    static void longOrNull(final JsonGenerator json, final String name, final long value, final long none)
        throws IOException
    {
        if (none == value)
        {
            json.writeNullField(name);
        }
        else
        {
            json.writeNumberField(name, value);
        }
    }

    static void textOrNull(final JsonGenerator json, final String name, final String value) throws IOException
    {
        if (null == value || value.isEmpty())
        {
            json.writeNullField(name);
        }
        else
        {
            json.writeStringField(name, value);
        }
    }

    /** Amounts by slot name: cpu in cores, everything else as it is. */
    static void slots(final JsonGenerator json, final String name, final Map<String, Long> slots) throws IOException
    {
        json.writeObjectFieldStart(name);
        for (final Map.Entry<String, Long> slot : slots.entrySet())
        {
            if ("cpu".equals(slot.getKey()))
            {
                decimal(json, "cpu", slot.getValue(), 3);
            }
            else
            {
                json.writeNumberField(slot.getKey(), slot.getValue());
            }
        }
        json.writeEndObject();
    }

    /** A scaled number in plain notation without trailing zeros, such as 2 or 0.5. */
    static void decimal(final JsonGenerator json, final String name, final long unscaled, final int scale)
        throws IOException
    {
        json.writeFieldName(name);
        json.writeNumber(BigDecimal.valueOf(unscaled, scale).stripTrailingZeros().toPlainString());
    }
}
