package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.transport.auth.CertificateAuthority;
import io.plimsoll.transport.auth.ServerIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProtocolTest
{
    private static final String GET_LIVE = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

    /** Longer than any machine takes, so that only what tests wait for runs out of time. */
    private static final long LONG_MS = 600_000;
    private static final int BODY_MAX = 4096;

    private ServedApi api;

    @BeforeEach
    void serve() throws IOException
    {
        api = new ServedApi(ServedApi.limits(LONG_MS, LONG_MS, LONG_MS, BODY_MAX));
    }

    private static ServedApi impatient(final long headerMs, final long bodyMs, final long idleMs) throws IOException
    {
        return new ServedApi(ServedApi.limits(headerMs, bodyMs, idleMs, BODY_MAX));
    }

    @AfterEach
    void close() throws IOException
    {
        api.close();
    }

    @Test
    void shouldAskForTheToken() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send("GET /v1/sessions HTTP/1.1\r\nHost: x\r\n\r\n");
            final RawClient.Response missing = client.read();
            assertEquals(401, missing.status());
            assertEquals("Bearer, PLIMSOLL-HMAC-SHA256", missing.header("www-authenticate"));
            assertEquals("application/problem+json", missing.header("content-type"));
            assertTrue(missing.text().contains("\"code\":\"token-missing\""), missing.text());
            client.send("GET /v1/sessions HTTP/1.1\r\nHost: x\r\nAuthorization: Basic abc\r\n\r\n");
            assertTrue(client.read().text().contains("token-wrong"));
            client.send("POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
            assertEquals(401, client.read().status());
            client.send(
                "GET /v1/agents HTTP/1.1\r\nHost: x\r\nAuthorization: bearer " + FakeManager.TOKEN + "\r\n\r\n");
            assertEquals(200, client.read().status());
        }
    }

    @Test
    void shouldAnswerSomeWithoutToken() throws IOException
    {
        try (RawClient client = api.connect())
        {
            for (final String path : new String[]{"/health/live", "/health/ready", "/metrics", "/openapi.json"})
            {
                client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertEquals(200, client.read().status(), path);
            }
        }
    }

    @Test
    void shouldNameWhatThereIs() throws IOException
    {
        api.problem(404, "unknown-route", "GET", "/", null);
        api.problem(404, "unknown-route", "GET", "/v2/sessions", null);
        api.problem(404, "unknown-route", "GET", "/v1/sessions/5/wait/more", null);
        api.problem(404, "unknown-route", "GET", "/v1/sessions/", null);
        api.problem(405, "method-not-allowed", "PUT", "/v1/sessions", "{}");
        try (RawClient client = api.connect())
        {
            assertEquals("POST, GET", client.call("PATCH", "/v1/sessions", null).header("allow"));
            assertEquals("GET, DELETE, PATCH", client.call("POST", "/v1/sessions/5", "{}").header("allow"));
            assertEquals(405, client.call("OPTIONS", "/v1/sessions", null).status());
            assertEquals("POST", client.call("GET", "/v1/sessions/cancel", null).header("allow"));
        }
    }

    @Test
    void shouldNegotiateMediaTypes() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/agents", null, "Accept: text/html, application/*;q=0.5\r\n"));
            assertEquals(200, client.read().status());
            client.send(RawClient.request("GET", "/v1/agents", null, "Accept: text/html, application/json;q=0\r\n"));
            assertEquals(406, client.read().status());
            client.send("POST /v1/sessions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + FakeManager.TOKEN +
                "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n\r\n{}");
            final RawClient.Response form = client.read();
            assertEquals(415, form.status());
            assertTrue(form.text().contains("Content-Type: application/json"), form.text());
            client.send(RawClient.request("POST", "/v1/sessions", "{}", "Content-Encoding: gzip\r\n"));
            assertEquals(415, client.read().status());
        }
    }

    @Test
    void shouldRefuseLargeBodies() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("POST", "/v1/sessions", null, "Content-Length: 4097\r\n"));
            assertEquals(413, client.read().status());
            client.send(" ".repeat(4097));
            assertEquals(200, client.call("GET", "/health/live", null).status());
        }
        try (ServedApi impatient = impatient(LONG_MS, 300, LONG_MS); RawClient client = impatient.connect())
        {
            client.send(RawClient.request("POST", "/v1/sessions", null, "Content-Length: 4097\r\n"));
            assertEquals(413, client.read().status());
            assertNull(client.readHead(), "one answer to one request, also when its body does not come");
        }
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("POST", "/v1/sessions", null, "Transfer-Encoding: chunked\r\n"));
            client.send("1000\r\n" + " ".repeat(4096) + "\r\n1\r\n ");
            assertEquals(413, client.read().status());
        }
        Await.until("given back", () -> 0 == api.gateway.meters().bodyBytes().get());
    }

    @Test
    void shouldTakeAChunkedBody() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("POST", "/v1/sessions", null, "Transfer-Encoding: chunked\r\n"));
            client.send("d\r\n{\"command\": [\r\n7\r\n\"true\"]\r\n1\r\n}\r\n0\r\n\r\n");
            assertEquals(201, client.read().status());
            assertEquals(200, client.call("GET", "/health/live", null).status());
        }
    }

    @Test
    void shouldContinueWhenAsked() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request(
                "POST", "/v1/sessions", null, "Expect: 100-continue\r\nContent-Length: 20\r\n"));
            assertEquals(100, client.readHead().status());
            client.send("{\"command\":[\"true\"]}");
            assertEquals(201, client.read().status());
        }
    }

    @Test
    void shouldRefuseLongLinesAndHeaders() throws IOException
    {
        assertRefused(414, "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\n\r\n");
        assertRefused(431, "GET / HTTP/1.1\r\nHost: x\r\nX-Bomb: " + "x".repeat(20_000) + "\r\n\r\n");
        assertRefused(431, "GET / HTTP/1.1\r\nHost: x\r\n" + "X-Bomb: x\r\n".repeat(5_000) + "\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        GET / HTTP/1.1\\r\\n\\r\\n
        GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n
        GET / HTTP/1.1\\r\\nHost: local:host\\r\\n\\r\\n
        GET / HTTP/1.1\\r\\nHost: a:99999\\r\\n\\r\\n
        GET / HTTP/1.1\\r\\nHost: a/b\\r\\n\\r\\n
        GET * HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
        CONNECT a:443 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
        GET / HTTP/2.0\\r\\nHost: a\\r\\n\\r\\n
        GET  HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
        hello\\r\\n\\r\\n
        GET / HTTP/1.1\\r\\nHost: a\\r\\nno colon\\r\\n\\r\\n
        GET / HTTP/1.1\\r\\nHost: a\\r\\nBad Name: x\\r\\n\\r\\n
        POST /v1/sessions HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\nContent-Length: 6\\r\\n\\r\\n
        GET / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding\\r\\n : chunked\\r\\n\\r\\n
        GET / HTTP/1.1\\r\\nHost : a\\r\\n\\r\\n
        GET / HTTP/1.1\\nHost: a\\n\\n
        GET / HTTP/1.1\\r\\nHost: a\\nX-Bare: b\\r\\n\\r\\n
        POST /v1/sessions HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\nContent-Length: 5\\r\\n\\r\\n12345
        POST /v1/sessions HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5, 5\\r\\n\\r\\n12345
        POST /v1/sessions HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: +5\\r\\n\\r\\n12345
        POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nTransfer-Encoding: identity\\r\\n\\r\\n
        POST /v1/sessions HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: xchunked\\r\\n\\r\\n
        POST /v1/sessions HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: -5\\r\\n\\r\\n
        POST /v1/sessions HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: five\\r\\n\\r\\n
        POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n
        POST /v1/sessions HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked, identity\\r\\n\\r\\n
        POST /v1/sessions HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\n
        POST /v1/sessions HTTP/1.0\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n
        """)
    void shouldRefuseWhatIsNotOneRequest(final String request) throws IOException
    {
        assertRefused(400, request.replace("\\r", "\r").replace("\\n", "\n"));
    }

    @Test
    void shouldRefuseAMalformedChunkWithoutReadingASecondRequestFromIt() throws IOException
    {
        assertRefused(400, RawClient.request("POST", "/v1/sessions", null, "Transfer-Encoding: chunked\r\n") +
            "zz\r\n" + RawClient.request("DELETE", "/v1/sessions/1", null, ""));
    }

    @Test
    void shouldNotWaitForSlowSenders() throws IOException
    {
        try (ServedApi impatient = impatient(300, LONG_MS, LONG_MS); RawClient client = impatient.connect())
        {
            client.send("GET / HTT");
            assertEquals(408, client.read().status());
            assertNull(client.readHead());
        }
        try (ServedApi impatient = impatient(LONG_MS, 300, LONG_MS); RawClient client = impatient.connect())
        {
            client.send(RawClient.request("POST", "/v1/sessions", null, "Content-Length: 20\r\n") + "{");
            final RawClient.Response response = client.read();
            assertEquals(408, response.status());
            assertTrue(response.text().contains("too-slow"), response.text());
            assertNull(client.readHead());
            Await.until("given back", () -> 0 == impatient.gateway.meters().bodyBytes().get());
        }
    }

    @Test
    void shouldCloseIdleConnections() throws IOException
    {
        try (ServedApi impatient = impatient(300, LONG_MS, 400))
        {
            // Where the time is over before the request is sent, the end is all that comes: then once more.
            Await.until("an answer and then the end", () -> isAnsweredAndThenClosed(impatient));
        }
    }

    private static boolean isAnsweredAndThenClosed(final ServedApi impatient)
    {
        try (RawClient client = impatient.connect())
        {
            return !isClosed(client) && null == client.read();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @Test
    void shouldNotTakeAnUnansweredRequestForASlowOne() throws IOException
    {
        try (ServedApi impatient = impatient(300, 300, LONG_MS); RawClient client = impatient.connect())
        {
            impatient.manager.put(5, LifeState.RUNNING);
            client.send(RawClient.request("GET", "/v1/sessions/5/wait?timeout=2s", null, "") + "GET /hea");
            assertEquals(202, client.read().status());
        }
    }

    @Test
    void shouldAnswerPipelinedRequestsInOrder() throws IOException
    {
        try (RawClient client = api.connect())
        {
            final StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 500; i++)
            {
                requests.append(RawClient.request("GET", "/v1/agents", null, "X-Request-Id: n" + i + "\r\n"));
            }
            client.send(requests.toString());
            for (int i = 0; i < 500; i++)
            {
                final RawClient.Response response = client.read();
                assertEquals(200, response.status());
                assertEquals("n" + i, response.header("x-request-id"));
            }
        }
    }

    @Test
    void shouldMakeARequestIdWhenTheGivenOneIsNotPlain() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/nothing", null, "X-Request-Id: a b\r\n"));
            final RawClient.Response response = client.read();
            final JsonNode problem = ServedApi.MAPPER.readTree(response.body());
            assertNotEquals("a b", response.header("x-request-id"));
            assertEquals(response.header("x-request-id"), problem.get("requestId").asText());
            assertEquals("/nothing", problem.get("instance").asText());
        }
    }

    @Test
    void shouldAnswerHead() throws IOException
    {
        try (RawClient client = api.connect())
        {
            final RawClient.Response head = client.call("HEAD", "/health/live", null);
            assertEquals(200, head.status());
            assertEquals("13", head.header("content-length"));
            assertEquals(200, client.call("GET", "/health/live", null).status());
            assertEquals(405, client.call("HEAD", "/v1/events", null).status());
        }
    }

    @Test
    void shouldSpeakHttp10ExceptForStreams() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send("GET /health/live HTTP/1.0\r\n\r\n");
            assertEquals(200, client.read().status());
            assertNull(client.read());
        }
        try (RawClient client = api.connect())
        {
            client.send("GET /v1/events HTTP/1.0\r\nAuthorization: Bearer " + FakeManager.TOKEN + "\r\n\r\n");
            assertEquals(400, client.read().status());
        }
    }

    @Test
    void shouldTakeAnAbsoluteTarget() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send("GET http://x/health/live HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals(200, client.read().status());
        }
    }

    @Test
    void shouldCloseConnectionsBeyondTheMaximum() throws IOException
    {
        final RawClient[] clients = new RawClient[70];
        int closed = 0;
        for (int i = 0; i < clients.length; i++)
        {
            clients[i] = api.connect();
        }
        for (final RawClient client : clients)
        {
            closed += isClosed(client) ? 1 : 0;
        }
        for (final RawClient client : clients)
        {
            client.close();
        }
        // The first to go was the one that the others share, which has said nothing either.
        assertEquals(clients.length - 64, closed);
        Await.until("room", () -> api.gateway.meters().connections().get() <= 1);
        try (RawClient client = api.connect())
        {
            client.send(GET_LIVE);
            assertEquals(200, client.read().status());
        }
    }

    @Test
    void shouldListenOnlyWhereItIsSafe()
    {
        final HttpContext open = HttpContext.plain(new InetSocketAddress("0.0.0.0", 0));
        final IllegalArgumentException refused = assertThrows(
            IllegalArgumentException.class, () -> HttpGateway.launch(open, api.manager.services()));
        assertTrue(refused.getMessage().contains("without TLS"), refused.getMessage());
        final HttpContext half = new HttpContext(
            open.address(), Path.of("cert.pem"), null, 1, HttpLimits.DEFAULTS);
        assertThrows(IllegalArgumentException.class, () -> HttpGateway.launch(half, api.manager.services()));
        final HttpContext unreadable = new HttpContext(
            open.address(), Path.of("/none/cert.pem"), Path.of("/none/key.pem"), 1, HttpLimits.DEFAULTS);
        assertThrows(IllegalArgumentException.class, () -> HttpGateway.launch(unreadable, api.manager.services()));
    }

    @Test
    void shouldServeWithTls(@TempDir final Path directory) throws Exception
    {
        final ServerIdentity identity = CertificateAuthority.openOrCreate(
            directory.resolve("ca"), new SecureRandom(), System.currentTimeMillis()).server();
        final Path certificate = directory.resolve("cert.pem");
        final Path key = directory.resolve("key.pem");
        writePem(certificate, "CERTIFICATE", identity.chain().get(0).getEncoded());
        writePem(key, "PRIVATE KEY", identity.key().getEncoded());
        final HttpContext context = new HttpContext(
            new InetSocketAddress("0.0.0.0", 0), certificate, key, 1, HttpLimits.DEFAULTS);
        final KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", identity.chain().get(0));
        final TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        final SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        try (HttpGateway gateway = HttpGateway.launch(context, api.manager.services());
            Socket socket = tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), gateway.port()))
        {
            socket.getOutputStream().write(GET_LIVE.getBytes(StandardCharsets.US_ASCII));
            final byte[] start = socket.getInputStream().readNBytes(15);
            assertEquals("HTTP/1.1 200 OK", new String(start, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void shouldCloseWithOpenStreams() throws IOException
    {
        try (RawClient events = api.connect(); RawClient waiting = api.connect())
        {
            api.manager.put(5, LifeState.RUNNING);
            events.send(RawClient.request("GET", "/v1/events", null, ""));
            waiting.send(RawClient.request("GET", "/v1/sessions/5/wait?timeout=60s", null, ""));
            Await.until("open", () -> 3 <= api.gateway.meters().connections().get() &&
                2 == api.gateway.meters().exchanges().get());
            api.gateway.close();
            api.gateway.close();
            assertEquals(0, api.gateway.meters().exchanges().get());
            assertEquals(0, api.manager.feed.openReaders());
            assertTrue(api.manager.view.waiters.isEmpty());
        }
    }

    private static void writePem(final Path file, final String type, final byte[] der) throws IOException
    {
        final String body = Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }

    @Test
    void shouldSayThatThePortIsTaken()
    {
        final HttpContext taken = HttpContext.plain(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), api.gateway.port()));
        final IllegalStateException refused = assertThrows(
            IllegalStateException.class, () -> HttpGateway.launch(taken, api.manager.services()));
        assertTrue(refused.getMessage().contains("the port is taken"), refused.getMessage());
    }

    private static boolean isClosed(final RawClient client) throws IOException
    {
        try
        {
            client.send(GET_LIVE);
            return null == client.read();
        }
        catch (final SocketException ex)
        {
            return true;
        }
    }

    private void assertRefused(final int status, final String request) throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(request.getBytes(StandardCharsets.UTF_8));
            final RawClient.Response response = client.read();
            assertEquals(status, response.status(), request);
            assertEquals("close", response.header("connection"));
            final JsonNode problem = ServedApi.MAPPER.readTree(response.body());
            assertEquals(status, problem.get("status").asInt());
            assertEquals(problem.get("requestId").asText(), response.header("x-request-id"));
            assertNull(client.readHead());
        }
    }
}
