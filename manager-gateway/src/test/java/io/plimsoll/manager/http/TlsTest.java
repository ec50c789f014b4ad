package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.ConfigurationView;
import io.plimsoll.transport.http.ApiClient;
import io.plimsoll.transport.http.ApiException;
import io.plimsoll.transport.http.ApiTarget;
import io.plimsoll.transport.http.ClientTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that expire, are wrong, and are replaced, on real sockets with the client of the command line. */
class TlsTest
{
    private static final Duration GOOD = Duration.ofDays(5);
    private static final Duration EXPIRED = Duration.ofDays(-1);

    @TempDir
    private Path directory;

    private TestCertificates authority;
    private Path certificateFile;
    private Path keyFile;
    private Path caFile;
    private ServedApi api;
    private HttpGateway gateway;

    @BeforeEach
    void setUp() throws Exception
    {
        authority = new TestCertificates("ca");
        certificateFile = directory.resolve("server.pem");
        keyFile = directory.resolve("server.key");
        caFile = directory.resolve("ca.pem");
        TestCertificates.write(caFile, authority.certificate());
        api = new ServedApi();
    }

    @AfterEach
    void tearDown() throws IOException
    {
        if (null != gateway)
        {
            gateway.close();
        }
        api.close();
    }

    @Test
    void shouldTakeOverReplacedFilesAndKeepConnections() throws Exception
    {
        replace("one", GOOD);
        launch(null, false);
        try (ApiClient first = client(null))
        {
            assertAnswers(first);
            // Another authority: whoever shook hands before still talks, and nobody does so anew.
            authority = new TestCertificates("other");
            replace("two", GOOD);
            gateway.lookAtCertificates();
            assertAnswers(first);
            assertEquals(1, metric("tls_reloads_total"));
            assertRefused(client(null), "not of an authority that is trusted here");
        }
        TestCertificates.write(caFile, authority.certificate());
        try (ApiClient second = client(null))
        {
            assertAnswers(second);
        }
    }

    @Test
    void shouldKeepTheOldOneWhileTheNewOneIsBroken() throws Exception
    {
        final KeyPair keys = replace("one", GOOD);
        launch(null, false);
        final long expiry = metric("tls_certificate_expiry_seconds");
        Files.writeString(certificateFile, "half a certif");
        assertStays(expiry);
        TestCertificates.write(
            certificateFile, authority.issue("other key", TestCertificates.newKeys(), Duration.ofDays(9)));
        assertStays(expiry);
        Files.delete(certificateFile);
        assertStays(expiry);
        TestCertificates.write(certificateFile, authority.issue("old", keys, EXPIRED));
        assertStays(expiry);
        TestCertificates.write(certificateFile, authority.issue("good", keys, Duration.ofDays(7)));
        gateway.lookAtCertificates();
        assertEquals(0, metric("tls_files_refused"));
        assertTrue(metric("tls_certificate_expiry_seconds") > expiry);
    }

    @Test
    void shouldRefuseFilesThatCannotServeAtTheStart() throws Exception
    {
        final KeyPair keys = replace("one", GOOD);
        TestCertificates.write(keyFile, TestCertificates.newKeys());
        assertTrue(launchFails().contains("server.key is not the key of the certificate in"), launchFails());
        Files.writeString(keyFile, "secret-that-is-no-key");
        assertTrue(launchFails().endsWith("no unencrypted PKCS#8 key in PEM (BEGIN PRIVATE KEY)"), launchFails());
        TestCertificates.write(keyFile, keys);
        Files.writeString(certificateFile, "");
        assertTrue(launchFails().contains("server.pem has no certificate"), launchFails());
    }

