package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.ServicesBuilder;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code http.requests-per-minute}: of keypairs whose policies say nothing, changed while the gateway runs. */
class RequestRateTest
{
    private static final String ADMINISTRATOR = "administrator";
    private static final String POLICY = "five-a-minute";

    private final FakeManager manager = new FakeManager();
    private final ChangingLimits limits = new ChangingLimits(perMinute(3));
    private HttpGateway gateway;
    private RawClient client;

    @BeforeEach
    void launch() throws IOException
    {
        gateway = HttpGateway.launch(
            new HttpContext(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, null, 1, limits),
            new ServicesBuilder(manager.services())
                .tokens(token -> ADMINISTRATOR.equals(token) ? Caller.ADMINISTRATOR : new Caller(
                    Role.USER, "ana", token, 1, 7, 8,
                    new Caller.Access(List.of(), POLICY.equals(token) ? 5 : 0)))
                .build());
        client = new RawClient(gateway.port());
    }

    @AfterEach
    void close() throws IOException
    {
        client.close();
        gateway.close();
        manager.close();
    }

    static FixedLimits perMinute(final int requests)
    {
        final FixedLimits all = HttpLimits.DEFAULTS.now();
        return new FixedLimits(
            all.connectionsMax(), all.lineBytesMax(), all.headerBytesMax(), all.bodyBytesMax(),
            all.bodyBytesInFlightMax(), all.headerTimeoutMs(), all.bodyTimeoutMs(), all.idleTimeoutMs(),
            all.waitTimeoutMaxMs(), all.streamsMax(), all.streamWindowBytes(), all.streamEventsWindow(),
            all.stuckReaderTimeoutMs(), all.heartbeatIntervalMs(), requests);
    }

    private RawClient.Response get(final String token, final String target) throws IOException
    {
        client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n");
        final RawClient.Response response = client.read();
        OpenApiDescription.LOADED.check(
            "GET", target, response.status(), response.headers(), ServedApi.MAPPER.readTree(response.body()));
        return response;
    }

    @Test
    void shouldHoldEachKeypairToTheRateOfTheManagerAndSaySo() throws IOException
    {
        for (int left = 2; left >= 0; left--)
        {
            final RawClient.Response response = get("one", "/v1/agents");
            assertEquals(200, response.status());
            assertEquals("3", response.header("x-ratelimit-limit"));
            assertEquals(Integer.toString(left), response.header("x-ratelimit-remaining"));
            final int reset = Integer.parseInt(response.header("x-ratelimit-reset"));
            assertTrue(reset > 0 && reset <= 60, "reset=" + reset);
        }
        final RawClient.Response refused = get("one", "/v1/agents");
        assertEquals(429, refused.status());
        assertTrue(refused.text().contains("\"rate-limited\""), refused.text());
        assertEquals("0", refused.header("x-ratelimit-remaining"));
        final int seconds = Integer.parseInt(refused.header("retry-after"));
        assertTrue(seconds >= 1 && seconds <= 20, "seconds=" + seconds);
        assertEquals(429, get("one", "/v1/sessions/1").status());
        assertEquals(200, get("two", "/v1/agents").status());
    }

    @Test
    void shouldLetPoliciesSayOtherwiseAndTheAdministratorAskAsOftenAsItLikes() throws IOException
    {
        for (int i = 0; i < 5; i++)
        {
            assertEquals("5", get(POLICY, "/v1/agents").header("x-ratelimit-limit"));
        }
        assertEquals(429, get(POLICY, "/v1/agents").status());
        for (int i = 0; i < 10; i++)
        {
            final RawClient.Response response = get(ADMINISTRATOR, "/v1/agents");
            assertEquals(200, response.status());
            assertNull(response.header("x-ratelimit-limit"));
        }
    }

    @Test
    void shouldHoldToWhatItBecomesFromTheNextRequestOn() throws IOException
    {
        for (int i = 0; i < 3; i++)
        {
            get("one", "/v1/agents");
        }
        assertEquals(429, get("one", "/v1/agents").status());
        limits.become(perMinute(0));
        final RawClient.Response free = get("one", "/v1/agents");
        assertEquals(200, free.status());
        assertNull(free.header("x-ratelimit-limit"));
        limits.become(perMinute(1));
        assertEquals(429, get("one", "/v1/agents").status());
        assertEquals(200, get("two", "/v1/agents").status());
        assertEquals(429, get("two", "/v1/agents").status());
    }
}
