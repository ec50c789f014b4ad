package io.plimsoll.manager.http;

import io.plimsoll.manager.ConfigurationView;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * How the HTTP API is to be served.
 *
 * @param address         to listen on; port 0 lets the system choose.
 * @param tls             null: no TLS.
 * @param threads         event-loop threads.
 * @param limits          bounds.
 * @param configuration   what is shown of the manager's.
 */
public record HttpContext(
    InetSocketAddress address,
    TlsOptions tls,
    int threads,
    HttpLimits limits,
    ConfigurationView configuration)
{
    /** One that shows no configuration; either file may be null, which is a mistake, or both. */
    public HttpContext(
        final InetSocketAddress address,
        final Path certificateFile,
        final Path keyFile,
        final int threads,
        final HttpLimits limits)
    {
        this(
            address,
            null == certificateFile && null == keyFile ?
                null : new TlsOptions(certificateFile, keyFile, null, false),
            threads,
            limits,
            ConfigurationView.NONE);
    }

    /** Without TLS, with the default bounds; handlers are short, so one thread carries a small machine. */
    public static HttpContext plain(final InetSocketAddress address)
    {
        final int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
        return new HttpContext(address, null, threads, HttpLimits.DEFAULTS, ConfigurationView.NONE);
    }
}
