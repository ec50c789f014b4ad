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
 */
public record SubmitClientOptions(
    String host, int port, String token, Path trustFile, long callTimeoutNs, int callsMax)
{
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
