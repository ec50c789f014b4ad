package io.plimsoll.manager.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import io.plimsoll.core.sbe.LifeState;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.SocketException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Requests that nobody well-meaning would send, over raw sockets, from a seed that a failure names: as many as
 * {@code plimsoll.hostile.requests} says. The server may answer 4xx or close the connection, and must afterwards be as
 * good as new.
 */
class HostileRequestsTest
{
    private static final int REQUESTS = Integer.getInteger("plimsoll.hostile.requests", 5_000);
    private static final int REQUESTS_PER_CONNECTION_MAX = 20;

    @Test
    void shouldSurviveHostileRequests() throws IOException
    {
        final long seed = Long.getLong("plimsoll.seed", System.nanoTime());
        final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        // What other tests left behind is not counted here.
        collectGarbage();
        final AtomicInteger leaks = new AtomicInteger();
        ByteBufUtil.setLeakListener((type, records) -> leaks.incrementAndGet());
        try (ServedApi api = new ServedApi(ServedApi.limits(2_000, 2_000, 600_000, 64 * 1024)))
        {
            api.manager.put(1, LifeState.TERMINATED);
            final int[] countByClass = new int[6];
            attack(api, new Random(seed), countByClass, seed);
            final String summary = "-Dplimsoll.seed=" + seed + " answered4xx=" + countByClass[4] + " closed=" +
                countByClass[0];
            assertEquals(0, countByClass[5], summary);
            assertTrue(countByClass[4] > REQUESTS / 4, summary);
            slowSenders(api);
            asGoodAsNew(api, summary);
            collectGarbage();
            assertEquals(0, leaks.get(), summary);
        }
        finally
        {
            ByteBufUtil.setLeakListener(null);
            ResourceLeakDetector.setLevel(level);
        }
    }

    /** Leaks are seen when the next buffer is allocated after a collection. */
    private static void collectGarbage()
    {
        final WeakReference<Object> garbage = new WeakReference<>(new Object());
        Await.until("collection", () ->
        {
            System.gc();
            return garbage.refersTo(null);
        });
        for (int i = 0; i < 100; i++)
        {
            ByteBufAllocator.DEFAULT.buffer(1).release();
        }
    }

    private static void attack(
        final ServedApi api, final Random random, final int[] countByClass, final long seed) throws IOException
    {
        final HostileRequests requests = new HostileRequests(random);
        int sent = 0;
        while (sent < REQUESTS)
        {
            try (RawClient client = api.connect())
            {
                for (int i = 0; i < REQUESTS_PER_CONNECTION_MAX && sent < REQUESTS; i++)
                {
                    final byte[] request = requests.next();
                    sent++;
                    final int status = statusOf(client, request, requests.isComplete());
                    assertTrue(
                        0 == status || status / 100 == 4,
                        () -> "-Dplimsoll.seed=" + seed + " status=" + status + " for " +
                            HostileRequests.shown(request));
                    countByClass[status / 100]++;
                    if (0 == status || !requests.isComplete())
                    {
                        break;
                    }
                }
            }
        }
    }

    /** 0: the connection was closed, by the server or, after an incomplete request, by this client. */
    private static int statusOf(final RawClient client, final byte[] request, final boolean complete)
        throws IOException
    {
        try
        {
            client.send(request);
            if (!complete)
            {
                client.shutdownOutput();
            }
            final boolean head = 'H' == request[0];
            final RawClient.Response response = head ? client.readHead() : client.read();
            return null == response ? 0 : response.status();
        }
        catch (final SocketException | EOFException ex)
        {
            return 0;
        }
    }

    private static void slowSenders(final ServedApi api) throws IOException
    {
        final RawClient[] clients = new RawClient[40];
        for (int i = 0; i < clients.length; i++)
        {
            clients[i] = api.connect();
            clients[i].send(0 == i % 2 ?
                "POST /v1/sessions HTTP/1.1\r\nHos" :
                RawClient.request("POST", "/v1/sessions", null, "Content-Length: 100\r\n") + "{\"comm");
        }
        for (final RawClient client : clients)
        {
            assertEquals(408, client.read().status());
            client.close();
        }
    }

    private static void asGoodAsNew(final ServedApi api, final String summary) throws IOException
    {
        final HttpMeters meters = api.gateway.meters();
        Await.until("connections gone " + summary, () -> meters.connections().get() <= 1);
        Await.until("exchanges gone " + summary, () -> 0 == meters.exchanges().get());
        Await.until("streams gone " + summary, () -> 0 == meters.streams().get());
        Await.until("bodies given back " + summary, () -> 0 == meters.bodyBytes().get());
        assertTrue(api.manager.submissions.isEmpty(), summary);
        try (RawClient client = api.connect())
        {
            assertEquals(201, client.call("POST", "/v1/sessions", "{\"command\": [\"true\"]}").status());
        }
    }
}
