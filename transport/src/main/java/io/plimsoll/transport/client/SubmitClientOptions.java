package io.plimsoll.transport.client;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Where a client submits to, and its bounds.
 *
 * @param host          of the manager.
 * @param port          of its binary ingress.
 * @param token         as of the HTTP API.
 * @param trustFile     PEM certificates that its certificate must lead to; null: no TLS.
 * @param callTimeoutNs of each submission, from the call to its answer.
 * @param callsMax      submissions that may be unanswered, sent or not; beyond it they fail at once.
 * @param certificateFile PEM chain to show where the manager asks for one; null: none.
 * @param keyFile       of it, PEM, PKCS#8, not encrypted; null: none.
 */
public record SubmitClientOptions(
    String host,
    int port,
    String token,
    Path trustFile,
    long callTimeoutNs,
    int callsMax,
    Path certificateFile,
    Path keyFile)
{
    /** Without a certificate to show. */
    public SubmitClientOptions(
        final String host,
        final int port,
        final String token,
        final Path trustFile,
        final long callTimeoutNs,
        final int callsMax)
    {
        this(host, port, token, trustFile, callTimeoutNs, callsMax, null, null);
    }

    /** The same with a certificate to show. */
    public SubmitClientOptions showing(final Path certificate, final Path key)
    {
        return new SubmitClientOptions(host, port, token, trustFile, callTimeoutNs, callsMax, certificate, key);
    }

    /** Without TLS, with 30 s for each of 65,536 calls at a time. */
    public static SubmitClientOptions plain(final String host, final int port, final String token)
    {
        return new SubmitClientOptions(host, port, token, null, TimeUnit.SECONDS.toNanos(30), 65_536);
    }

    /** The token is nobody's business. */
    @Override
    public String toString()
    {
        return "SubmitClientOptions[" + host + ":" + port + ", tls=" + (null != trustFile) + "]";
    }
}
