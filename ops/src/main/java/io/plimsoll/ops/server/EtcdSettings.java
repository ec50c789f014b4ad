package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.Terminal;
import io.plimsoll.ops.etcd.EtcdOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The section etcd of the configuration. */
final class EtcdSettings
{
    private EtcdSettings()
    {
    }

    /** Null: etcd is not used. */
    static EtcdOptions read(final ConfigNode node, final Terminal terminal)
    {
        final List<String> endpoints = new ArrayList<>();
        for (final String endpoint : node.texts("endpoints", List.of()))
        {
            endpoints.add(endpoint(endpoint));
        }
        final String prefix = node.text("prefix", "/plimsoll/default").replaceAll("/+$", "");
        final String user = node.text("user", null);
        final String password = password(node, terminal);
        final String advertise = node.text("advertise", "");
        final ConfigNode tls = node.section("tls");
        final Path authority = file(tls, "ca", terminal);
        final Path certificate = file(tls, "certificate", terminal);
        final Path key = file(tls, "key", terminal);
        if (!prefix.startsWith("/") || prefix.contains("//"))
        {
            throw new ConfigException("etcd.prefix", "use a path such as /plimsoll/NAME; found '" + prefix + "'");
        }
        if (null == user != (null == password))
        {
            throw new ConfigException("etcd.user", "give both user and password, or neither");
        }
        if (null == certificate != (null == key))
        {
            throw new ConfigException("etcd.tls", "give both certificate and key (PEM files), or neither");
        }
        final long secure = endpoints.stream().filter(endpoint -> endpoint.startsWith("https:")).count();
        if (0 != secure && secure != endpoints.size())
        {
            throw new ConfigException("etcd.endpoints", "use https for all of them, or for none");
        }
        if (0 == secure && null != authority)
        {
            throw new ConfigException("etcd.tls", "the endpoints are not https; TLS would not be used");
        }
        return endpoints.isEmpty() ?
            null : new EtcdOptions(endpoints, prefix, user, password, authority, certificate, key, advertise);
    }

    private static String password(final ConfigNode node, final Terminal terminal)
    {
        final String password = node.secret("password");
        final Path file = file(node, "password-file", terminal);
        if (null != password || null == file)
        {
            return password;
        }
        try
        {
            return Files.readString(file).strip();
        }
        catch (final java.io.IOException ex)
        {
            throw new ConfigException("etcd.password-file", file + " cannot be read");
        }
    }

    private static Path file(final ConfigNode node, final String key, final Terminal terminal)
    {
        final String text = node.text(key, null);
        return null == text ? null : terminal.path(text);
    }

    private static String endpoint(final String text)
    {
        final String url = text.contains("://") ? text : "http://" + text;
        try
        {
            final URI uri = URI.create(url);
            final boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (isHttp && null != uri.getHost() && uri.getPort() > 0 && uri.getPath().isEmpty())
            {
                return url;
            }
        }
        catch (final IllegalArgumentException ex)
        {
            // Said below.
        }
        throw new ConfigException("etcd.endpoints", "'" + text + "' is not the address of an etcd; use HOST:PORT or " +
            "a URL such as https://10.0.0.1:2379");
    }
}
