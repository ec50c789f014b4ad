package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.transport.http.ApiProblemException;
import io.plimsoll.transport.http.ApiSocket;
import io.plimsoll.transport.http.ApiTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Output over WebSockets. */
class LogSocketTest implements ApiSocket.Listener
{
    private static final HttpLimits QUICK = new FixedLimits(
        64, 8192, 16384, 65536, 65536, 10_000, 10_000, 10_000, 10_000, 16, 64 * 1024, 16, 25, 2_000, 0);

    private static final HttpLimits IMPATIENT = new FixedLimits(
        64, 8192, 16384, 65536, 65536, 10_000, 10_000, 10_000, 10_000, 16, 64 * 1024, 16, 10_000, 100, 0);
    /** Of a masked ping with as much as one may have. */
    private static final int PING_LENGTH = 6 + 125;
    private static final int PINGS = 500;
    /** Far beyond what the manager and the sockets of both sides hold. */
    private static final long SENT_MAX = 96L << 20;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch reads = new CountDownLatch(1);
    private boolean readsNothing;
    private ServedApi api;

    @BeforeEach
    void serve() throws IOException
    {
        serve(HttpLimits.DEFAULTS);
    }

    private void serve(final HttpLimits limits) throws IOException
    {
        api = new ServedApi(limits);
        api.manager.put(5, LifeState.RUNNING);
    }

    @AfterEach
    void close() throws IOException
    {
        reads.countDown();
        api.close();
    }

    private ApiSocket open(final String query)
    {
        return ApiSocket.open(
            ApiTarget.parse("http://127.0.0.1:" + api.gateway.port(), FakeManager.TOKEN),
            "/v1/sessions/5/logs?" + query, this);
    }

    private FakeLogs.OpenLog log(final int count)
    {
        Await.until("a log", () -> count == api.manager.logs.open.size());
        return api.manager.logs.last();
    }

    private static void send(final FakeLogs.OpenLog log, final String text)
    {
        Await.until("window", () -> log.trySend(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void awaitTold(final String... lines)
    {
        Await.until(() -> List.of(lines) + " rather than " + told, () -> List.of(lines).equals(told));
    }

    private void awaitNobody()
    {
        Await.until("no stream left", () -> 0 == api.gateway.meters().streams().get());
        Await.until("no exchange left", () -> 0 == api.gateway.meters().exchanges().get());
    }

    @Test
    void shouldSayWhereItsBytesStandAndGoOnWithTheNextAttempt()
    {
        open("follow=true&offset=7");
        final FakeLogs.OpenLog first = log(1);
        assertEquals(7, first.fromOffset);
        send(first, "one");
        awaitTold("{\"type\":\"position\",\"attempt\":1,\"offset\":7}", "one");
        send(first, "two");
        Await.until("more", () -> 3 == told.size());
        assertEquals("two", told.get(2), "no word of where, since it is the next");
        first.end(null);
        api.manager.view.put(FakeManager.with(
            api.manager.view.session(5), LifeState.RUNNING, Result.UNDEFINED, Reason.NONE, 2));
        final FakeLogs.OpenLog second = log(2);
        assertEquals(2, second.attempt);
        send(second, "three");
        Await.until("the next attempt", () -> 5 == told.size());
        assertEquals("{\"type\":\"position\",\"attempt\":2,\"offset\":0}", told.get(3));
        api.manager.put(5, LifeState.TERMINATED);
        second.end(null);
        Await.until("the end", () -> told.contains("closed complete"));
        assertEquals("{\"type\":\"end\",\"code\":\"complete\"}", told.get(5));
        awaitNobody();
    }

    @Test
    void shouldSayWhyThereIsNoMore()
    {
        open("follow=true");
        final FakeLogs.OpenLog log = log(1);
        send(log, "half");
        log.end("agent-unreachable");
        Await.until(() -> "the end: " + told, () -> told.contains("closed agent-unreachable"));
        assertTrue(told.get(2).contains("\"code\":\"agent-unreachable\",\"detail\":"), told.toString());
        awaitNobody();
    }

    @Test
    void shouldAnswerWhatIsWrongBeforeTheUpgrade() throws IOException
    {
        assertEquals("bad-parameter", assertThrows(ApiProblemException.class, () -> open("tail=1&offset=2")).code());
        assertEquals("unknown-kernel", assertThrows(ApiProblemException.class, () -> open("kernel=1")).code());
        api.manager.put(5, LifeState.PENDING);
        assertEquals("not-started", assertThrows(ApiProblemException.class, () -> open("")).code());
        awaitNobody();
    }

    @Test
    void shouldLetGoOfAReaderThatGoesOrMakesNoSense()
    {
        final ApiSocket socket = open("follow=true");
        final FakeLogs.OpenLog log = log(1);
        socket.close();
        Await.until("the log's end", log::isClosed);
        awaitNobody();
        open("follow=true").send("hello");
        Await.until(() -> "the end: " + told, () -> told.contains("closed bad-message"));
        Await.until("the log's end", () -> log(2).isClosed());
        awaitNobody();
    }

    /** The agent's side goes on meanwhile, and sends no more than was asked for. */
    @Test
    void shouldDropAReaderThatDoesNotReadAndSayWhy() throws IOException
    {
        api.close();
        serve(QUICK);
        readsNothing = true;
        open("follow=true");
        final FakeLogs.OpenLog log = log(1);
        final byte[] chunk = new byte[8192];
        Await.until("dropped", () ->
        {
            log.trySend(chunk);
            return log.isClosed();
        });
        assertTrue(log.sent() < 32L << 20, "sent=" + log.sent());
        reads.countDown();
        Await.until("the reader hears of it", () -> told.stream().anyMatch(line -> line.startsWith("closed")));
        awaitNobody();
    }

    /** Pings are answered before anybody sees them, so their answers have to be bounded for themselves. */
    @Test
    void shouldReadNoMorePingsOfAReaderThatTakesNoAnswers() throws IOException
    {
        api.close();
        serve(IMPATIENT);
        final byte[] pings = new byte[PINGS * PING_LENGTH];
        for (int i = 0; i < PINGS; i++)
        {
            pings[i * PING_LENGTH] = (byte)0x89;
            pings[i * PING_LENGTH + 1] = (byte)0xFD;
        }
        long sent = 0;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.gateway.port()))
        {
            socket.getOutputStream().write(RawClient.request(
                "GET", "/v1/sessions/5/logs?follow=true", null,
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n").getBytes(StandardCharsets.US_ASCII));
            assertTrue(socket.getInputStream().read() >= 0);
            try
            {
                while (sent < SENT_MAX)
                {
                    socket.getOutputStream().write(pings);
                    sent += pings.length;
                }
            }
            catch (final IOException ex)
            {
                // It is cut off for being silent, as it should be.
            }
        }
        assertTrue(sent < SENT_MAX, "sent=" + sent);
        awaitNobody();
    }

    @Override
    public void onText(final String text)
    {
        told.add(text);
    }

    @Override
    public void onBinary(final ByteBuffer content, final boolean begins)
    {
        if (readsNothing)
        {
            try
            {
                reads.await();
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
            }
        }
        final byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        told.add(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void onClosed(final String reason)
    {
        told.add("closed " + reason.replaceAll(".*: ", ""));
    }
}
