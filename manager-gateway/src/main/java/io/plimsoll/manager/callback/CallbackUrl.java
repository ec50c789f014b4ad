package io.plimsoll.manager.callback;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a callback goes.
 *
 * @param text   as it was given.
 * @param secure whether it is HTTPS.
 * @param host   name or address, without brackets.
 * @param port   1 to 65535.
 * @param path   with its query; never empty.
 */
public record CallbackUrl(String text, boolean secure, String host, int port, String path)
{
    /** Longest one. */
    public static final int LENGTH_MAX = 2_048;

    private static final int PORT_MAX = 65_535;

    /**
     * Reads one.
     *
     * @param text such as {@code https://hooks.example.org/plimsoll?team=vision}.
     * @throws IllegalArgumentException that says what would be right.
     */
    public static CallbackUrl parse(final String text)
    {
        if (text.length() > LENGTH_MAX)
        {
            throw new IllegalArgumentException("has " + text.length() + " characters, at most " + LENGTH_MAX);
        }
        final URI uri;
        try
        {
            uri = new URI(text);
        }
        catch (final URISyntaxException ex)
        {
            throw new IllegalArgumentException("is no URL: " + ex.getReason(), ex);
        }
        final String scheme = null == uri.getScheme() ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!"http".equals(scheme) && !"https".equals(scheme))
        {
            throw new IllegalArgumentException("has to begin with https:// or http://");
        }
        if (null == uri.getHost() || null != uri.getRawUserInfo() || null != uri.getRawFragment())
        {
            throw new IllegalArgumentException("has to have a host, and no user, password or fragment");
        }
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7F))
        {
            throw new IllegalArgumentException("has to be of plain characters, others as %XX");
        }
        final boolean secure = "https".equals(scheme);
        final int port = -1 == uri.getPort() ? secure ? 443 : 80 : uri.getPort();
        if (port < 1 || port > PORT_MAX)
        {
            throw new IllegalArgumentException("has a port that is none: use 1 to " + PORT_MAX);
        }
        final String path = null == uri.getRawPath() || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        final String host = uri.getHost().startsWith("[") ?
            uri.getHost().substring(1, uri.getHost().length() - 1) : uri.getHost();
        return new CallbackUrl(
            text, secure, host.toLowerCase(Locale.ROOT), port,
            null == uri.getRawQuery() ? path : path + "?" + uri.getRawQuery());
    }

    /** Who takes it: all with the same are one receiver. */
    public String target()
    {
        return (secure ? "https://" : "http://") + host + ":" + port;
    }
}
