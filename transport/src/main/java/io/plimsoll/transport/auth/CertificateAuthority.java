package io.plimsoll.transport.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * The cluster's own certificate authority and the certificate that the manager shows to agents. Agents trust exactly
 * this authority, by the SHA-256 of its certificate that came with the join token; no name and no public authority
 * has a say, so a manager may change its address.
 * <p>
 * Key and certificate share a file each, so that a crash while one is made leaves nothing half done:
 * <pre>
 *   ca.pem       certificate and private key of the authority, mode 600, made once
 *   server.pem   certificate and private key of the manager, mode 600, made anew when two thirds of its time are over
 *   ca.crt       certificate of the authority alone, for people
 * </pre>
 */
public final class CertificateAuthority
{
    /** How long a server certificate is valid. */
    static final Duration SERVER_VALIDITY = Duration.ofDays(365);
    /** A server certificate is replaced when less than this is left. */
    static final Duration SERVER_RENEWAL = Duration.ofDays(120);
    private static final Duration CA_VALIDITY = Duration.ofDays(50 * 365);

    private final Path directory;
    private final SecureRandom random;
    private final PemIdentity authority;
    private volatile PemIdentity server;

    private CertificateAuthority(
        final Path directory, final SecureRandom random, final PemIdentity authority, final PemIdentity server)
    {
        this.directory = directory;
        this.random = random;
        this.authority = authority;
        this.server = server;
    }

    /**
     * Loads the authority of a directory, or makes one.
     *
     * @param directory for its files; made if it is not there.
     * @param random    to draw keys from.
     * @param nowMs     epoch milliseconds.
     * @return the authority, with a server certificate that is good for a while.
     * @throws IOException that names the file that cannot be read, is damaged, or cannot be written.
     */
    public static CertificateAuthority openOrCreate(final Path directory, final SecureRandom random, final long nowMs)
        throws IOException
    {
        SecretFiles.createDirectory(directory);
        final Path file = directory.resolve("ca.pem");
        final PemIdentity authority;
        if (Files.exists(file))
        {
            authority = PemIdentity.read(file);
            checkIsAuthority(file, authority.certificate());
        }
        else
        {
            authority = CertificateMaker.newAuthority(random, nowMs, CA_VALIDITY);
            authority.write(file);
            Files.writeString(directory.resolve("ca.crt"), authority.certificatePem());
        }
        final CertificateAuthority ca = new CertificateAuthority(
            directory, random, authority, openServer(directory, authority));
        ca.renewIfDue(nowMs);
        return ca;
    }

    /** SHA-256 of the certificate of the authority, 64 lower-case hex digits. */
    public String sha256()
    {
        return sha256(authority.certificate());
    }

    /** Certificate of the authority. */
    public X509Certificate certificate()
    {
        return authority.certificate();
    }

    /** What the manager shows to agents. Any thread. */
    public ServerIdentity server()
    {
        final PemIdentity current = server;
        return new ServerIdentity(current.key(), List.of(current.certificate(), authority.certificate()));
    }

    /**
     * Makes a new server certificate if the present one is near its end. To be called at start and about once a day.
     *
     * @param nowMs epoch milliseconds.
     * @return whether there is a new one, to be handed to the server.
     * @throws IOException if it cannot be written; the old one stays in use.
     */
    public boolean renewIfDue(final long nowMs) throws IOException
    {
        if (null != server && server.certificate().getNotAfter().getTime() - nowMs > SERVER_RENEWAL.toMillis())
        {
            return false;
        }
        final PemIdentity renewed = CertificateMaker.newServer(authority, random, nowMs, SERVER_VALIDITY);
        renewed.write(directory.resolve("server.pem"));
        server = renewed;
        return true;
    }

    /**
     * Fingerprint of a certificate.
     *
     * @param certificate to hash.
     * @return SHA-256 of its DER form, 64 lower-case hex digits.
     */
    public static String sha256(final X509Certificate certificate)
    {
        try
        {
            return HexFormat.of().formatHex(Credentials.sha256(certificate.getEncoded()));
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("a parsed certificate has an encoding", ex);
        }
    }

    private static PemIdentity openServer(final Path directory, final PemIdentity authority) throws IOException
    {
        final Path file = directory.resolve("server.pem");
        if (!Files.exists(file))
        {
            return null;
        }
        final PemIdentity server = PemIdentity.read(file);
        try
        {
            server.certificate().verify(authority.certificate().getPublicKey());
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IOException(
                file + " is not signed by the authority in ca.pem; remove it to have a new one made", ex);
        }
        return server;
    }

    private static void checkIsAuthority(final Path file, final X509Certificate certificate) throws IOException
    {
        if (certificate.getBasicConstraints() < 0)
        {
            throw new IOException(file + " holds a certificate that is not of an authority");
        }
    }
}
