package io.plimsoll.manager.http;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.plimsoll.transport.auth.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;

/**
 * What was read from the files of one moment, after it was seen to fit together: a certificate without its key would
 * fail at the first client only.
 *
 * @param context     for connections from now on.
 * @param certificate of the server.
 * @param clients     certificates that those of clients are checked with; empty: none.
 */
record TlsMaterial(SslContext context, X509Certificate certificate, List<X509Certificate> clients)
{
    /** Content of the files as one short text, to see whether they have changed. */
    static String fingerprint(final TlsOptions options) throws IOException
    {
        try
        {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (final Path file : files(options))
            {
                digest.update(digest.digest(PemFiles.bytes(file)));
            }
            return HexFormat.of().formatHex(digest.digest());
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("every JDK has SHA-256", ex);
        }
    }

    private static List<Path> files(final TlsOptions options)
    {
        return null == options.clientCaFile() ?
            List.of(options.certificateFile(), options.keyFile()) :
            List.of(options.certificateFile(), options.keyFile(), options.clientCaFile());
    }

    /**
     * Reads the files.
     *
     * @throws IOException that says which file is wrong, and how.
     */
    static TlsMaterial read(final TlsOptions options) throws IOException
    {
        final List<X509Certificate> chain = PemFiles.certificates(options.certificateFile());
        final PrivateKey key = PemFiles.privateKey(options.keyFile());
        try
        {
            PemFiles.checkPair(chain.get(0), key);
        }
        catch (final IOException ex)
        {
            throw new IOException(
                options.keyFile() + " is not the key of the certificate in " + options.certificateFile(), ex);
        }
        final List<X509Certificate> clients = null == options.clientCaFile() ?
            List.of() : PemFiles.certificates(options.clientCaFile());
        final SslContextBuilder builder = SslContextBuilder
            .forServer(key, chain.toArray(new X509Certificate[0]))
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2");
        if (!clients.isEmpty())
        {
            builder.trustManager(clients.toArray(new X509Certificate[0]))
                .clientAuth(options.clientsMayBeBare() ? ClientAuth.OPTIONAL : ClientAuth.REQUIRE);
        }
        return new TlsMaterial(builder.build(), chain.get(0), clients);
    }
}
