package io.plimsoll.loadtest.simulate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * Shows every event of the core as one line: JSON with {@code event}, {@code at} in seconds, {@code sequence} and the
 * fields of the event, or a line for people. One thread.
 */
public final class EventPrinter
{
    private static final JsonFactory FACTORY = new JsonFactory();

    private final EventText events = new EventText();
    private final StringBuilder text = new StringBuilder();
    private final Consumer<String> lines;
    private final boolean json;
    private int position;

    /**
     * To somewhere.
     *
     * @param lines takes each line.
     * @param json  objects, or lines for people.
     */
    public EventPrinter(final Consumer<String> lines, final boolean json)
    {
        this.lines = lines;
        this.json = json;
    }

    /** An event as a line for people, without its time. */
    public static String describe(final DirectBuffer buffer, final int offset)
    {
        final StringBuilder described = new StringBuilder();
        new EventText().append(buffer, offset, described);
        return described.substring(1, described.indexOf("]")) + " " +
            described.substring(described.indexOf("):") + 2).replace('|', ' ');
    }

    void onEvent(final long atNs, final long sequence, final DirectBuffer buffer, final int offset)
    {
        text.setLength(0);
        events.append(buffer, offset, text);
        final String name = text.substring(1, text.indexOf("]"));
        position = text.indexOf("):") + 2;
        lines.accept(json ? object(name, atNs, sequence) : line(name, atNs));
    }

    private String line(final String name, final long atNs)
    {
        return Seconds.text(atNs) + " " + name + " " + text.substring(position).replace('|', ' ');
    }

    private String object(final String name, final long atNs, final long sequence)
    {
        final StringWriter line = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(line))
        {
            generator.writeStartObject();
            generator.writeStringField("event", name);
            generator.writeFieldName("at");
            generator.writeNumber(Seconds.of(atNs));
            generator.writeNumberField("sequence", sequence);
            fields(generator);
            generator.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return line.toString();
    }

    /** {@code name=value|name='text'|name=[(…),(…)]}, up to the end or a closing parenthesis. */
    private void fields(final JsonGenerator generator) throws IOException
    {
        while (position < text.length() && ')' != text.charAt(position))
        {
            final int equals = text.indexOf("=", position);
            generator.writeFieldName(text.substring(position, equals));
            position = equals + 1;
            value(generator);
            if (position < text.length() && '|' == text.charAt(position))
            {
                position++;
            }
        }
    }

    private void value(final JsonGenerator generator) throws IOException
    {
        if (position < text.length() && '[' == text.charAt(position))
        {
            group(generator);
        }
        else if (position < text.length() && '\'' == text.charAt(position))
        {
            int end = position + 1;
            while (end < text.length() && !('\'' == text.charAt(end) && isEnd(end + 1)))
            {
                end++;
            }
            generator.writeString(text.substring(position + 1, end));
            position = end + 1;
        }
        else
        {
            final int start = position;
            while (!isEnd(position))
            {
                position++;
            }
            scalar(generator, text.substring(start, position));
        }
    }

    private void group(final JsonGenerator generator) throws IOException
    {
        generator.writeStartArray();
        position++;
        while (']' != text.charAt(position))
        {
            position++;
            generator.writeStartObject();
            fields(generator);
            generator.writeEndObject();
            position++;
            position += ',' == text.charAt(position) ? 1 : 0;
        }
        position++;
        generator.writeEndArray();
    }

    private boolean isEnd(final int at)
    {
        return at >= text.length() || '|' == text.charAt(at) || ')' == text.charAt(at);
    }

    private static void scalar(final JsonGenerator generator, final String value) throws IOException
    {
        if ("T".equals(value) || "F".equals(value))
        {
            generator.writeBoolean("T".equals(value));
        }
        else if (value.matches("-?[0-9]+"))
        {
            generator.writeNumber(Long.parseLong(value));
        }
        else
        {
            generator.writeString(value);
        }
    }
}
