package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.BareManager;
import io.plimsoll.manager.ConfigurationView;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Gateway;
import io.plimsoll.manager.Manager;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.ServicesBuilder;
import io.plimsoll.manager.control.ClusterControl;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Role;
import io.plimsoll.manager.ingress.BinaryGateway;
import io.plimsoll.manager.ingress.IngressLimits;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.client.ClientSession;
import io.plimsoll.transport.client.SubmitClient;
import io.plimsoll.transport.client.SubmitClientOptions;
import io.plimsoll.transport.client.SubmitRejectedException;
import io.plimsoll.transport.client.Submitted;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code requestsPerMinute} of keypairs that come over both ways, by a clock that stands still. */
class BinaryRateTest
{
    private static final int DEADLINE_S = 120;
    private static final String ADMINISTRATOR = "administrator";
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress("127.0.0.1", 0);
    private static final ClientSession SESSION = ClientSession.of(
        "rated", 1_000, 1 << 20, new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0));

    @TempDir
    Path directory;

    private final AtomicLong nowNs = new AtomicLong(1);
    private final ChangingLimits limits = new ChangingLimits(RequestRateTest.perMinute(3));
    private final RequestRates rates = new RequestRates(limits, nowNs::get);
    private Manager manager;
    private ManagerServices services;

    @BeforeEach
    void launch()
    {
        manager = BareManager.launch(directory);
        services = new ServicesBuilder(manager.services())
            .tokens(token -> ADMINISTRATOR.equals(token) ? Caller.ADMINISTRATOR : keypair(token))
            .build();
    }

    @AfterEach
    void close()
    {
        manager.close();
    }

    private static Caller keypair(final String name)
    {
        return new Caller(Role.USER, "ana", name, 0, 7, 8, Caller.Access.OPEN);
    }

    private BinaryGateway binary(final ManagerServices given, final int port)
    {
        return BinaryGateway.launch(
            given, new InetSocketAddress("127.0.0.1", port), null, IngressLimits.DEFAULTS, rates);
    }

    private static SubmitClient client(final int port, final String token)
    {
        return SubmitClient.launch(SubmitClientOptions.plain("127.0.0.1", port, token));
    }

    private static RawClient.Response get(final int port, final String token) throws IOException
    {
        try (RawClient client = new RawClient(port))
        {
            client.send(
                "GET /v1/agents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n");
            return client.read();
        }
    }

    private static Submitted taken(final SubmitClient client) throws Exception
    {
        return client.submit(SESSION).get(DEADLINE_S, TimeUnit.SECONDS);
    }

    private static SubmitRejectedException refusal(final SubmitClient client)
    {
        final CompletableFuture<Submitted> future = client.submit(SESSION).orTimeout(DEADLINE_S, TimeUnit.SECONDS);
        return assertInstanceOf(
            SubmitRejectedException.class, assertThrows(CompletionException.class, future::join).getCause());
    }

    private long refused()
    {
        final List<Long> values = services.counters().snapshot().stream()
            .filter(sample -> "api_rate_limited_total".equals(sample.name()))
            .map(Counters.Sample::value)
            .toList();
        return values.get(0);
    }

    @Test
    void shouldCountWhatComesByBothWaysAndGoOnWhenItsTimeHasCome() throws Exception
    {
        try (HttpGateway http = HttpGateway.launch(HttpContext.plain(ANYWHERE), services, rates);
            BinaryGateway binary = binary(services, 0);
            SubmitClient one = client(binary.port(), "one");
            SubmitClient two = client(binary.port(), "two");
            SubmitClient administrator = client(binary.port(), ADMINISTRATOR))
        {
            assertEquals("2", get(http.port(), "one").header("x-ratelimit-remaining"));
            assertEquals(1, taken(one).firstId());
            assertEquals("0", get(http.port(), "one").header("x-ratelimit-remaining"));
            final SubmitRejectedException refusal = refusal(one);
            assertEquals("429 rate-limited 20000", refusal.status() + " " + refusal.code() + " " +
                refusal.retryAfterMs());
            assertTrue(refusal.getMessage().contains("3 requests a minute"), refusal.getMessage());
            assertEquals(429, get(http.port(), "one").status());
            assertEquals(2, refused());
            // Of others nothing was taken, and nothing of what was refused.
            assertEquals(2, taken(two).firstId());
            for (int i = 0; i < 10; i++)
            {
                assertEquals(3 + i, taken(administrator).firstId());
            }
            nowNs.addAndGet(TimeUnit.SECONDS.toNanos(20));
            assertEquals(13, taken(one).firstId());
            refusal(one);
            limits.become(RequestRateTest.perMinute(0));
            assertEquals(14, taken(one).firstId());
        }
    }

    @Test
    void shouldBeSharedByTheWaysOfOneManager() throws Exception
    {
        limits.become(RequestRateTest.perMinute(1));
        final Gateway both = new HttpGatewayLauncher(null, ConfigurationView.NONE, ANYWHERE, limits)
            .launch(services, ANYWHERE);
        try (SubmitClient client = client(both.binaryPort(), "one"))
        {
            assertEquals(200, get(both.port(), "one").status());
            assertEquals("rate-limited", refusal(client).code());
        }
        finally
        {
            both.close();
        }
    }

    /** What was taken, and whose answer was lost, is not told as refused because it is asked for again too soon. */
    @Test
    void shouldNotHaveTheClientTellThatSomethingWasRefusedThatMayHaveBeenTaken() throws Exception
    {
        limits.become(RequestRateTest.perMinute(60));
        rates.register(services.counters());
        final CompletableFuture<SubmitReply> unanswered = new CompletableFuture<>();
        final BinaryGateway first = binary(servicesThatNeverAnswer(unanswered), 0);
        try (SubmitClient client = client(first.port(), "one"))
        {
            final CompletableFuture<Submitted> future = client.submit(SESSION);
            assertEquals(1, unanswered.get(DEADLINE_S, TimeUnit.SECONDS).firstId());
            for (int i = 1; i < 60; i++)
            {
                rates.require(keypair("one"));
            }
            first.close();
            try (BinaryGateway again = binary(services, first.port()))
            {
                final long startNs = System.nanoTime();
                while (0 == refused())
                {
                    assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(DEADLINE_S));
                    Thread.onSpinWait();
                }
                nowNs.addAndGet(TimeUnit.MINUTES.toNanos(1));
                final Submitted submitted = future.get(DEADLINE_S, TimeUnit.SECONDS);
                assertEquals(1, submitted.firstId(), "port=" + again.port());
                assertTrue(submitted.repeated());
            }
        }
        finally
        {
            first.close();
        }
    }

    /** Submissions are taken; how, only the test is told. */
    private ManagerServices servicesThatNeverAnswer(final CompletableFuture<SubmitReply> told)
    {
        final ClusterControl real = services.control();
        final ClusterControl control = (ClusterControl)Proxy.newProxyInstance(
            ClusterControl.class.getClassLoader(),
            new Class<?>[]{ClusterControl.class},
            (proxy, method, arguments) ->
            {
                final Object answer = method.invoke(real, arguments);
                if ("submit".equals(method.getName()))
                {
                    ((CompletableFuture<?>)answer).thenAccept(reply -> told.complete((SubmitReply)reply));
                    return new CompletableFuture<>();
                }
                return answer;
            });
        return new ServicesBuilder(services).control(control).build();
    }
}
