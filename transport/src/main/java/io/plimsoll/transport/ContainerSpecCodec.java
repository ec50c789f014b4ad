package io.plimsoll.transport;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The part of {@link LaunchSpecCodec} that is about containers. Thread-safe. */
final class ContainerSpecCodec
{
    private static final int PORT_MAX = 65_535;
    private static final int LIST_LENGTH_MAX = 64;

    private ContainerSpecCodec()
    {
    }

    static void write(final JsonGenerator json, final ContainerSpec spec) throws IOException
    {
        LaunchSpecCodec.writeText(json, "user", spec.user());
        LaunchSpecCodec.writeNumber(json, "shmBytes", spec.shmBytes());
        if (!spec.mounts().isEmpty())
        {
            json.writeArrayFieldStart("mounts");
            for (final ContainerSpec.Mount mount : spec.mounts())
            {
                json.writeStartObject();
                json.writeStringField("source", mount.source());
                json.writeStringField("target", mount.target());
                if (mount.readOnly())
                {
                    json.writeBooleanField("readOnly", true);
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (!spec.ports().isEmpty())
        {
            json.writeArrayFieldStart("ports");
            for (final int port : spec.ports())
            {
                json.writeNumber(port);
            }
            json.writeEndArray();
        }
    }

    static void check(final LaunchSpec launch)
    {
        final ContainerSpec spec = launch.container();
        if (null == launch.image() || null != launch.runtime())
        {
            if (null != launch.image())
            {
                checkImage(launch.image());
            }
            if (!spec.saysPortsAlone())
            {
                throw new IllegalArgumentException(
                    "user, shmBytes and mounts are for containers: name an image as well, and no runtime");
            }
            checkPorts(spec.ports());
            return;
        }
        checkImage(launch.image());
        LaunchSpecCodec.checkNoNul("user", spec.user());
        if (null != spec.user() && spec.user().isBlank())
        {
            throw new IllegalArgumentException("user is empty: use a name or number, such as \"1000:1000\"");
        }
        if (spec.shmBytes() < 0)
        {
            throw new IllegalArgumentException("shmBytes cannot be negative");
        }
        if (spec.mounts().size() > LIST_LENGTH_MAX)
        {
            throw new IllegalArgumentException("mounts: at most " + LIST_LENGTH_MAX);
        }
        checkPorts(spec.ports());
        final Set<String> targets = new HashSet<>();
        for (final ContainerSpec.Mount mount : spec.mounts())
        {
            checkPath("source", mount.source());
            checkPath("target", mount.target());
            if (!targets.add(mount.target()))
            {
                throw new IllegalArgumentException("two mounts have the target " + mount.target());
            }
        }
    }

    private static void checkPorts(final List<Integer> ports)
    {
        if (ports.size() > LIST_LENGTH_MAX)
        {
            throw new IllegalArgumentException("ports: at most " + LIST_LENGTH_MAX);
        }
        for (final int port : ports)
        {
            if (port < 1 || port > PORT_MAX)
            {
                throw new IllegalArgumentException("port " + port + " is not one: use 1 to " + PORT_MAX);
            }
        }
        if (new HashSet<>(ports).size() != ports.size())
        {
            throw new IllegalArgumentException("a port is named twice");
        }
    }

    private static void checkImage(final String image)
    {
        if (image.isEmpty() || image.length() > 512 || image.startsWith("-") ||
            image.chars().anyMatch(c -> c <= ' ' || c > '~'))
        {
            throw new IllegalArgumentException(
                "image is not a name of one: use such as \"python:3.12\" or \"registry:5000/team/tool@sha256:...\"");
        }
    }

    private static void checkPath(final String what, final String path)
    {
        if (null == path || !path.startsWith("/") || path.indexOf(':') >= 0 || ("/" + path + "/").contains("/../"))
        {
            throw new IllegalArgumentException(
                "mount " + what + " " + path + " is not absolute, or has a colon or .. in it: begin it with /");
        }
        LaunchSpecCodec.checkNoNul("mount " + what, path);
    }

    /** What was read so far. */
    static final class Fields
    {
        private String user;
        private long shmBytes;
        private final List<ContainerSpec.Mount> mounts = new ArrayList<>();
        private final List<Integer> ports = new ArrayList<>();

        ContainerSpec spec()
        {
            return new ContainerSpec(user, shmBytes, List.copyOf(mounts), List.copyOf(ports));
        }

        void read(final String name, final JsonParser json) throws IOException
        {
            switch (name)
            {
                case "user" -> user = LaunchSpecCodec.Fields.text(name, json);
                case "shmBytes" -> shmBytes = LaunchSpecCodec.Fields.number(name, json);
                case "mounts" -> readMounts(json);
                case "ports" -> readPorts(json);
                default -> json.skipChildren();
            }
        }

        private void readMounts(final JsonParser json) throws IOException
        {
            expectArray("mounts", json);
            while (JsonToken.END_ARRAY != json.nextToken())
            {
                if (JsonToken.START_OBJECT != json.currentToken())
                {
                    throw new IllegalArgumentException("mounts has an element that is not an object");
                }
                mounts.add(mount(json));
            }
        }

        private static ContainerSpec.Mount mount(final JsonParser json) throws IOException
        {
            String source = null;
            String target = null;
            boolean readOnly = false;
            while (JsonToken.FIELD_NAME == json.nextToken())
            {
                final String field = json.currentName();
                json.nextToken();
                switch (field)
                {
                    case "source" -> source = LaunchSpecCodec.Fields.text(field, json);
                    case "target" -> target = LaunchSpecCodec.Fields.text(field, json);
                    case "readOnly" -> readOnly = JsonToken.VALUE_TRUE == json.currentToken();
                    default -> json.skipChildren();
                }
            }
            return new ContainerSpec.Mount(source, target, readOnly);
        }

        private void readPorts(final JsonParser json) throws IOException
        {
            expectArray("ports", json);
            while (JsonToken.END_ARRAY != json.nextToken())
            {
                final long port = LaunchSpecCodec.Fields.number("ports", json);
                ports.add((int)Math.max(0, Math.min(port, Integer.MAX_VALUE)));
            }
        }

        private static void expectArray(final String name, final JsonParser json)
        {
            if (JsonToken.START_ARRAY != json.currentToken())
            {
                throw new IllegalArgumentException(name + " is not an array");
            }
        }
    }
}
