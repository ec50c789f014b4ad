package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.control.ImageReference;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.StdinMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a session says of its containers, and of input, while its JSON is read; used once, by one thread. */
final class ContainerDraft
{
    private static final String PROCESS = "process";
    private static final String DOCKER = "docker";
    private static final int NAME_LENGTH_MAX = 512;
    private static final int PATH_LENGTH_MAX = 4096;
    private static final int LIST_MAX = 64;
    private static final int PORT_MAX = 65_535;
    private static final String MOUNTS_RIGHT =
        "a list such as [{\"source\": \"/data\", \"target\": \"/data\", \"readOnly\": true}], at most " + LIST_MAX;

    private String image;
    private String runtime;
    private String user;
    private long shmBytes;
    private final List<ContainerSpec.Mount> mounts = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private StdinMode stdin = StdinMode.NONE;
    private boolean tty;

    /** Reads the value of one of its fields; the parser stands on the value. */
    void read(final String field, final JsonParser parser) throws IOException
    {
        switch (field)
        {
            case "image" -> image = name(parser, "the name of an image, such as \"python:3.12\"");
            case "runtime" -> runtime = runtimeName(parser);
            case "user" -> user = name(parser, "a user of the image or a number, such as \"1000:1000\"");
            case "shm" -> shmBytes = FieldReader.bytes(parser);
            case "mounts" -> readMounts(parser);
            case "stdin" -> stdin = stdin(parser);
            case "tty" -> readTty(parser);
            default -> readPorts(parser);
        }
    }

    /** Null: it runs as a process, and then nothing else may have been said. */
    String image(final String pointer)
    {
        if (null != runtime() && (null != user || 0 != shmBytes || !mounts.isEmpty()))
        {
            throw new Problem(
                400, "conflicting-fields", pointer + "/runtime: user, shm and mounts are for containers of the" +
                    " engine; leave them out, or the runtime")
                .field(pointer + "/runtime")
                .asException();
        }
        if (DOCKER.equals(runtime) ? null == image : PROCESS.equals(runtime) && null != image)
        {
            throw new Problem(
                400, "conflicting-fields", pointer + "/runtime: the runtime docker needs an image, and the runtime" +
                    " process has none")
                .field(pointer + "/runtime")
                .asException();
        }
        if (null == image && !spec().saysPortsAlone())
        {
            throw new Problem(
                400, "missing-field", pointer + "/image: missing; user, shm and mounts are for containers")
                .field(pointer + "/image")
                .asException();
        }
        if (null != image && null == runtime())
        {
            checkImage(pointer);
        }
        return image;
    }

    /** Runtimes of plugins may name images as they like. */
    private void checkImage(final String pointer)
    {
        try
        {
            ImageReference.check(image);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new Problem(400, "out-of-range", pointer + "/image: " + ex.getMessage())
                .field(pointer + "/image")
                .asException();
        }
    }

    /** Null: one of those that come with agents, which the image decides. */
    String runtime()
    {
        return PROCESS.equals(runtime) || DOCKER.equals(runtime) ? null : runtime;
    }

    /** Plugins give neither input nor a terminal. What has a terminal takes input in any case. */
    StdinMode stdin(final String pointer)
    {
        if (tty && null != runtime())
        {
            throw new Problem(
                400, "conflicting-fields", pointer + "/tty: only processes and containers can have a terminal; leave" +
                    " it or the runtime out")
                .field(pointer + "/tty")
                .asException();
        }
        if (StdinMode.NONE != stdin && null != runtime())
        {
            throw new Problem(
                400, "conflicting-fields", pointer + "/stdin: only processes and containers can have input; leave it" +
                    " or the runtime out")
                .field(pointer + "/stdin")
                .asException();
        }
        return tty && StdinMode.NONE == stdin ? StdinMode.OPEN : stdin;
    }

    boolean hasTerminal()
    {
        return tty;
    }

    private void readTty(final JsonParser parser) throws IOException
    {
        if (!parser.currentToken().isBoolean())
        {
            throw FieldReader.wrongType(parser, "true or false");
        }
        tty = parser.getBooleanValue();
    }

