package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.manager.database.TestPostgres;
import io.plimsoll.transport.auth.RequestSignature;
import io.plimsoll.transport.http.ApiClient;
import io.plimsoll.transport.http.ApiCredential;
import io.plimsoll.transport.http.ApiProblemException;
import io.plimsoll.transport.http.ApiTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are signed, from where they come and how often, over the real API, manager and database. */
class SignedApiTest
{
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    static Path directory;

    private static SharedManager api;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void launch() throws IOException
    {
        api = new SharedManager(directory, TestPostgres.emptyDatabase());
        api.make("domain", "{\"name\": \"research\"}");
    }

    @AfterAll
    static void close()
    {
        api.close();
    }

    private static JsonNode keypair(final String user, final String rest) throws IOException
    {
        api.make("user", "{\"name\": \"" + user + "\", \"domain\": \"research\"" + rest + "}");
        return api.make("keypair", "{\"user\": \"" + user + "\"}");
    }

    private static String host()
    {
        return "127.0.0.1:" + api.manager.apiPort();
    }

    private static ApiClient client(final String accessKey, final String secret)
    {
        return new ApiClient(
            ApiTarget.parse("http://" + host(), null).withCredential(ApiCredential.keypair(accessKey, secret)));
    }

    private static RequestSignature signature(
        final String method, final String target, final long dateMs, final String body)
    {
        return new RequestSignature(
            method, target, RequestSignature.date(dateMs), host(), RequestSignature.nonce(RANDOM),
            RequestSignature.hash(body.getBytes(StandardCharsets.UTF_8)));
    }

