package io.plimsoll.manager.http;

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
 */
public record HttpContext(
    InetSocketAddress address,
    Path certificateFile,
    Path keyFile,
    int threads,
    HttpLimits limits)
{
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
