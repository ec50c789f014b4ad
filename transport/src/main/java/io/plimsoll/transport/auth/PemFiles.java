package io.plimsoll.transport.auth;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads what others have written as PEM. Nothing of a key is in any message. */
public final class PemFiles
{
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final int FILE_LENGTH_MAX = 1 << 20;
    private static final byte[] PROBE = {1, 2, 3, 4, 5, 6, 7, 8};
    private static final String[] ALGORITHMS = {"RSA", "EC", "Ed25519"};

    private PemFiles()
    {
    }

    /**
     * Reads certificates, one at least.
     *
     * @throws IOException that names the file.
     */
    public static List<X509Certificate> certificates(final Path file) throws IOException
    {
        try
        {
            final List<X509Certificate> certificates = new ArrayList<>();
            for (final Certificate certificate :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes(file))))
            {
                certificates.add((X509Certificate)certificate);
            }
            if (certificates.isEmpty())
            {
                throw new IOException(file + " has no certificate");
            }
            return certificates;
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IOException(file + " has no certificates in PEM: " + ex.getMessage(), ex);
        }
    }

    /**
     * Reads an unencrypted PKCS#8 key.
     *
     * @throws IOException that names the file.
     */
    public static PrivateKey privateKey(final Path file) throws IOException
    {
        try
        {
            return privateKey(bytes(file));
        }
        catch (final GeneralSecurityException | IllegalArgumentException ex)
        {
            throw new IOException(file + " has no unencrypted PKCS#8 key in PEM (BEGIN PRIVATE KEY)");
        }
    }

    /**
     * Reads a file that is not longer than such files are.
     *
     * @throws IOException that names the file.
     */
    public static byte[] bytes(final Path file) throws IOException
    {
        try
        {
            if (Files.size(file) > FILE_LENGTH_MAX)
            {
                throw new IOException(file + " is longer than " + FILE_LENGTH_MAX + " bytes");
            }
            return Files.readAllBytes(file);
        }
        catch (final FileSystemException ex)
        {
            throw new IOException(file + " cannot be read", ex);
        }
    }

    /**
     * Whether a key is that of a certificate.
     *
     * @throws IOException if it is not.
     */
    public static void checkPair(final X509Certificate certificate, final PrivateKey key) throws IOException
    {
        try
        {
            final String algorithm = switch (key.getAlgorithm())
            {
                case "RSA" -> "SHA256withRSA";
                case "EC" -> "SHA256withECDSA";
                default -> key.getAlgorithm();
            };
            final Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            final byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROBE);
            if (signature.verify(signed))
            {
                return;
            }
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IOException("key and certificate do not belong together", ex);
        }
        throw new IOException("key and certificate do not belong together");
    }

    private static PrivateKey privateKey(final byte[] pem) throws GeneralSecurityException
    {
        final String text = new String(pem, StandardCharsets.ISO_8859_1);
        final int start = text.indexOf(BEGIN);
        final int end = text.indexOf(END);
        if (start < 0 || end < start)
        {
            throw new InvalidKeySpecException("no private key");
        }
        final byte[] der = Base64.getMimeDecoder().decode(text.substring(start + BEGIN.length(), end));
        for (final String algorithm : ALGORITHMS)
        {
            try
            {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            }
            catch (final InvalidKeySpecException ex)
            {
                // One of the others, then.
                continue;
            }
        }
        throw new InvalidKeySpecException("neither RSA nor EC nor Ed25519");
    }
}
