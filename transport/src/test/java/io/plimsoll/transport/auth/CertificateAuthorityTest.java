package io.plimsoll.transport.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest
{
    private static final SecureRandom RANDOM = new SecureRandom();
    private final long nowMs = System.currentTimeMillis();

    @TempDir
    private Path directory;

    @Test
    void shouldFindTheSameAuthorityAgain() throws Exception
    {
        final CertificateAuthority made = open("ca");
        final CertificateAuthority found = open("ca");
        assertEquals(made.sha256(), found.sha256());
        assertEquals(made.server().chain(), found.server().chain());
        assertEquals(made.server().key(), found.server().key());
        assertTrue(SecretFiles.isPrivate(directory.resolve("ca/ca.pem")));
        assertTrue(SecretFiles.isPrivate(directory.resolve("ca/server.pem")));
        assertTrue(Files.exists(directory.resolve("ca/ca.crt")));
        check(made.sha256(), made.server().chain());
    }

    @Test
    void shouldRenewTheServerCertificateNearItsEndAndKeepTheAuthority() throws Exception
    {
        final CertificateAuthority ca = open("ca");
        final List<X509Certificate> first = ca.server().chain();
        final long endMs = nowMs + CertificateAuthority.SERVER_VALIDITY.toMillis();
        final long renewalMs = endMs - CertificateAuthority.SERVER_RENEWAL.toMillis();
        assertFalse(ca.renewIfDue(renewalMs - 10_000));
        assertTrue(ca.renewIfDue(renewalMs + 10_000));
        assertNotEquals(first.get(0), ca.server().chain().get(0));
        assertEquals(first.get(1), ca.server().chain().get(1));
        assertEquals(ca.server().chain(), open("ca").server().chain());
    }

    @Test
    void shouldNameTheFileThatIsDamaged() throws Exception
    {
        open("ca");
        final Path file = directory.resolve("ca/ca.pem");
        final String pem = Files.readString(file);
        Files.writeString(file, pem.substring(0, 100));
        assertTrue(message(() -> open("ca")).startsWith(file + " is damaged: "));
        Files.writeString(file, Files.readString(directory.resolve("ca/ca.crt")));
        assertEquals(file + " is damaged: it has no section PRIVATE KEY", message(() -> open("ca")));
        Files.writeString(file, pem);
        open("other");
        Files.copy(directory.resolve("other/server.pem"), file, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(file + " holds a certificate that is not of an authority", message(() -> open("ca")));
        Files.writeString(file, pem);
        Files.copy(
            directory.resolve("other/server.pem"), directory.resolve("ca/server.pem"),
            StandardCopyOption.REPLACE_EXISTING);
        assertEquals(
            directory.resolve("ca/server.pem") +
            " is not signed by the authority in ca.pem; remove it to have a new one made",
            message(() -> open("ca")));
    }

    @Test
    void shouldTrustOnlyServersOfTheAuthority() throws Exception
    {
        final CertificateAuthority ca = open("ca");
        final CertificateAuthority other = open("other");
        final X509Certificate server = ca.server().chain().get(0);
        final X509Certificate authority = ca.certificate();
        assertRefused(ca.sha256(), other.server().chain());
        assertRefused(ca.sha256(), List.of(other.server().chain().get(0), authority));
        assertRefused(ca.sha256(), List.of(authority, authority));
        assertRefused(ca.sha256(), List.of(server));
        assertRefused(ca.sha256(), List.of(server, authority, authority));
        check(ca.sha256(), List.of(server, authority));
    }

    @Test
    void shouldReplaceSecretFilesWhole() throws Exception
    {
        final Path file = directory.resolve("token");
        SecretFiles.writeLine(file, "one");
        SecretFiles.writeLine(file, "two");
        assertEquals("two", SecretFiles.readLine(file));
        assertArrayEquals("two\n".getBytes(StandardCharsets.UTF_8), SecretFiles.read(file));
        assertTrue(SecretFiles.isPrivate(file));
        try (var files = Files.list(directory))
        {
            assertEquals(List.of(file), files.toList());
        }
        assertEquals(
            "cannot read " + directory.resolve("none") + ": it does not exist",
            message(() -> SecretFiles.readLine(directory.resolve("none"))));
        assertTrue(message(() -> SecretFiles.writeLine(directory.resolve("no/such"), "x"))
            .startsWith("cannot write " + directory.resolve("no/such") + ": "));
    }

    private CertificateAuthority open(final String name) throws IOException
    {
        return CertificateAuthority.openOrCreate(directory.resolve(name), RANDOM, nowMs);
    }

    private static void assertRefused(final String sha256, final List<X509Certificate> chain)
    {
        assertThrows(PinnedAuthority.UntrustedAuthorityException.class, () -> check(sha256, chain));
    }

    private static void check(final String sha256, final List<X509Certificate> chain) throws CertificateException
    {
        new PinnedAuthority(sha256).checkServerTrusted(
            chain.toArray(new X509Certificate[0]), "UNKNOWN", (SSLEngine)null);
    }

    private static String message(final Executable action)
    {
        return assertThrows(IOException.class, action).getMessage();
    }
}
