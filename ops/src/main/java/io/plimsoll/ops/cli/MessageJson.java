package io.plimsoll.ops.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.agrona.DirectBuffer;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.Token;
import uk.co.real_logic.sbe.otf.AbstractTokenListener;
import uk.co.real_logic.sbe.otf.OtfMessageDecoder;
import uk.co.real_logic.sbe.otf.Types;
import uk.co.real_logic.sbe.xml.IrGenerator;
import uk.co.real_logic.sbe.xml.ParserOptions;
import uk.co.real_logic.sbe.xml.XmlSchemaParser;

/**
 * Writes any command or event of the core as a JSON object, by its schema: fields have the names that they have there,
 * whatever release wrote them. What later releases added to the schema is left out. For one thread.
 */
final class MessageJson extends AbstractTokenListener
{
    private static final String SCHEMA = "/sbe/scheduler.xml";

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final Ir schema = schema();
    private final JsonGenerator json;

    MessageJson(final JsonGenerator json)
    {
        this.json = json;
    }

    private static Ir schema()
    {
        try (InputStream in = SchedulerCore.class.getResourceAsStream(SCHEMA))
        {
            return new IrGenerator().generate(XmlSchemaParser.parse(in, ParserOptions.DEFAULT));
        }
        catch (final Exception ex)
        {
            throw new IllegalStateException("the schema of this build cannot be read", ex);
        }
    }

    /** Writes one message, which begins with its header. */
    void write(final DirectBuffer buffer, final int offset) throws IOException
    {
        header.wrap(buffer, offset);
        final List<Token> tokens = schema.getMessage(header.templateId());
        json.writeStartObject();
        json.writeStringField("type", null == tokens ? "unknown-" + header.templateId() : tokens.get(0).name());
        if (null != tokens)
        {
            try
            {
                OtfMessageDecoder.decode(
                    buffer,
                    offset + MessageHeaderDecoder.ENCODED_LENGTH,
                    header.version(),
                    header.blockLength(),
                    tokens,
                    this);
            }
            catch (final UncheckedIOException ex)
            {
                throw ex.getCause();
            }
        }
        json.writeEndObject();
    }

    /** What throws while it writes. */
    @FunctionalInterface
    private interface Writing
    {
        void run() throws IOException;
    }

    private static void unchecked(final Writing writing)
    {
        try
        {
            writing.run();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public void onEncoding(
        final Token field,
        final DirectBuffer buffer,
        final int index,
        final Token type,
        final int actingVersion)
    {
        if (field.version() <= actingVersion)
        {
            unchecked(() -> json.writeNumberField(field.name(), Types.getLong(buffer, index, type.encoding())));
        }
    }

    @Override
    public void onEnum(
        final Token field,
        final DirectBuffer buffer,
        final int index,
        final List<Token> tokens,
        final int from,
        final int to,
        final int actingVersion)
    {
        if (field.version() > actingVersion)
        {
            return;
        }
        final long value = Types.getLong(buffer, index, tokens.get(from + 1).encoding());
        String name = Long.toString(value);
        for (int i = from + 1; i < to; i++)
        {
            if (value == tokens.get(i).encoding().constValue().longValue())
            {
                name = tokens.get(i).name();
            }
        }
        final String text = name;
        unchecked(() ->
        {
            if ("BooleanType".equals(tokens.get(from).applicableTypeName()))
            {
                json.writeBooleanField(field.name(), 0 != value);
            }
            else
            {
                json.writeStringField(field.name(), text);
            }
        });
    }

    @Override
    public void onGroupHeader(final Token group, final int size)
    {
        unchecked(() ->
        {
            json.writeArrayFieldStart(group.name());
            if (0 == size)
            {
                json.writeEndArray();
            }
        });
    }

    @Override
    public void onBeginGroup(final Token group, final int index, final int size)
    {
        unchecked(json::writeStartObject);
    }

    @Override
    public void onEndGroup(final Token group, final int index, final int size)
    {
        unchecked(() ->
        {
            json.writeEndObject();
            if (index == size - 1)
            {
                json.writeEndArray();
            }
        });
    }

    @Override
    public void onVarData(
        final Token field, final DirectBuffer buffer, final int index, final int length, final Token type)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(index, bytes);
        unchecked(() ->
        {
            try
            {
                // What is text for people stays so, whatever the schema calls it: a launch spec is JSON.
                json.writeStringField(
                    field.name(),
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
            }
            catch (final CharacterCodingException ex)
            {
                json.writeStringField(field.name() + "Base64", Base64.getEncoder().encodeToString(bytes));
            }
        });
    }
}
