package io.plimsoll.manager.http;

import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses what would be unsafe or could not work, before anything is opened. */
final class HttpContextValidator
{
    private HttpContextValidator()
    {
    }

    static void validate(final HttpContext context)
    {
        if (context.address().isUnresolved())
        {
            throw new IllegalArgumentException(
                "cannot listen on " + context.address().getHostString() + ": no address of that name is known");
        }
        final TlsOptions tls = context.tls();
        if (null != tls && (null == tls.certificateFile() || null == tls.keyFile()))
        {
            throw new IllegalArgumentException("TLS needs both a certificate file and a key file, or neither");
        }
        if (null == tls && !context.address().getAddress().isLoopbackAddress())
        {
            throw new IllegalArgumentException(
                "will not listen on " + context.address().getAddress().getHostAddress() +
                    " without TLS, because the API token would cross the network in the clear:" +
                    " configure a certificate and a key file, or listen on 127.0.0.1");
        }
        if (null != tls)
        {
            readable("certificate", tls.certificateFile());
            readable("key", tls.keyFile());
            if (null != tls.clientCaFile())
            {
                readable("client-ca", tls.clientCaFile());
            }
        }
        if (context.threads() < 1)
        {
            throw new IllegalArgumentException("threads=" + context.threads() + " must be at least 1");
        }
    }

    private static void readable(final String what, final Path file)
    {
        if (!Files.isReadable(file))
        {
            throw new IllegalArgumentException("the TLS " + what + " file " + file + " cannot be read");
        }
    }
}
