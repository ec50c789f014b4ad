package io.plimsoll.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.transport.Await;
import io.plimsoll.transport.ClosedPort;
import io.plimsoll.transport.auth.CertificateAuthority;
import io.plimsoll.transport.link.AgentPortLookup;
import io.plimsoll.transport.link.ManagerDiscovery;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiClientTest
{
    @Test
    void shouldSendTokenAndJsonAndReadTheAnswer() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.ok("{\"id\":\"ü\"}"));
            ApiClient client = client(server))
        {
            final ApiResponse response = client.post("/v1/sessions?x=1", "{}");
            assertEquals(200, response.status());
            assertEquals("{\"id\":\"ü\"}", response.text());
            final String request = server.requests().get(0);
            assertTrue(request.startsWith("POST /v1/sessions?x=1 HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()));
            assertTrue(request.contains("Authorization: Bearer secret\r\n"));
            assertTrue(request.contains("Content-Type: application/json\r\n"));
            assertTrue(request.endsWith("\r\n\r\n{}"));
        }
    }

    @Test
    void shouldReadChunksAndSkipInterimAnswers() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
            "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
            ApiClient client = client(server))
        {
            assertEquals("abc0123456789", client.get("/").text());
        }
    }

    @Test
    void shouldUseItsConnectionAgainAndOpenAnotherWhenItWasClosedMeanwhile() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(
            ScriptedServer.ok("1"), ScriptedServer.ok("2"), "", ScriptedServer.ok("3"));
            ApiClient client = client(server))
        {
            assertEquals("1", client.get("/").text());
            assertEquals("2", client.get("/").text());
            assertEquals("3", client.get("/").text());
            assertEquals(4, server.requests().size());
        }
    }

    @Test
    void shouldNotRepeatAPostWhoseFateIsNotKnown() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer("", ScriptedServer.ok("never"));
            ApiClient client = client(server))
        {
            assertThrows(ApiProtocolException.class, () -> client.post("/", "{}"));
            assertEquals(1, server.requests().size());
        }
    }

    @Test
    void shouldReadProblems() throws Exception
    {
        final String body = "{\"type\":\"x\",\"title\":\"Unsatisfiable\",\"status\":422,\"code\":\"unsatisfiable\"," +
            "\"detail\":\"no agent has 64 cores\",\"field\":\"cpu\",\"limit\":8,\"more\":{\"a\":[1]}}";
        try (ScriptedServer server = new ScriptedServer(
            "HTTP/1.1 422 Unprocessable\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            ApiClient client = client(server))
        {
            final ApiProblemException problem = assertThrows(ApiProblemException.class, () -> client.post("/", "{}"));
            assertEquals(422, problem.status());
            assertEquals("unsatisfiable", problem.code());
            assertEquals("Unsatisfiable", problem.title());
            assertEquals("no agent has 64 cores", problem.detail());
            assertEquals("no agent has 64 cores", problem.getMessage());
            assertEquals("cpu", problem.member("field"));
            assertEquals("8", problem.member("limit"));
            assertEquals("", problem.member("more"));
        }
    }

    @Test
    void shouldMakeDoWithAnswersThatAreNoProblemDocuments() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(
            "HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n<html>some proxy</html>");
            ApiClient client = client(server))
        {
            final ApiProblemException problem = assertThrows(ApiProblemException.class, () -> client.get("/"));
            assertEquals(502, problem.status());
            assertEquals("", problem.code());
            assertEquals("the manager answered 502 Bad Gateway", problem.getMessage());
            assertEquals("<html>some proxy</html>", problem.excerpt());
        }
    }

    @Test
    void shouldReadServerSentEvents() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n: hello\n\nid: 7\nevent: session\ndata: {\"a\":1}\n\n" +
            ":ping\r\n\r\nevent: none\r\n\r\nid:8\r\ndata: one\r\ndata:two\r\n\r\n: still here\nid: 9\n\n" +
            "id: 10\ndata: broke off");
            ApiClient client = client(server);
            ApiStream stream = client.open("GET", "/v1/events", null, Map.of("Last-Event-ID", "6"), 0))
        {
            assertTrue(server.requests().get(0).contains("Last-Event-ID: 6\r\n"));
            final ServerSentEvents events = stream.events();
            assertTrue(events.next());
            assertEquals("7", events.id());
            assertEquals("session", events.event());
            assertEquals("{\"a\":1}", events.data());
            assertTrue(events.next());
            assertEquals("8", events.id());
            assertEquals("", events.event());
            assertEquals("one\ntwo", events.data());
            assertFalse(events.next());
            assertEquals("9", events.id(), "what came whole counts, and what broke off does not");
        }
    }

    @Test
    void shouldReadLinesAndBytesAsTheyCome() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n5\r\ntwo\nx\r\n0\r\n\r\n");
            ApiClient client = client(server);
            ApiStream stream = client.open("GET", "/", null, Map.of(), 1000))
        {
            assertEquals("one", stream.readLine());
            assertEquals("two", stream.readLine());
            assertEquals(1, stream.read(new byte[10]));
            assertNull(stream.readLine());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nabcdefgh\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n-5\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nfffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"})
    void shouldSayThatAnAnswerIsBroken(final String answer) throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(answer); ApiClient client = client(server))
        {
            final ApiException ex = assertThrows(ApiProtocolException.class, () -> client.get("/"));
            assertTrue(ex.getMessage().startsWith(
                "the answer of http://127.0.0.1:" + server.port() + " is broken: "), ex.getMessage());
        }
    }

    @Test
    void shouldSayThatNobodyListens() throws Exception
    {
        try (ClosedPort port = new ClosedPort();
            ApiClient client = new ApiClient(ApiTarget.parse("127.0.0.1:" + port.number(), null)))
        {
            assertEquals(
                "cannot reach a manager at http://127.0.0.1:" + port.number() + ": connection refused",
                assertThrows(CannotConnectException.class, () -> client.get("/")).getMessage());
        }
        try (ApiClient client = new ApiClient(ApiTarget.parse("http://no-such-host.invalid:1", null)))
        {
            assertEquals(
                "cannot reach a manager at http://no-such-host.invalid:1: the host no-such-host.invalid is not known",
                assertThrows(CannotConnectException.class, () -> client.get("/")).getMessage());
        }
    }

    @Test
    void shouldNotWaitForEver() throws Exception
    {
        try (ServerSocket silent = new ServerSocket(0);
            ApiClient client = new ApiClient(
                ApiTarget.parse("127.0.0.1:" + silent.getLocalPort(), null).withTimeouts(1000, 50)))
        {
            assertThrows(ApiTimeoutException.class, () -> client.get("/"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\r\n|X-More: 1\r\n",
        "HTTP/1.1 200 OK\r\nX-Long: |x",
        "HTTP/1.1 |x",
        "|HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n|X-Trailer: 1\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n|1000000\r\n"})
    void shouldNotReadForEverWhatNeverEnds(final String answer) throws Exception
    {
        final String[] parts = answer.split("\\|");
        try (EndlessServer server = new EndlessServer(parts[0], parts[1], 0);
            ApiClient client = new ApiClient(ApiTarget.parse("127.0.0.1:" + server.port(), null)))
        {
            final ApiException broken = assertThrows(ApiProtocolException.class, () -> client.get("/"));
            assertTrue(broken.getMessage().contains(" is broken: "), broken.getMessage());
        }
    }

    /** No silence is as long as the client waits for, and yet there would be no end. */
    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\r\nX-Long: |x",
        "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n|x",
        "HTTP/1.1 500 No\r\nContent-Length: 100000000\r\n\r\n|x"})
    void shouldNotWaitForDrops(final String answer) throws Exception
    {
        final String[] parts = answer.split("\\|");
        try (EndlessServer server = new EndlessServer(parts[0], parts[1], 20);
            ApiClient client = new ApiClient(
                ApiTarget.parse("127.0.0.1:" + server.port(), null).withTimeouts(10_000, 400)))
        {
            assertThrows(ApiTimeoutException.class, () -> client.get("/"));
        }
    }

    @Test
    void shouldTalkTlsToTheRightAuthorityOnly(@TempDir final Path directory) throws Exception
    {
        final CertificateAuthority ca = CertificateAuthority.openOrCreate(
            directory, new SecureRandom(), System.currentTimeMillis());
        try (ScriptedServer server = new ScriptedServer(tlsListener(ca), ScriptedServer.ok("1"), "unused");
            ApiClient client = new ApiClient(ApiTarget.parse("https://127.0.0.1:" + server.port(), "secret")
                .withAuthority(ca.sha256())))
        {
            assertEquals("1", client.get("/").text());
        }
        try (ScriptedServer server = new ScriptedServer(tlsListener(ca), "unused");
            ApiClient pinned = new ApiClient(ApiTarget.parse("https://127.0.0.1:" + server.port(), "secret")
                .withAuthority("0".repeat(64)));
            ApiClient publicOnly = new ApiClient(ApiTarget.parse("https://127.0.0.1:" + server.port(), "secret")))
        {
            final String message = assertThrows(CannotConnectException.class, () -> pinned.get("/")).getMessage();
            assertTrue(message.contains(": expected authority 000"), message);
            assertThrows(CannotConnectException.class, () -> publicOnly.get("/"));
            assertTrue(server.requests().isEmpty());
        }
    }

    @Test
    void shouldReadAddresses()
    {
        assertEquals("http://127.0.0.1:7077", ApiTarget.parse("127.0.0.1", null).url());
        assertEquals("https://a.b:1", ApiTarget.parse("https://a.b:1/", null).url());
        assertEquals("http://[::1]:7077", ApiTarget.parse("http://[::1]", null).url());
        for (final String wrong : new String[]{"ftp://x", "http://", "http://a b", "http://a/v1", ""})
        {
            assertEquals(
                wrong + " is not the address of a manager: use one such as http://127.0.0.1:7077",
                assertThrows(IllegalArgumentException.class, () -> ApiTarget.parse(wrong, null)).getMessage());
        }
    }

    @Test
    void shouldFindTheAgentPortThroughTheApi() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(
            ScriptedServer.ok("{\"clusterId\":\"x\",\"nested\":{\"agentPort\":1},\"agentPort\":7078}"),
            ScriptedServer.ok("{\"agentPort\":70780}"), ScriptedServer.ok("{}"), ScriptedServer.ok("no json"));
            ClosedPort closed = new ClosedPort())
        {
            final ManagerDiscovery discovery = new ManagerDiscovery(120_000);
            assertEquals(AgentPortLookup.PENDING, discovery.poll());
            assertEquals(7078, lookUp(discovery, server.port()));
            assertEquals(AgentPortLookup.FAILED, lookUp(discovery, server.port()));
            assertTrue(discovery.failure().endsWith("names the impossible agentPort 70780"));
            assertEquals(AgentPortLookup.FAILED, lookUp(discovery, server.port()));
            assertTrue(discovery.failure().endsWith("names no agentPort"));
            assertEquals(AgentPortLookup.FAILED, lookUp(discovery, server.port()));
            assertTrue(discovery.failure().endsWith("is not JSON"), discovery.failure());
            assertEquals(AgentPortLookup.FAILED, lookUp(discovery, closed.number()));
            assertTrue(discovery.failure().startsWith("cannot reach a manager at"));
            discovery.close();
        }
    }

    private static ServerSocket tlsListener(final CertificateAuthority ca) throws Exception
    {
        final char[] password = {};
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, password);
        store.setKeyEntry("server", ca.server().key(), password, ca.server().chain().toArray(new Certificate[0]));
        final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        final SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        return tls.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    private static int lookUp(final ManagerDiscovery discovery, final int port)
    {
        Await.until("started", () -> discovery.tryStart("127.0.0.1", port));
        Await.until("answered", () -> AgentPortLookup.PENDING != discovery.poll());
        return discovery.poll();
    }

    private static ApiClient client(final ScriptedServer server)
    {
        return new ApiClient(ApiTarget.parse("http://127.0.0.1:" + server.port(), "secret"));
    }
}
