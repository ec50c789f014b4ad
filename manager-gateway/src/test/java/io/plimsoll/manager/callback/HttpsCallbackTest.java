package io.plimsoll.manager.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.plimsoll.manager.http.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receivers with certificates, good ones and others. */
class HttpsCallbackTest
{
    private static final char[] PASSWORD = "test".toCharArray();
    private static final byte[] BODY = "{\"state\":\"RUNNING\"}".getBytes(StandardCharsets.UTF_8);
    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1");

    @TempDir
    Path directory;

    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    private final Set<InetSocketAddress> clients = Collections.synchronizedSet(new HashSet<>());
    private TestCertificates authority;
    private HttpsServer server;

    @BeforeEach
    void makeAuthority() throws Exception
    {
        authority = new TestCertificates("hooks authority");
    }

    @AfterEach
    void stop()
    {
        if (null != server)
        {
            server.stop(0);
        }
    }

    private void serve(final String address, final Duration lifetime) throws Exception
    {
        final KeyPair keys = TestCertificates.newKeys();
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("hooks", keys.getPrivate(), PASSWORD, new X509Certificate[]{
            authority.issue("hooks", keys, lifetime), authority.certificate()});
        final KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName(address), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/hook", exchange ->
        {
            clients.add(exchange.getRemoteAddress());
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8) +
                exchange.getRequestHeaders().getFirst("Plimsoll-Event-Id"));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    private Path file(final TestCertificates of) throws Exception
    {
        final Path file = Files.createTempFile(directory, "ca", ".pem");
        TestCertificates.write(file, of.certificate());
        return file;
    }

    private static HttpCallbackSender sender(final Path caFile)
    {
        return new HttpCallbackSender(
            new CallbackOptions(LOOPBACK, List.of(), 1, TimeUnit.SECONDS.toNanos(60), caFile));
    }

    private int post(final HttpCallbackSender sender, final String host, final int number) throws Exception
    {
        final CallbackUrl url = CallbackUrl.parse("https://" + host + ":" + server.getAddress().getPort() + "/hook");
        return sender.send(url, Map.of("Plimsoll-Event-Id", Integer.toString(number)), BODY)
            .get(120, TimeUnit.SECONDS);
    }

    private void refuse(final Path caFile, final String host)
    {
        try (HttpCallbackSender sender = sender(caFile))
        {
            final Throwable cause =
                assertThrows(ExecutionException.class, () -> post(sender, host, 1)).getCause();
            assertTrue(cause instanceof SSLException, cause.toString());
        }
        assertTrue(bodies.isEmpty());
    }

    /** What is verified for one name is never used for another that has the same address. */
    @Test
    void shouldPostToWhomTheAuthorityOfTheFileVouchesForOnAConnectionEach() throws Exception
    {
        serve("127.0.0.1", Duration.ofDays(1));
        try (HttpCallbackSender sender = sender(file(authority)))
        {
            assertEquals(204, post(sender, "localhost", 1));
            assertEquals(204, post(sender, "127.0.0.1", 2));
            assertEquals(204, post(sender, "localhost", 3));
        }
        final String body = new String(BODY, StandardCharsets.UTF_8);
        assertEquals(List.of(body + 1, body + 2, body + 3), bodies);
        assertEquals(3, clients.size());
    }

    @Test
    void shouldRefuseAuthoritiesThatAreNotInTheFile() throws Exception
    {
        serve("127.0.0.1", Duration.ofDays(1));
        refuse(null, "localhost");
        refuse(file(new TestCertificates("hooks authority")), "localhost");
    }

    @Test
    void shouldRefuseOtherNamesAndWhatHasExpired() throws Exception
    {
        serve("127.0.0.2", Duration.ofDays(1));
        refuse(file(authority), "127.0.0.2");
        server.stop(0);
        serve("127.0.0.1", Duration.ofDays(-1));
        refuse(file(authority), "localhost");
    }

    @Test
    void shouldNotBeginWithAFileWithoutCertificates() throws IOException
    {
        final Path file = Files.writeString(directory.resolve("empty.pem"), "nothing\n");
        assertThrows(IllegalArgumentException.class, () -> sender(file).close());
        assertThrows(IllegalArgumentException.class, () -> sender(directory.resolve("none.pem")).close());
    }
}
