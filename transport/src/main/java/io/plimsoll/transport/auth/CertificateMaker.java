package io.plimsoll.transport.auth;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates: EC keys on P-256, signed with SHA-256. The only class that needs BouncyCastle. */
final class CertificateMaker
{
    /** Certificates begin this long ago, for agents whose clocks are behind. */
    private static final Duration BACKDATING = Duration.ofDays(2);
    private static final int SERIAL_BITS = 127;

    private CertificateMaker()
    {
    }

    static PemIdentity newAuthority(final SecureRandom random, final long nowMs, final Duration validity)
        throws IOException
    {
        final BigInteger serial = new BigInteger(SERIAL_BITS, random);
        final X500Name name = new X500Name("CN=Plimsoll cluster authority " + serial.toString(Character.MAX_RADIX));
        try
        {
            final KeyPair pair = newKeyPair(random);
            final JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name, serial, begin(nowMs), end(nowMs, validity), name, pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new PemIdentity(sign(builder, pair), pair.getPrivate());
        }
        catch (final GeneralSecurityException | OperatorCreationException ex)
        {
            throw new IOException("cannot make a certificate authority: " + ex.getMessage(), ex);
        }
    }

    static PemIdentity newServer(
        final PemIdentity authority, final SecureRandom random, final long nowMs, final Duration validity)
        throws IOException
    {
        try
        {
            final KeyPair pair = newKeyPair(random);
            final JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                authority.certificate(), new BigInteger(SERIAL_BITS, random), begin(nowMs), end(nowMs, validity),
                new X500Principal("CN=plimsoll-manager"), pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(
                Extension.subjectAlternativeName, false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, "plimsoll-manager")));
            final KeyPair authorityPair = new KeyPair(authority.certificate().getPublicKey(), authority.key());
            return new PemIdentity(sign(builder, authorityPair), pair.getPrivate());
        }
        catch (final GeneralSecurityException | OperatorCreationException ex)
        {
            throw new IOException("cannot make a server certificate: " + ex.getMessage(), ex);
        }
    }

    private static KeyPair newKeyPair(final SecureRandom random) throws GeneralSecurityException
    {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(final JcaX509v3CertificateBuilder builder, final KeyPair signer)
        throws OperatorCreationException, GeneralSecurityException
    {
        return new JcaX509CertificateConverter().getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    }

    private static Date begin(final long nowMs)
    {
        return new Date(nowMs - BACKDATING.toMillis());
    }

    private static Date end(final long nowMs, final Duration validity)
    {
        return new Date(nowMs + validity.toMillis());
    }
}
