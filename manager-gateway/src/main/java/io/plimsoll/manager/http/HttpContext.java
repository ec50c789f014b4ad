package io.plimsoll.manager.http;

import io.plimsoll.manager.ConfigurationView;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * How the HTTP API is to be served.
 *
 * @param address         to listen on; port 0 lets the system choose.
 * @param certificateFile PEM chain of the server, null: no TLS.
 * @param keyFile         PEM PKCS#8 key of the certificate, null: no TLS.
 * @param threads         event-loop threads.
 * @param limits          bounds.
 * @param configuration   what is shown of the manager's.
 */
public record HttpContext(
    InetSocketAddress address,
    Path certificateFile,
    Path keyFile,
    int threads,
    HttpLimits limits,
    ConfigurationView configuration)
{
    /** One that shows no configuration. */
    public HttpContext(
        final InetSocketAddress address,
        final Path certificateFile,
        final Path keyFile,
        final int threads,
        final HttpLimits limits)
    {
        this(address, certificateFile, keyFile, threads, limits, ConfigurationView.NONE);
    }

    /** Without TLS, with the default bounds; handlers are short, so one thread carries a small machine. */
    public static HttpContext plain(final InetSocketAddress address)
    {
        final int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
        return new HttpContext(address, null, null, threads, HttpLimits.DEFAULTS);
    }

    boolean tls()
    {
        return null != certificateFile;
    }
}
