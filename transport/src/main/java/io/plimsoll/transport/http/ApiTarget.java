package io.plimsoll.transport.http;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where the API is and how to talk to it.
 *
 * @param isTls            https.
 * @param host             name or address, IPv6 without brackets.
 * @param port             of the API.
 * @param credential       what the client proves itself with; null: nothing.
 * @param caSha256         trust exactly this authority, 64 hex digits; null: the JDK's.
 * @param tls              files for https; null: none.
 * @param connectTimeoutMs for TCP and TLS.
 * @param readTimeoutMs    longest silence within an answer; 0: none.
 */
public record ApiTarget(
    boolean isTls,
    String host,
    int port,
    ApiCredential credential,
    String caSha256,
    ClientTls tls,
    int connectTimeoutMs,
    int readTimeoutMs)
{
    private static final int PORT_DEFAULT = 7077;
    private static final int CONNECT_TIMEOUT_MS_DEFAULT = 5_000;
    private static final int READ_TIMEOUT_MS_DEFAULT = 60_000;

    /**
     * Reads a URL such as {@code http://127.0.0.1:7077}; the scheme may be left out, and the port is then or else
     * 7077.
     *
     * @param url   to read; a path is refused, since the API has none in front.
     * @param token bearer token; null: none.
     * @return the target, with default times.
     * @throws IllegalArgumentException that says what would be right.
     */
    public static ApiTarget parse(final String url, final String token)
    {
        final String text = url.strip();
        final URI uri;
        try
        {
            uri = new URI(text.contains("://") ? text : "http://" + text);
        }
        catch (final URISyntaxException ex)
        {
            throw wrong(url);
        }
        final String path = uri.getRawPath();
        final boolean isHttp = "http".equalsIgnoreCase(uri.getScheme());
        final boolean isTls = "https".equalsIgnoreCase(uri.getScheme());
        if (!isHttp && !isTls || null == uri.getHost() || null != uri.getRawQuery() ||
            null != path && !path.isEmpty() && !"/".equals(path))
        {
            throw wrong(url);
        }
        final String host = uri.getHost().startsWith("[") ?
            uri.getHost().substring(1, uri.getHost().length() - 1) : uri.getHost();
        return new ApiTarget(
            isTls, host, uri.getPort() < 0 ? PORT_DEFAULT : uri.getPort(), ApiCredential.bearer(token), null, null,
            CONNECT_TIMEOUT_MS_DEFAULT, READ_TIMEOUT_MS_DEFAULT);
    }

    /** Same with other times. */
    public ApiTarget withTimeouts(final int connectMs, final int readMs)
    {
        return new ApiTarget(isTls, host, port, credential, caSha256, tls, connectMs, readMs);
    }

    /** Same with another way to prove itself. */
    public ApiTarget withCredential(final ApiCredential other)
    {
        return new ApiTarget(isTls, host, port, other, caSha256, tls, connectTimeoutMs, readTimeoutMs);
    }

    /** Same, trusting exactly one authority. */
    public ApiTarget withAuthority(final String sha256)
    {
        return new ApiTarget(isTls, host, port, credential, sha256, tls, connectTimeoutMs, readTimeoutMs);
    }

    /** Same, with files for TLS. */
    public ApiTarget withTls(final ClientTls files)
    {
        return new ApiTarget(isTls, host, port, credential, caSha256, files, connectTimeoutMs, readTimeoutMs);
    }

    /** Scheme, host and port. */
    public String url()
    {
        return (isTls ? "https://" : "http://") + hostText() + ":" + port;
    }

    /** Without what proves who it is. */
    @Override
    public String toString()
    {
        return url();
    }

    /** As in a {@code Host} header. */
    String hostHeader()
    {
        return hostText() + ":" + port;
    }

    String hostText()
    {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static IllegalArgumentException wrong(final String url)
    {
        return new IllegalArgumentException(
            url + " is not the address of a manager: use one such as http://127.0.0.1:7077");
    }
}