    @Test
    void shouldTellClientsWhatIsWrongWithTheServer() throws Exception
    {
        replace("old", EXPIRED);
        launch(null, false);
        assertRefused(client(null), "its certificate has expired");
        final ApiTarget plain = ApiTarget.parse("https://127.0.0.1:" + api.gateway.port(), null);
        assertRefused(
            new ApiClient(plain.withTls(new ClientTls(caFile, null, null)).withTimeouts(5_000, 5_000)),
            "it does not speak TLS");
        assertRefused(
            new ApiClient(ApiTarget.parse("https://localhost:" + gateway.port(), null)),
            "not of an authority that is trusted here");
    }

    @Test
    void shouldAskClientsForCertificates() throws Exception
    {
        replace("one", GOOD);
        launch(caFile, false);
        assertRefused(client(null), "it asks clients for a certificate");
        assertRefused(client(new TestCertificates("ca").issue("stranger", own(), GOOD)), "does not accept");
        assertRefused(client(authority.issue("late", own(), EXPIRED)), "does not accept");
        try (ApiClient known = client(authority.issue("known", own(), GOOD)))
        {
            assertAnswers(known);
        }
    }

    @Test
    void shouldLetBareClientsInWhereItMay() throws Exception
    {
        replace("one", GOOD);
        launch(caFile, true);
        try (ApiClient bare = client(null))
        {
            assertAnswers(bare);
        }
        assertRefused(client(new TestCertificates("ca").issue("stranger", own(), GOOD)), "does not accept");
    }

    private KeyPair own() throws Exception
    {
        final KeyPair keys = TestCertificates.newKeys();
        TestCertificates.write(directory.resolve("client.key"), keys);
        return keys;
    }

    private KeyPair replace(final String name, final Duration lifetime) throws Exception
    {
        final KeyPair keys = TestCertificates.newKeys();
        TestCertificates.write(certificateFile, authority.issue(name, keys, lifetime));
        TestCertificates.write(keyFile, keys);
        return keys;
    }

    private void launch(final Path clientCa, final boolean clientsMayBeBare)
    {
        gateway = HttpGateway.launch(context(clientCa, clientsMayBeBare), api.manager.services());
    }

    private String launchFails()
    {
        return assertThrows(IllegalArgumentException.class, () -> launch(null, false)).getMessage();
    }

    private HttpContext context(final Path clientCa, final boolean clientsMayBeBare)
    {
        return new HttpContext(
            new InetSocketAddress("127.0.0.1", 0),
            new TlsOptions(certificateFile, keyFile, clientCa, clientsMayBeBare),
            1,
            HttpLimits.DEFAULTS,
            ConfigurationView.NONE);
    }

    private ApiClient client(final X509Certificate certificate) throws Exception
    {
        final Path own = directory.resolve("client.pem");
        if (null != certificate)
        {
            TestCertificates.write(own, certificate);
        }
        return new ApiClient(ApiTarget.parse("https://127.0.0.1:" + gateway.port(), null).withTls(new ClientTls(
            caFile, null == certificate ? null : own, null == certificate ? null : directory.resolve("client.key"))));
    }

    private static void assertAnswers(final ApiClient client)
    {
        assertEquals(200, client.get("/health/live").status());
    }

    private static void assertRefused(final ApiClient client, final String expected)
    {
        try (client)
        {
            final ApiException refused = assertThrows(ApiException.class, () -> client.get("/health/live"));
            assertTrue(refused.getMessage().contains(expected), refused.getMessage());
        }
    }

    /** One that is seen twice is no longer one that is just being replaced. */
    private void assertStays(final long expiry) throws IOException
    {
        gateway.lookAtCertificates();
        gateway.lookAtCertificates();
        assertEquals(1, metric("tls_files_refused"));
        assertEquals(expiry, metric("tls_certificate_expiry_seconds"));
        try (ApiClient client = new ApiClient(ApiTarget.parse("https://127.0.0.1:" + gateway.port(), null)
            .withTls(new ClientTls(caFile, null, null))))
        {
            assertAnswers(client);
        }
    }

    private long metric(final String name)
    {
        return api.manager.services().counters().snapshot().stream()
            .filter(sample -> name.equals(sample.name())).findFirst().orElseThrow().value();
    }
}
