package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Parsers that trust nobody, and documents written straight into buffers. Safe for any thread. */
final class Json
{
    static final int DEPTH_MAX = 32;
    static final int NUMBER_LENGTH_MAX = 64;
    static final int NAME_LENGTH_MAX = 1024;

    private static final int INITIAL_LENGTH = 512;

    /**
     * Names are not interned, since hostile bodies choose them; and bytes are UTF-8, never guessed to be something
     * else.
     */
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
        .disable(JsonFactory.Feature.CHARSET_DETECTION)
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(DEPTH_MAX)
            .maxNumberLength(NUMBER_LENGTH_MAX)
            .maxNameLength(NAME_LENGTH_MAX)
            .build())
        .build();

    private Json()
    {
    }

    /** Parser of a body. */
    static JsonParser parser(final byte[] body) throws IOException
    {
        return FACTORY.createParser(body);
    }

    /** Parser of a part of a body. */
    static JsonParser parser(final byte[] bytes, final int offset, final int length) throws IOException
    {
        return FACTORY.createParser(bytes, offset, length);
    }

    /** Throws the problem for a body that is not UTF-8. */
    static void checkUtf8(final byte[] body)
    {
        checkUtf8(body, 0, body.length);
    }

    /** Throws the problem for a part of a body that is not UTF-8. */
    static void checkUtf8(final byte[] bytes, final int offset, final int length)
    {
        for (int i = offset; i < offset + length; i++)
        {
            if (bytes[i] < 0)
            {
                checkUtf8Slowly(ByteBuffer.wrap(bytes, offset, length));
                return;
            }
        }
    }

    private static void checkUtf8Slowly(final ByteBuffer body)
    {
        try
        {
            StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(body);
        }
        catch (final CharacterCodingException ex)
        {
            throw new Problem(400, "bad-encoding", "the body is not valid UTF-8").asException();
        }
    }

    /** A document in a new buffer, which belongs to the caller. */
    static ByteBuf write(final ByteBufAllocator allocator, final Document document)
    {
        final ByteBuf buffer = allocator.buffer(INITIAL_LENGTH);
        boolean written = false;
        try (JsonGenerator generator = FACTORY.createGenerator((OutputStream)new ByteBufOutputStream(buffer)))
        {
            document.write(generator);
            generator.flush();
            written = true;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        finally
        {
            if (!written)
            {
                buffer.release();
            }
        }
        return buffer;
    }

    /** Bytes of a document so far. */
    static int length(final JsonGenerator generator)
    {
        return ((ByteBufOutputStream)generator.getOutputTarget()).writtenBytes() + generator.getOutputBuffered();
    }

    /** Writes one JSON value. */
    @FunctionalInterface
    interface Document
    {
        void write(JsonGenerator generator) throws IOException;
    }
}
