package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.view.TerminalSource;
import io.plimsoll.transport.StdinMode;
import io.plimsoll.transport.http.ApiProblemException;
import io.plimsoll.transport.http.ApiSocket;
import io.plimsoll.transport.http.ApiTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TerminalSocketTest implements ApiSocket.Listener
{
    private static final HttpLimits QUICK = new FixedLimits(
        64, 8192, 16384, 65536, 65536, 10_000, 10_000, 10_000, 10_000, 16, 64 * 1024, 16, 25, 100, 0);

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch reads = new CountDownLatch(1);
    private final AtomicLong received = new AtomicLong();
    private boolean readsNothing;
    private ServedApi api;
    private FakeTerminals terminals;

    @BeforeEach
    void serve() throws IOException
    {
        serve(HttpLimits.DEFAULTS);
    }

    private void serve(final HttpLimits limits) throws IOException
    {
        api = new ServedApi(limits);
        terminals = api.manager.terminals;
        api.manager.put(1, LifeState.RUNNING);
    }

    private void serveQuickly() throws IOException
    {
        api.close();
        serve(QUICK);
    }

    @AfterEach
    void close() throws IOException
    {
        reads.countDown();
        api.close();
    }

    private ApiSocket open(final String path)
    {
        return ApiSocket.open(
            ApiTarget.parse("http://127.0.0.1:" + api.gateway.port(), FakeManager.TOKEN), path, this);
    }

    private FakeTerminals.FakeTerminal started(final ApiSocket socket)
    {
        socket.send(
            "{\"type\": \"start\", \"command\": [\"sh\"], \"tty\": true, \"rows\": 30, \"env\": {\"A\": \"b\"}}");
        Await.until("a terminal", () -> 1 == terminals.open.size());
        return terminals.open.get(0);
    }

    private static ByteBuffer bytes(final String text)
    {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private void awaitTold(final String... lines)
    {
        Await.until(() -> List.of(lines) + " rather than " + told, () -> List.of(lines).equals(told));
    }

    @Test
    void shouldCarryBothWaysAndEnd()
    {
        final ApiSocket socket = open("/v1/sessions/1/exec");
        final FakeTerminals.FakeTerminal terminal = started(socket);
        assertEquals(
            new TerminalSource.Request(List.of("sh"), List.of("A=b"), "", "", true, false, 30, 80), terminal.request);
        terminal.listener.onInputCredit(5);
        terminal.listener.onData(false, "out".getBytes(StandardCharsets.UTF_8));
        terminal.listener.onData(true, "error".getBytes(StandardCharsets.UTF_8));
        terminal.listener.onInputCredit(6);
        awaitTold(
            "{\"type\":\"started\",\"bytes\":5}", "1out", "2error", "{\"type\":\"credit\",\"bytes\":6}");
        socket.send(bytes("\0words"));
        socket.send("{\"type\": \"resize\", \"rows\": 40, \"columns\": 120}");
        socket.send("{\"type\": \"eof\"}");
        Await.until("input", () -> 5 == terminal.told.size());
        assertTrue(
            terminal.told.containsAll(
                List.of("request 3", "request 5", "input words false", "size 40x120", "input  true")),
            terminal.told::toString);
        terminal.listener.onEnd(new TerminalSource.End("exited", 3, ""));
        Await.until("the end", () -> told.contains("closed"));
        assertEquals("{\"type\":\"end\",\"code\":\"exited\",\"exitCode\":3}", told.get(4));
        Await.until("no stream left", () -> 0 == api.gateway.meters().streams().get());
    }

    @Test
    void shouldGiveKernelItsInputAndEndWithItsExitCode()
    {
        api.manager.put(1, LifeState.RUNNING, StdinMode.OPEN);
        final ApiSocket socket = open("/v1/sessions/1/attach");
        Await.until("the input", () -> 1 == terminals.open.size());
        final FakeTerminals.FakeTerminal input = terminals.open.get(0);
        assertEquals(
            new TerminalSource.Request(List.of(), List.of(), "", "", false, true, 0, 0), input.request);
        input.listener.onInputCredit(9);
        awaitTold("{\"type\":\"started\",\"bytes\":9}");
        socket.send(bytes("\0words"));
        Await.until("input", () -> input.told.contains("input words false"));
        api.manager.logs.open.get(0).trySend("out".getBytes(StandardCharsets.UTF_8));
        awaitTold("{\"type\":\"started\",\"bytes\":9}", "1out");
        // That it has no reader any more is no end of its own.
        input.listener.onEnd(new TerminalSource.End("kernel-ended", 0, ""));
        api.manager.put(1, LifeState.TERMINATED, StdinMode.OPEN);
        api.manager.logs.open.forEach(log -> log.end(null));
        Await.until("the end", () -> told.contains("closed"));
        assertEquals("{\"type\":\"end\",\"code\":\"exited\",\"exitCode\":0}", told.get(2));
        Await.until("its close", () -> input.told.contains("close"));
    }

    @Test
    void shouldTakeInputWithoutShowingOutput()
    {
        api.manager.put(1, LifeState.RUNNING, StdinMode.ONCE);
        open("/v1/sessions/1/attach?output=false");
        Await.until("the input", () -> 1 == terminals.open.size());
        assertEquals(0, api.manager.logs.open.size());
        terminals.open.get(0).listener.onInputCredit(9);
        awaitTold("{\"type\":\"started\",\"bytes\":9}");
        api.manager.put(1, LifeState.TERMINATED, StdinMode.ONCE);
        terminals.open.get(0).listener.onEnd(new TerminalSource.End("kernel-ended", 0, ""));
        Await.until("the end", () -> told.contains("closed"));
        assertEquals("{\"type\":\"end\",\"code\":\"exited\",\"exitCode\":0}", told.get(1));
    }

    @Test
    void shouldSayThatThereIsNoInput()
    {
        final ApiProblemException refused = assertThrows(
            ApiProblemException.class, () -> open("/v1/sessions/1/attach?output=false"));
        assertEquals("no-input", refused.code());
    }

    @Test
    void shouldEndCommandOfClientThatGoes()
    {
        final ApiSocket socket = open("/v1/sessions/1/exec");
        final FakeTerminals.FakeTerminal terminal = started(socket);
        socket.close();
        Await.until("its end", () -> terminal.told.contains("close"));
        Await.until("no stream left", () -> 0 == api.gateway.meters().streams().get());
        Await.until("no exchange left", () -> 0 == api.gateway.meters().exchanges().get());
    }

    @Test
    void shouldEndClientThatMakesNoSense()
    {
        for (final String message : List.of(
            "{\"type\": \"eof\"}", "{", "[]", "{\"type\": \"start\"}", "{\"type\": \"x\"}", "{\"rows\": 0}"))
        {
            told.clear();
            open("/v1/sessions/1/exec").send(message);
            Await.until("the end after " + message, () -> told.contains("closed"));
            assertTrue(told.get(0).startsWith("{\"type\":\"end\",\"code\":\""), told.toString());
        }
        assertEquals(List.of(), terminals.open);
    }

    @Test
    void shouldEndClientThatSendsMoreThanAllowed()
    {
        final ApiSocket socket = open("/v1/sessions/1/exec");
        final FakeTerminals.FakeTerminal terminal = started(socket);
        socket.send(bytes("\0" + "x".repeat(100)));
        Await.until("the end", () -> told.contains("closed"));
        assertTrue(told.get(0).contains("no-credit"), told.toString());
        assertTrue(terminal.told.contains("close"));
    }

    /** The agent's side goes on meanwhile, and sends no more than was asked for. */
    @Test
    void shouldDropClientThatDoesNotReadAndWaitForNobody() throws IOException
    {
        serveQuickly();
        readsNothing = true;
        final FakeTerminals.FakeTerminal terminal = started(open("/v1/sessions/1/exec"));
        terminal.listener.onInputCredit(5);
        final byte[] chunk = new byte[16 * 1024];
        final AtomicLong sent = new AtomicLong();
        Await.until(() -> "the client is dropped, sent=" + sent, () ->
        {
            while (sent.get() + chunk.length <= 64 * 1024 + terminal.requested.get() &&
                !terminal.told.contains("close"))
            {
                terminal.listener.onData(false, chunk);
                sent.addAndGet(chunk.length);
            }
            return terminal.told.contains("close");
        });
        Await.until("no stream left", () -> 0 == api.gateway.meters().streams().get());
        Await.until("no exchange left", () -> 0 == api.gateway.meters().exchanges().get());
        reads.countDown();
        Await.until(() -> "the client hears of it: " + told.size(), () -> told.contains("closed"));
    }

    /** As one that is stopped, or whose machine has lost its power; where nothing is under way no socket fills up. */
    @Test
    void shouldDropClientThatAnswersNoPingAndSayWhy() throws IOException
    {
        serveQuickly();
        readsNothing = true;
        final FakeTerminals.FakeTerminal terminal = started(open("/v1/sessions/1/exec"));
        terminal.listener.onInputCredit(5);
        terminal.listener.onData(false, new byte[10]);
        Await.until("the client is dropped", () -> terminal.told.contains("close"));
        reads.countDown();
        Await.until(() -> "why: " + told, () -> told.stream().anyMatch(line -> line.contains("\"code\":\"silent\"")));
    }

    @Test
    void shouldKeepTheRestForClientThatReadsLater()
    {
        readsNothing = true;
        final ApiSocket socket = open("/v1/sessions/1/exec");
        final FakeTerminals.FakeTerminal terminal = started(socket);
        terminal.listener.onInputCredit(5);
        for (int i = 0; i < 4; i++)
        {
            terminal.listener.onData(false, new byte[16 * 1024]);
        }
        terminal.listener.onEnd(new TerminalSource.End("exited", 3, ""));
        Await.until("the end", () -> terminal.told.contains("close"));
        socket.keepAlive();
        assertEquals(1, api.gateway.meters().exchanges().get());
        reads.countDown();
        Await.until(() -> "the end: " + told.size(), () -> told.contains("closed"));
        assertEquals(4 * 16 * 1024, received.get());
        assertTrue(told.get(told.size() - 2).contains("exited"), told.get(told.size() - 2));
        Await.until("no exchange left", () -> 0 == api.gateway.meters().exchanges().get());
    }

    /** Whoever is busy with what came hears nothing, and that is not the manager's fault. */
    @Test
    void shouldKnowHowLongManagerHasBeenSilent()
    {
        readsNothing = true;
        final ApiSocket socket = open("/v1/sessions/1/exec");
        final FakeTerminals.FakeTerminal terminal = started(socket);
        final long hourNs = TimeUnit.HOURS.toNanos(1);
        assertTrue(socket.silentNs(System.nanoTime() + hourNs) >= hourNs);
        terminal.listener.onInputCredit(5);
        terminal.listener.onData(false, new byte[10]);
        Await.until("the client is busy", () -> 0 == socket.silentNs(System.nanoTime() + hourNs));
        socket.keepAlive();
        reads.countDown();
        Await.until("it is not any more", () -> socket.silentNs(System.nanoTime() + hourNs) >= hourNs);
    }

    @Test
    void shouldSayWhyThereIsNone() throws IOException
    {
        api.problem(426, "upgrade-required", "GET", "/v1/sessions/1/exec", null);
        api.problem(404, "unknown-kernel", "GET", "/v1/sessions/1/attach?kernel=1", null);
        api.problem(400, "bad-parameter", "GET", "/v1/sessions/1/attach?output=no", null);
        assertEquals(404, assertThrows(
            ApiProblemException.class, () -> open("/v1/sessions/4711/exec")).status());
        api.manager.put(1, LifeState.PENDING);
        final ApiProblemException refused = assertThrows(
            ApiProblemException.class, () -> open("/v1/sessions/1/exec"));
        assertEquals("not-running", refused.code());
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
            awaitReading();
        }
        final byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        received.addAndGet(bytes.length - (begins ? 1 : 0));
        told.add(bytes[0] + new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8));
    }

    private void awaitReading()
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

    @Override
    public void onClosed(final String reason)
    {
        told.add("closed");
    }
}
