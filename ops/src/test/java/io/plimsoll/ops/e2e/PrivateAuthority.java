package io.plimsoll.ops.e2e;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
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
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that gives out certificates for 127.0.0.1, as PEM files in a directory. */
final class PrivateAuthority
{
    private final Path directory;
    private final KeyPair keys;
    private final X500Name name;
    private long serial = 1;

    PrivateAuthority(final Path directory, final String name) throws Exception
    {
        this.directory = directory;
        this.name = new X500Name("CN=" + name);
        keys = newKeys();
        write(name + ".pem", "CERTIFICATE", sign(this.name, keys, true));
    }

    /** Makes NAME.pem and NAME.key. */
    void issue(final String subject) throws Exception
    {
        final KeyPair own = newKeys();
        write(subject + ".pem", "CERTIFICATE", sign(new X500Name("CN=" + subject), own, false));
        write(subject + ".key", "PRIVATE KEY", own.getPrivate().getEncoded());
    }

    Path file(final String file)
    {
        return directory.resolve(file);
    }

    private byte[] sign(final X500Name subject, final KeyPair own, final boolean isAuthority) throws Exception
    {
        final Instant now = Instant.now();
        final X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(serial++),
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(Duration.ofDays(10))),
            subject,
            own.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(
            new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())).getEncoded();
    }

    private static KeyPair newKeys() throws Exception
    {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private void write(final String file, final String type, final byte[] der) throws IOException
    {
        final String body = Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der);
        Files.writeString(
            directory.resolve(file),
            "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n",
            StandardCharsets.US_ASCII);
    }
}
