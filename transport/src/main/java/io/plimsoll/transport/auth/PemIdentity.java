package io.plimsoll.transport.auth;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * A certificate with its private key, as one PEM file. Reading needs nothing but the JDK, so that starts after the
 * first do not load BouncyCastle.
 */
record PemIdentity(X509Certificate certificate, PrivateKey key)
{
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final int PEM_LINE_LENGTH = 64;

    static PemIdentity read(final Path file) throws IOException
    {
        final String pem = new String(SecretFiles.read(file), StandardCharsets.US_ASCII);
        try
        {
            final X509Certificate certificate = (X509Certificate)CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(section(pem, CERTIFICATE)));
            final PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(section(pem, PRIVATE_KEY)));
            checkPair(certificate, key);
            return new PemIdentity(certificate, key);
        }
        catch (final GeneralSecurityException | IllegalArgumentException ex)
        {
            throw new IOException(file + " is damaged: " + ex.getMessage(), ex);
        }
    }

    void write(final Path file) throws IOException
    {
        SecretFiles.write(
            file, (certificatePem() + pem(PRIVATE_KEY, key.getEncoded())).getBytes(StandardCharsets.US_ASCII));
    }

    String certificatePem()
    {
        try
        {
            return pem(CERTIFICATE, certificate.getEncoded());
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("a parsed certificate has an encoding", ex);
        }
    }

    private static String pem(final String type, final byte[] der)
    {
        final byte[] lineEnd = {'\n'};
        return "-----BEGIN " + type + "-----\n" +
            Base64.getMimeEncoder(PEM_LINE_LENGTH, lineEnd).encodeToString(der) +
            "\n-----END " + type + "-----\n";
    }

    private static byte[] section(final String pem, final String type)
    {
        final String begin = "-----BEGIN " + type + "-----";
        final int start = pem.indexOf(begin);
        final int end = pem.indexOf("-----END " + type + "-----");
        if (start < 0 || end < start)
        {
            throw new IllegalArgumentException("it has no section " + type);
        }
        return Base64.getMimeDecoder().decode(pem.substring(start + begin.length(), end));
    }

    private static void checkPair(final X509Certificate certificate, final PrivateKey key)
        throws GeneralSecurityException
    {
        final byte[] probe = "key and certificate belong together".getBytes(StandardCharsets.US_ASCII);
        final Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(probe);
        final byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(probe);
        if (!signature.verify(signed))
        {
            throw new GeneralSecurityException("key and certificate do not belong together");
        }
    }
}
