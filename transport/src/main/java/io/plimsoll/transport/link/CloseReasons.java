package io.plimsoll.transport.link;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.plimsoll.transport.auth.PinnedAuthority.UntrustedAuthorityException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** Says in words what an exception on a connection means. */
final class CloseReasons
{
    private static final int DEPTH_MAX = 10;

    private CloseReasons()
    {
    }

    static String ofConnect(final Throwable cause)
    {
        if (cause instanceof UnknownHostException)
        {
            return CloseReason.CANNOT_CONNECT + ": unknown host " + cause.getMessage();
        }
        if (cause instanceof ConnectTimeoutException)
        {
            return CloseReason.CANNOT_CONNECT + ": no answer";
        }
        return CloseReason.CANNOT_CONNECT + ": " + message(cause);
    }

    static String ofFailure(final Throwable failure)
    {
        Throwable cause = failure;
        for (int depth = 0; null != cause && depth < DEPTH_MAX; depth++)
        {
            if (cause instanceof NotSslRecordException)
            {
                return CloseReason.NOT_TLS;
            }
            if (cause instanceof UntrustedAuthorityException)
            {
                return CloseReason.WRONG_CA + ": " + cause.getMessage();
            }
            if (cause instanceof CertificateException)
            {
                return "the peer's certificate is not valid: " + cause.getMessage();
            }
            if (cause instanceof SslHandshakeTimeoutException)
            {
                return CloseReason.TIMED_OUT + ": TLS handshake";
            }
            if (cause instanceof ClosedChannelException)
            {
                return CloseReason.BY_PEER + " during the TLS handshake";
            }
            cause = cause.getCause();
        }
        return ofOther(failure);
    }

    private static String ofOther(final Throwable failure)
    {
        final Throwable inner = null == failure.getCause() ? failure : failure.getCause();
        if (inner instanceof SSLException)
        {
            return "no_application_protocol".equals(alert(inner)) ?
                CloseReason.NOT_AGENT_PORT : "TLS failed: " + message(inner);
        }
        if (inner instanceof IOException)
        {
            return CloseReason.BY_PEER + ": " + message(inner);
        }
        return "failed: " + inner;
    }

    private static String alert(final Throwable cause)
    {
        final String text = message(cause);
        return text.substring(text.lastIndexOf(' ') + 1);
    }

    private static String message(final Throwable cause)
    {
        return null == cause.getMessage() ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