    private HttpResponse<String> send(
        final String method, final String target, final String body, final Map<String, String> headers)
        throws Exception
    {
        final HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + host() + target))
            .method(method, body.isEmpty() ?
                HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String code(
        final int status,
        final String method,
        final String target,
        final String body,
        final Map<String, String> headers) throws Exception
    {
        final HttpResponse<String> response = send(method, target, body, headers);
        assertEquals(status, response.statusCode(), response.body());
        return status < 400 ? "" : ServedApi.MAPPER.readTree(response.body()).get("code").asText();
    }

    private static Map<String, String> headers(final RequestSignature signature, final JsonNode keypair)
    {
        return Map.of(
            "Date", signature.date(),
            RequestSignature.CONTENT_SHA256, signature.contentSha256(),
            "Authorization", signature.authorization(
                keypair.get("accessKey").asText(), keypair.get("secretKey").asText()));
    }

    @Test
    void shouldLetInWhoSignsAndNobodyElse() throws IOException
    {
        final JsonNode keypair = keypair("sina", "");
        final String accessKey = keypair.get("accessKey").asText();
        final String secret = keypair.get("secretKey").asText();
        assertEquals("pk." + accessKey + "." + secret, keypair.get("token").asText());
        try (ApiClient signer = client(accessKey, secret))
        {
            for (int i = 0; i < 3; i++)
            {
                assertTrue(new String(signer.get("/v1/whoami").body(), StandardCharsets.UTF_8).contains("sina"));
            }
            assertEquals(201, signer.post("/v1/sessions", SharedManager.TRUE).status());
            assertEquals(200, signer.get("/v1/sessions?all=true&limit=10").status());
        }
        for (final String[] wrong : new String[][]{
            {accessKey, secret + "x"}, {"PKNOBODYATALL", secret}, {accessKey, "nobody"}})
        {
            try (ApiClient forger = client(wrong[0], wrong[1]))
            {
                final ApiProblemException refused =
                    assertThrows(ApiProblemException.class, () -> forger.get("/v1/whoami"));
                assertEquals(401, refused.status());
                assertEquals("signature-wrong", refused.code());
            }
        }
    }

    @Test
    void shouldRefuseWhatIsReplayedSkewedChangedOrIncomplete() throws Exception
    {
        final JsonNode keypair = keypair("rita", "");
        final long nowMs = System.currentTimeMillis();
        final String target = "/v1/sessions";
        final String body = SharedManager.TRUE;
        final RequestSignature once = signature("POST", target, nowMs, body);
        assertEquals("", code(201, "POST", target, body, headers(once, keypair)));
        assertEquals("replayed", code(401, "POST", target, body, headers(once, keypair)));
        final RequestSignature late = signature("POST", target, nowMs - 301_000, body);
        assertEquals("date-skewed", code(401, "POST", target, body, headers(late, keypair)));
        final RequestSignature early = signature("POST", target, nowMs + 330_000, body);
        assertEquals("date-skewed", code(401, "POST", target, body, headers(early, keypair)));
        final RequestSignature other = signature("POST", target, nowMs, body);
        assertEquals("content-wrong", code(401, "POST", target, body + " ", headers(other, keypair)));
        final RequestSignature bare = signature("GET", "/v1/whoami", nowMs, "x");
        assertEquals("content-wrong", code(401, "GET", "/v1/whoami", "", headers(bare, keypair)));
        final RequestSignature elsewhere = signature("GET", "/v1/whoami", nowMs, "");
        assertEquals("signature-wrong", code(401, "GET", "/v1/sessions", "", headers(elsewhere, keypair)));
        assertEquals("signature-wrong", code(401, "GET", "/v1/cluster", "", headers(elsewhere, keypair)));
        for (final String missing : new String[]{"Date", RequestSignature.CONTENT_SHA256})
        {
            final Map<String, String> some = new HashMap<>(headers(elsewhere, keypair));
            some.remove(missing);
            assertEquals("signature-malformed", code(401, "GET", "/v1/whoami", "", some));
        }
        assertEquals("signature-malformed", code(401, "GET", "/v1/whoami", "", Map.of(
            "Authorization", RequestSignature.SCHEME + " key=x")));
        assertEquals("", code(200, "GET", "/v1/whoami", "", headers(elsewhere, keypair)));
    }

    /** What is signed is what was sent, letter for letter: nothing is decoded, sorted or left out before. */
    @Test
    void shouldTakeSignaturesOfWhatWasSentOnly() throws Exception
    {
        final JsonNode keypair = keypair("odette", "");
        final String host = "localhost:" + api.manager.apiPort();
        for (final String[] sent : new String[][]{
            // target, Host, signed target, signed host, answer
            {"/v1/whoami", host, "/v1/whoami", host, "200"},
            {"/v1/whoami", host.toUpperCase(Locale.ROOT), "/v1/whoami", host, "200"},
            {"/v1/whoami", "localhost", "/v1/whoami", "localhost", "200"},
            {"/v1/whoami", "localhost", "/v1/whoami", "localhost:80", "401 signature-wrong"},
            {"/v1/whoami", "localhost:80", "/v1/whoami", "localhost", "401 signature-wrong"},
            {"/v1/whoami", "other", "/v1/whoami", host, "401 signature-wrong"},
            {"/v1/sessions/%39", host, "/v1/sessions/%39", host, "404 unknown-session"},
            {"/v1/sessions/%39", host, "/v1/sessions/9", host, "401 signature-wrong"},
            {"/v1/sessions/9", host, "/v1/sessions/%39", host, "401 signature-wrong"},
            {"/v1/sessions?limit=1", host, "/v1/sessions", host, "401 signature-wrong"},
            {"/v1/sessions?limit=1", host, "/v1/sessions?limit=2", host, "401 signature-wrong"},
            {"/v1/sessions?limit=1&all=true", host, "/v1/sessions?all=true&limit=1", host, "401 signature-wrong"},
            {"/v1/sessions?limit=1&limit=2", host, "/v1/sessions?limit=1&limit=2", host, "400 bad-parameter"},
            {"/v1/sessions?", host, "/v1/sessions?", host, "200"},
            {"/v1/sessions?", host, "/v1/sessions", host, "401 signature-wrong"},
            {"/v1/whoami/", host, "/v1/whoami", host, "404 unknown-route"}})
        {
            assertEquals(sent[4], raw("GET", sent, "", "", keypair), String.join(" ", sent));
        }
        final String[] post = {"/v1/sessions", host, "/v1/sessions", host};
        assertEquals("400 bad-json", raw("POST", post, "Content-Length: 0\r\n", "", keypair));
        assertEquals("400 bad-json", raw("POST", post, "", "", keypair));
        assertEquals("400 bad-json", raw("POST", post, "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", keypair));
        assertEquals(
            "401 content-wrong", raw("POST", post, "Content-Length: 2\r\n", "{}", keypair), "signed without a body");
    }

    /** Status and code of the answer to a request that is signed as if it had no body. */
    private static String raw(
        final String method, final String[] sent, final String more, final String body, final JsonNode keypair)
        throws IOException
    {
        final RequestSignature signature = new RequestSignature(
            method, sent[2], RequestSignature.date(System.currentTimeMillis()), sent[3],
            RequestSignature.nonce(RANDOM), RequestSignature.NO_CONTENT);
        final StringBuilder request = new StringBuilder(method + " " + sent[0] + " HTTP/1.1\r\nHost: " + sent[1]);
        headers(signature, keypair).forEach(
            (name, value) -> request.append("\r\n").append(name).append(": ").append(value));
        try (RawClient client = new RawClient(api.manager.apiPort()))
        {
            client.send(request + "\r\n" + more + "\r\n" + body);
            final RawClient.Response response = client.read();
            final String code = ServedApi.MAPPER.readTree(response.body()).path("code").asText();
            return (response.status() + " " + code).strip();
        }
    }

    /** Lines are carried out as they come, but not before it is known that they are the ones that were signed. */
    @Test
    void shouldCarryOutNoLineOfABodyThatIsNotTheOneThatWasSigned() throws Exception
    {
        final JsonNode keypair = keypair("lina", "");
        final String lines = SharedManager.TRUE + "\n" + SharedManager.TRUE + "\n";
        for (final boolean right : new boolean[]{false, true})
        {
            final RequestSignature signature =
                signature("POST", "/v1/sessions", System.currentTimeMillis(), right ? lines : lines + " ");
            final Map<String, String> headers = new HashMap<>(headers(signature, keypair));
            headers.put("Content-Type", "application/x-ndjson");
            final HttpResponse<String> response = send("POST", "/v1/sessions", lines, headers);
            assertEquals(right ? 200 : 401, response.statusCode(), response.body());
            final JsonNode own = api.call(
                200, keypair.get("token").asText(), "GET", "/v1/sessions?all=true", null).get("sessions");
            assertEquals(right ? 2 : 0, own.size());
        }
    }

    @Test
    void shouldLetInFromTheNetworksOfAllLevelsOnly() throws Exception
    {
        final String token = keypair("nora", ", \"networks\": [\"10.0.0.0/8\", \"fd00::/8\"]").get("token").asText();
        api.problem(403, "network-not-allowed", token, "GET", "/v1/whoami", null);
        api.call(
            200, api.administrator, "PATCH", "/v1/users/nora", "{\"networks\": [\"10.0.0.0/8\", \"127.0.0.0/8\"]}");
        // A token that was known a moment ago is looked at again within a second.
        Await.until("the change", () -> isLetIn(token));
        final JsonNode problem = api.call(
            400, api.administrator, "PATCH", "/v1/users/nora", "{\"networks\": [\"10.0.0.0/33\"]}");
        assertEquals("/networks", problem.get("field").asText().substring(0, 9));
    }

    private static boolean isLetIn(final String token)
    {
        try
        {
            return 200 == api.send(token, "GET", "/v1/whoami", null).statusCode();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static Map<String, String> bearer(final String token)
    {
        return Map.of("Authorization", "Bearer " + token);
    }

    @Test
    void shouldHoldEachKeypairToItsRateAndSaySo() throws Exception
    {
        final String token = keypair("rolf", ", \"requestsPerMinute\": 3").get("token").asText();
        for (int i = 0; i < 3; i++)
        {
            final HttpResponse<String> response = send("GET", "/v1/whoami", "", bearer(token));
            assertEquals(200, response.statusCode());
            assertEquals("3", response.headers().firstValue("X-RateLimit-Limit").orElse(""));
            assertEquals(
                Integer.toString(2 - i), response.headers().firstValue("X-RateLimit-Remaining").orElse(""));
        }
        final HttpResponse<String> refused = send("GET", "/v1/whoami", "", bearer(token));
        assertEquals(429, refused.statusCode(), refused.body());
        final int seconds = Integer.parseInt(refused.headers().firstValue("Retry-After").orElse("0"));
        assertTrue(seconds >= 1 && seconds <= 20, "seconds=" + seconds);
    }

    @Test
    void shouldLockOutWhoFailsAgainAndAgainButNobodyElse() throws Exception
    {
        final JsonNode keypair = keypair("lola", "");
        final String token = keypair.get("token").asText();
        final String wrong = token.substring(0, token.length() - 2) + "!!";
        for (int i = 0; i < FailureGuard.FAILURES_MAX; i++)
        {
            api.problem(401, "token-wrong", wrong, "GET", "/v1/whoami", null);
        }
        api.problem(429, "locked-out", wrong, "GET", "/v1/whoami", null);
        api.problem(429, "locked-out", token, "GET", "/v1/whoami", null);
        final RequestSignature signature = signature("GET", "/v1/whoami", System.currentTimeMillis(), "");
        assertEquals("locked-out", code(429, "GET", "/v1/whoami", "", headers(signature, keypair)));
        api.call(200, api.keypair("lola"), "GET", "/v1/whoami", null);
        for (int i = 0; i < 2 * FailureGuard.FAILURES_MAX; i++)
        {
            send("GET", "/v1/whoami", "", bearer("guess" + i));
        }
        api.call(200, api.administrator, "GET", "/v1/whoami", null);
    }
}
