package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.plimsoll.journal.CommitMode;
import io.plimsoll.manager.ConfigurationView;
import io.plimsoll.manager.Manager;
import io.plimsoll.manager.ManagerContext;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.client.ClientSession;
import io.plimsoll.transport.client.SubmitClient;
import io.plimsoll.transport.client.SubmitClientOptions;
import io.plimsoll.transport.client.Submitted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The binary ingress with the certificates of the HTTP API, on a real manager. */
class BinaryTlsTest
{
    private static final int DEADLINE_S = 120;
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final Duration GOOD = Duration.ofDays(9);

    @TempDir
    Path directory;

    private Manager manager;
    private String token;
    private Path trustFile;
    private Path strangersFile;
    private Path ownCertificate;
    private Path ownKey;

    @BeforeEach
    void launch() throws Exception
    {
        final TestCertificates authority = new TestCertificates("ca");
        trustFile = file("ca.pem", authority.certificate());
        strangersFile = file("other.pem", new TestCertificates("other").certificate());
        final KeyPair keys = TestCertificates.newKeys();
        final KeyPair own = TestCertificates.newKeys();
        ownCertificate = file("own.pem", authority.issue("submitter", own, GOOD));
        ownKey = file("own.key", own);
        final TlsOptions tls = new TlsOptions(
            file("server.pem", authority.issue("manager", keys, GOOD)), file("server.key", keys), trustFile, false);
        manager = Manager.launch(new ManagerContext()
            .dataDirectory(directory.resolve("data"))
            .apiAddress(new InetSocketAddress("127.0.0.1", 0))
            .commitMode(CommitMode.ASYNC)
            .gatewayLauncher(new HttpGatewayLauncher(
                tls, ConfigurationView.NONE, new InetSocketAddress("0.0.0.0", 0))));
        token = Files.readString(directory.resolve("data/token")).strip();
    }

    @AfterEach
    void close() throws Exception
    {
        manager.close();
    }

    private Path file(final String name, final X509Certificate certificate) throws Exception
    {
        TestCertificates.write(directory.resolve(name), certificate);
        return directory.resolve(name);
    }

    private Path file(final String name, final KeyPair keys) throws IOException
    {
        TestCertificates.write(directory.resolve(name), keys);
        return directory.resolve(name);
    }

    private SubmitClientOptions options(final String host, final Path trusted, final long timeoutNs)
    {
        return new SubmitClientOptions(host, manager.binaryPort(), token, trusted, timeoutNs, 100);
    }

    private static CompletableFuture<Submitted> submit(final SubmitClient client)
    {
        return client.submit(ClientSession.of(
            "x", 1_000, 1 << 20, new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0)));
    }

    /** What keeps a client from connecting stands in what its calls fail with. */
    private void assertKeptOut(final SubmitClientOptions options, final String why)
    {
        try (SubmitClient client = SubmitClient.launch(options))
        {
            Await.until(why, () ->
            {
                final Throwable thrown = assertThrows(
                    ExecutionException.class, () -> submit(client).get(DEADLINE_S, TimeUnit.SECONDS)).getCause();
                return assertInstanceOf(TimeoutException.class, thrown).getMessage().contains(why);
            });
        }
    }

    @Test
    void shouldTakeThoseWhoTrustItAndAreTrusted() throws Exception
    {
        final long timeoutNs = TimeUnit.SECONDS.toNanos(DEADLINE_S);
        try (SubmitClient client = SubmitClient.launch(
            options("127.0.0.1", trustFile, timeoutNs).showing(ownCertificate, ownKey)))
        {
            assertEquals(1, submit(client).get(DEADLINE_S, TimeUnit.SECONDS).firstId());
        }
        assertKeptOut(options("127.0.0.1", strangersFile, SHORT_NS).showing(ownCertificate, ownKey), "certification");
        assertKeptOut(options("127.0.0.2", trustFile, SHORT_NS).showing(ownCertificate, ownKey), "127.0.0.2");
        assertKeptOut(options("127.0.0.1", trustFile, SHORT_NS), "the connection: ");
        assertThrows(IllegalArgumentException.class, () -> SubmitClient.launch(
            options("127.0.0.1", trustFile, SHORT_NS).showing(ownCertificate, trustFile)));
    }

    /** What is no TLS is closed on, and learns nothing but that. */
    @Test
    void shouldNotTalkInTheClear() throws IOException
    {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), manager.binaryPort()))
        {
            socket.setSoTimeout(DEADLINE_S * 1_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            final byte[] answer = socket.getInputStream().readAllBytes();
            assertFalse(new String(answer, StandardCharsets.ISO_8859_1).contains("frame"));
        }
        catch (final SocketException ex)
        {
            // Reset, which is as good.
        }
    }
}
