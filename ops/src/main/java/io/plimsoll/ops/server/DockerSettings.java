package io.plimsoll.ops.server;

import io.plimsoll.agent.runtime.DockerOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The section agent.docker of the configuration. */
final class DockerSettings
{
    private static final String NONE = "none";

    private DockerSettings()
    {
    }

    /** Null: this agent runs no containers. */
    static DockerOptions read(final ConfigNode node, final DockerOptions otherwise)
    {
        final String said = node.text("host", "");
        final String host = said.isEmpty() ? otherwise.host() : said;
        final Map<String, Long> ulimits = new LinkedHashMap<>();
        final ConfigNode limits = node.section("ulimits");
        for (final String name : limits.names())
        {
            ulimits.put(name, limits.number(name, -1, -1, Long.MAX_VALUE));
        }
        final DockerOptions options = otherwise
            .withHost(host)
            .withPolicies(
                node.choice("pull", otherwise.pull(), DockerOptions.PullPolicy.class),
                node.choice("leftovers", otherwise.leftovers(), DockerOptions.LeftoverPolicy.class))
            .withMounts(paths(node, "mounts-read-only"), paths(node, "mounts"))
            .withLimits(node.number("pids-max", otherwise.pidsMax(), 0, Integer.MAX_VALUE), ulimits)
            .withTimes(
                node.duration("call-timeout", otherwise.callTimeoutNs()),
                otherwise.watchIntervalNs(),
                node.duration("come-back", otherwise.comeBackNs()))
            .withPullTimes(
                node.duration("pull-progress", otherwise.pullProgressNs()),
                node.duration("pull-timeout", otherwise.pullTimeoutNs()))
            .withImages(
                node.size("images-max", otherwise.imagesBytesMax()),
                node.duration("images-age", otherwise.imagesAgeNs()))
            .withNetwork(network(node.text("network", otherwise.network())));
        if (NONE.equals(host))
        {
            return null;
        }
        if (!host.startsWith("unix:///") && !host.startsWith("tcp://"))
        {
            throw new ConfigException(
                "agent.docker.host", "use unix:///PATH, tcp://HOST:PORT, or none; found '" + host + "'");
        }
        return said.isEmpty() ? options : options.expected();
    }

    private static String network(final String name)
    {
        if (!name.isEmpty() && !name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,126}"))
        {
            throw new ConfigException("agent.docker.network: use the name of a network of the engine; found '" + name +
                "'");
        }
        return name;
    }

    private static List<Path> paths(final ConfigNode node, final String key)
    {
        return node.texts(key, List.of()).stream().map(text ->
        {
            if (!text.startsWith("/"))
            {
                throw new ConfigException("agent.docker." + key, "use absolute paths; found '" + text + "'");
            }
            return Path.of(text);
        }).toList();
    }
}