    private static StdinMode stdin(final JsonParser parser) throws IOException
    {
        final String right = "true, false or \"once\"";
        if (parser.currentToken().isBoolean())
        {
            return parser.getBooleanValue() ? StdinMode.OPEN : StdinMode.NONE;
        }
        if (!"once".equals(FieldReader.text(parser, NAME_LENGTH_MAX, right)))
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return StdinMode.ONCE;
    }

    private static String runtimeName(final JsonParser parser) throws IOException
    {
        final String right = "the name of a runtime, in lower case with digits and hyphens";
        final String text = FieldReader.text(parser, NAME_LENGTH_MAX, right);
        if (!PROCESS.equals(text) && !DOCKER.equals(text) && !LaunchSpec.isRuntimeName(text))
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return text;
    }

    ContainerSpec spec()
    {
        final ContainerSpec spec = new ContainerSpec(user, shmBytes, List.copyOf(mounts), List.copyOf(ports));
        return ports.isEmpty() && spec.saysPortsAlone() ? ContainerSpec.NONE : spec;
    }

    private static String name(final JsonParser parser, final String right) throws IOException
    {
        final String text = FieldReader.text(parser, NAME_LENGTH_MAX, right);
        if (text.isEmpty() || text.startsWith("-") || text.chars().anyMatch(c -> c <= ' ' || c > '~'))
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return text;
    }

    private void readMounts(final JsonParser parser) throws IOException
    {
        if (JsonToken.START_ARRAY != parser.currentToken())
        {
            throw FieldReader.wrongType(parser, MOUNTS_RIGHT);
        }
        while (JsonToken.END_ARRAY != parser.nextToken())
        {
            FieldReader.expectObject(parser, MOUNTS_RIGHT);
            final ContainerSpec.Mount mount = mount(parser);
            if (mounts.stream().anyMatch(earlier -> earlier.target().equals(mount.target())))
            {
                throw FieldReader.problem("out-of-range", parser, "two mounts have the target " + mount.target());
            }
            mounts.add(mount);
            if (mounts.size() > LIST_MAX)
            {
                throw FieldReader.outOfRange(parser, MOUNTS_RIGHT);
            }
        }
    }

    private static ContainerSpec.Mount mount(final JsonParser parser) throws IOException
    {
        String source = null;
        String target = null;
        boolean readOnly = false;
        while (JsonToken.END_OBJECT != parser.nextToken())
        {
            final String field = parser.currentName();
            parser.nextToken();
            switch (field)
            {
                case "source" -> source = path(parser);
                case "target" -> target = path(parser);
                case "readOnly" ->
                {
                    if (!parser.currentToken().isBoolean())
                    {
                        throw FieldReader.wrongType(parser, "true or false");
                    }
                    readOnly = parser.getBooleanValue();
                }
                default -> throw FieldReader.problem(
                    "unknown-field", parser, "mounts have source, target and readOnly");
            }
        }
        if (null == source || null == target)
        {
            throw FieldReader.problem("missing-field", parser, "a mount needs source and target");
        }
        return new ContainerSpec.Mount(source, target, readOnly);
    }

    private static String path(final JsonParser parser) throws IOException
    {
        final String right = "an absolute path without colons and .., such as \"/data\"";
        final String text = FieldReader.text(parser, PATH_LENGTH_MAX, right);
        if (!text.startsWith("/") || text.indexOf(':') >= 0 || (text + '/').contains("/../"))
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return text;
    }

    private void readPorts(final JsonParser parser) throws IOException
    {
        final String right = "a list of ports of the container, such as [8080], at most " + LIST_MAX;
        if (JsonToken.START_ARRAY != parser.currentToken())
        {
            throw FieldReader.wrongType(parser, right);
        }
        while (JsonToken.END_ARRAY != parser.nextToken())
        {
            final int port = (int)FieldReader.integer(parser, 1, PORT_MAX, "a port from 1 to " + PORT_MAX);
            if (ports.contains(port))
            {
                throw FieldReader.outOfRange(parser, "each port once");
            }
            ports.add(port);
            if (ports.size() > LIST_MAX)
            {
                throw FieldReader.outOfRange(parser, right);
            }
        }
    }
}
