package io.plimsoll.transport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Launch specs as JSON. Written by hand on Jackson's streams: fields always come in the same order, so that equal
 * specs have equal bytes and are stored once, and what is absent is not written. Unknown fields are skipped, since a
 * newer manager may know more. Thread-safe.
 */
public final class LaunchSpecCodec
{
    private static final JsonFactory JSON = new JsonFactory();
    /** What was read last: an agent is sent the elements of an array one after the other. */
    private static volatile Known last;

    private LaunchSpecCodec()
    {
    }

    /**
     * Writes a spec.
     *
     * @param spec to write.
     * @return JSON in UTF-8, at most {@link LaunchSpec#LENGTH_MAX} bytes.
     * @throws IllegalArgumentException that says what is wrong with the spec, and what would be right.
     */
    public static byte[] encode(final LaunchSpec spec)
    {
        check(spec);
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out))
        {
            json.writeStartObject();
            json.writeArrayFieldStart("command");
            for (final String word : spec.command())
            {
                json.writeString(word);
            }
            json.writeEndArray();
            writeEnv(json, spec.env());
            writeText(json, "cwd", spec.cwd());
            writeText(json, "image", spec.image());
            writeNumber(json, "logBytesMax", spec.logBytesMax());
            writeNumber(json, "simulatedNs", spec.simulatedNs());
            ContainerSpecCodec.write(json, spec.container());
            writeText(json, "runtime", spec.runtime());
            writeText(json, "stdin", spec.stdin().text());
            if (spec.tty())
            {
                json.writeBooleanField("tty", true);
            }
            SessionNotesCodec.write(json, spec.notes());
            json.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        checkLength(out.size());
        return out.toByteArray();
    }

    /**
     * Reads a spec.
     *
     * @param bytes  that hold JSON.
     * @param offset of the first byte.
     * @param length in bytes.
     * @return the spec; never null in its lists.
     * @throws IllegalArgumentException that says what is wrong.
     */
    public static LaunchSpec decode(final byte[] bytes, final int offset, final int length)
    {
        checkLength(length);
        final Known known = last;
        if (null != known && Arrays.equals(known.bytes, 0, known.bytes.length, bytes, offset, offset + length))
        {
            return known.spec;
        }
        final LaunchSpec spec = parse(bytes, offset, length);
        last = new Known(Arrays.copyOfRange(bytes, offset, offset + length), spec);
        return spec;
    }

    private static LaunchSpec parse(final byte[] bytes, final int offset, final int length)
    {
        final Fields fields = new Fields();
        try (JsonParser json = JSON.createParser(bytes, offset, length))
        {
            if (JsonToken.START_OBJECT != json.nextToken())
            {
                throw new IllegalArgumentException("a launch spec is a JSON object");
            }
            while (JsonToken.FIELD_NAME == json.nextToken())
            {
                final String name = json.currentName();
                json.nextToken();
                fields.read(name, json);
            }
            if (null != json.nextToken())
            {
                throw new IllegalArgumentException("something follows the launch spec");
            }
        }
        catch (final JsonProcessingException ex)
        {
            throw new IllegalArgumentException("the launch spec is not JSON: " + ex.getOriginalMessage(), ex);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        final LaunchSpec spec = fields.spec();
        check(spec);
        return spec;
    }

    /**
     * Reads a spec.
     *
     * @param bytes JSON in UTF-8.
     * @return the spec.
     * @throws IllegalArgumentException that says what is wrong.
     */
    public static LaunchSpec decode(final byte[] bytes)
    {
        return decode(bytes, 0, bytes.length);
    }

    private static void check(final LaunchSpec spec)
    {
        if (null == spec.command() || spec.command().isEmpty() || spec.command().get(0).isEmpty())
        {
            throw new IllegalArgumentException("command is empty: it needs at least the name of a program");
        }
        for (final String word : spec.command())
        {
            checkNoNul("command", word);
        }
        if (null != spec.env())
        {
            for (final Map.Entry<String, String> entry : spec.env().entrySet())
            {
                checkEnv(entry.getKey(), entry.getValue());
            }
        }
        if (null != spec.cwd() && !spec.cwd().startsWith("/"))
        {
            throw new IllegalArgumentException("cwd " + spec.cwd() + " is not absolute: begin it with /");
        }
        checkNoNul("cwd", spec.cwd());
        if (spec.logBytesMax() < 0 || spec.simulatedNs() < 0)
        {
            throw new IllegalArgumentException("logBytesMax and simulatedNs cannot be negative");
        }
        if (null == spec.notes() || spec.notes().idleTimeoutNs() < 0 || spec.notes().lowUseWindowNs() < 0)
        {
            throw new IllegalArgumentException("times of notes cannot be negative");
        }
        checkNoNul("image", spec.image());
        if (null != spec.runtime() && !LaunchSpec.isRuntimeName(spec.runtime()))
        {
            throw new IllegalArgumentException(
                "runtime '" + spec.runtime() + "' should be lower case with digits and hyphens, not process or docker");
        }
        if (null != spec.runtime() && StdinMode.NONE != spec.stdin())
        {
            throw new IllegalArgumentException("stdin is for processes and containers: name no runtime");
        }
        if (spec.tty() && StdinMode.NONE == spec.stdin())
        {
            throw new IllegalArgumentException("tty is for processes and containers with stdin");
        }
        ContainerSpecCodec.check(spec);
    }

    private static void checkEnv(final String name, final String value)
    {
        if (name.isEmpty() || name.indexOf('=') >= 0)
        {
            throw new IllegalArgumentException(
                "env name '" + name + "' is not one: a name is not empty and has no equals sign");
        }
        checkNoNul("env", name);
        if (null == value)
        {
            throw new IllegalArgumentException("env " + name + " has no value: give a text, which may be empty");
        }
        checkNoNul("env", value);
    }

    static void checkNoNul(final String field, final String text)
    {
        if (null != text && text.indexOf('\0') >= 0)
        {
            throw new IllegalArgumentException(field + " contains a NUL character, which no process can be given");
        }
    }

    private static void checkLength(final int length)
    {
        if (length > LaunchSpec.LENGTH_MAX)
        {
            throw new IllegalArgumentException(
                "the launch spec (command, environment, directory) has " + length + " bytes: at most " +
                LaunchSpec.LENGTH_MAX + " are allowed; put large content into a file");
        }
    }

    private static void writeEnv(final JsonGenerator json, final Map<String, String> env) throws IOException
    {
        if (null != env && !env.isEmpty())
        {
            json.writeObjectFieldStart("env");
            for (final Map.Entry<String, String> entry : env.entrySet())
            {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
        }
    }

    static void writeText(final JsonGenerator json, final String name, final String value) throws IOException
    {
        if (null != value)
        {
            json.writeStringField(name, value);
        }
    }

    static void writeNumber(final JsonGenerator json, final String name, final long value) throws IOException
    {
        if (0 != value)
        {
            json.writeNumberField(name, value);
        }
    }

    /** What was read so far. */
    static final class Fields
    {
        private final List<String> command = new ArrayList<>();
        private final Map<String, String> env = new LinkedHashMap<>();
        private String cwd;
        private String image;
        private String runtime;
        private StdinMode stdin = StdinMode.NONE;
        private boolean tty;
        private SessionNotes notes = SessionNotes.NONE;
        private long logBytesMax;
        private long simulatedNs;
        private final ContainerSpecCodec.Fields container = new ContainerSpecCodec.Fields();

        LaunchSpec spec()
        {
            return new LaunchSpec(
                List.copyOf(command), Collections.unmodifiableMap(env), cwd, image, logBytesMax, simulatedNs,
                container.spec(), runtime, stdin, tty, notes);
        }

        void read(final String name, final JsonParser json) throws IOException
        {
            switch (name)
            {
                case "command" -> readCommand(json);
                case "env" -> readEnv(json);
                case "cwd" -> cwd = text(name, json);
                case "image" -> image = text(name, json);
                case "runtime" -> runtime = text(name, json);
                case "stdin" -> stdin = StdinMode.of(text(name, json));
                case "tty" -> tty = JsonToken.VALUE_TRUE == json.currentToken();
                case "notes" -> notes = SessionNotesCodec.read(json);
                case "logBytesMax" -> logBytesMax = number(name, json);
                case "simulatedNs" -> simulatedNs = number(name, json);
                default -> container.read(name, json);
            }
        }

        private void readCommand(final JsonParser json) throws IOException
        {
            if (JsonToken.START_ARRAY != json.currentToken())
            {
                throw new IllegalArgumentException("command is not an array: use one such as [\"echo\", \"hello\"]");
            }
            while (JsonToken.END_ARRAY != json.nextToken())
            {
                if (JsonToken.VALUE_STRING != json.currentToken())
                {
                    throw new IllegalArgumentException("command has an element that is not a text");
                }
                command.add(json.getText());
            }
        }

        private void readEnv(final JsonParser json) throws IOException
        {
            if (JsonToken.VALUE_NULL == json.currentToken())
            {
                return;
            }
            if (JsonToken.START_OBJECT != json.currentToken())
            {
                throw new IllegalArgumentException("env is not an object: use one such as {\"KEY\": \"value\"}");
            }
            while (JsonToken.FIELD_NAME == json.nextToken())
            {
                final String name = json.currentName();
                if (JsonToken.VALUE_STRING != json.nextToken())
                {
                    throw new IllegalArgumentException("env " + name + " is not a text");
                }
                env.put(name, json.getText());
            }
        }

        static String text(final String name, final JsonParser json) throws IOException
        {
            if (JsonToken.VALUE_NULL == json.currentToken())
            {
                return null;
            }
            if (JsonToken.VALUE_STRING != json.currentToken())
            {
                throw new IllegalArgumentException(name + " is not a text");
            }
            return json.getText();
        }

        static long number(final String name, final JsonParser json) throws IOException
        {
            if (JsonToken.VALUE_NUMBER_INT != json.currentToken())
            {
                throw new IllegalArgumentException(name + " is not a whole number");
            }
            return json.getLongValue();
        }
    }

    /** A text, and what it says. */
    private record Known(byte[] bytes, LaunchSpec spec)
    {
    }
}
