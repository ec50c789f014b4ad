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
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

    private static final int PING = 0x89;
    private static final int PONG = 0x8A;
    private static final int PAYLOAD_MAX = 125;
    /** Their answers are more than the sockets of both sides hold. */
    private static final int PINGS = 100_000;

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

    @Test
    void shouldKeepNoAnswersForWhoeverPingsAndReadsNothing() throws IOException
    {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.gateway.port()))
        {
            final OutputStream out = socket.getOutputStream();
            out.write(RawClient.request(
                "GET", "/v1/sessions/5/logs?follow=true", null,
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n").getBytes(StandardCharsets.US_ASCII));
            final DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            for (int newlines = 0; newlines < 2;)
            {
                final int next = in.read();
                newlines = '\n' == next ? newlines + 1 : '\r' == next ? newlines : 0;
            }
            out.write(ping('a', 3));
            assertEquals(PONG, in.read());
            assertEquals("aaa", payload(in));
            for (int i = 0; i < PINGS; i++)
            {
                out.write(ping('x', PAYLOAD_MAX));
            }

            int answered = 0;
            for (String last = ""; !"last".equals(last);)
            {
                if (0 == in.available())
                {
                    out.write(ping('l', 'a', 's', 't'));
                }
                final int head = in.read();
                last = payload(in);
                answered += PONG == head && PAYLOAD_MAX == last.length() ? 1 : 0;
            }
            assertTrue(answered < PINGS, "answered=" + answered);
        }
        awaitNobody();
    }

    private static byte[] ping(final char content, final int length)
    {
        final char[] all = new char[length];
        Arrays.fill(all, content);
        return ping(all);
    }

    /** Masked with zeros. */
    private static byte[] ping(final char... content)
    {
        final byte[] frame = new byte[6 + content.length];
        frame[0] = (byte)PING;
        frame[1] = (byte)(0x80 | content.length);
        for (int i = 0; i < content.length; i++)
        {
            frame[6 + i] = (byte)content[i];
        }
        return frame;
    }

    private static String payload(final DataInputStream in) throws IOException
    {
        final byte[] content = new byte[in.readUnsignedByte()];
        assertTrue(content.length <= PAYLOAD_MAX, "a short frame");
        in.readFully(content);
        return new String(content, StandardCharsets.US_ASCII);
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
