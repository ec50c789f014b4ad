package io.plimsoll.manager.http;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that gives out certificates, good ones and others. */
public final class TestCertificates
{
    private final KeyPair keys;
    private final X509Certificate certificate;
    private long serial = 1;

    /** One of this name. */
    public TestCertificates(final String name) throws Exception
    {
        keys = newKeys();
        certificate = sign("CN=" + name, keys, Duration.ofDays(10), true);
    }

    /** For one certificate. */
    public static KeyPair newKeys() throws Exception
    {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    /** Its own. */
    public X509Certificate certificate()
    {
        return certificate;
    }

    /** For 127.0.0.1; negative: expired so long ago. */
    public X509Certificate issue(final String name, final KeyPair subject, final Duration lifetime) throws Exception
    {
        return sign("CN=" + name, subject, lifetime, false);
    }

    private X509Certificate sign(
        final String subject, final KeyPair own, final Duration lifetime, final boolean isAuthority) throws Exception
    {
        final Instant now = Instant.now();
        final X500Name issuer = new X500Name(
            isAuthority ? subject : certificate.getSubjectX500Principal().getName());
        final X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
            issuer,
            BigInteger.valueOf(serial++),
            Date.from(now.minus(Duration.ofDays(20))),
            Date.from(now.plus(lifetime)),
            new X500Name(subject),
            own.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[]{
            new GeneralName(GeneralName.iPAddress, "127.0.0.1"), new GeneralName(GeneralName.dNSName, "localhost")}));
        return new JcaX509CertificateConverter().getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    /** As PEM. */
    public static void write(final Path file, final X509Certificate certificate) throws Exception
    {
        pem(file, "CERTIFICATE", certificate.getEncoded());
    }

    /** The private one, as PEM. */
    public static void write(final Path file, final KeyPair keys) throws IOException
    {
        pem(file, "PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    private static void pem(final Path file, final String type, final byte[] der) throws IOException
    {
        final String body = Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der);
        Files.writeString(
            file,
            "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n",
            StandardCharsets.US_ASCII);
    }
}
