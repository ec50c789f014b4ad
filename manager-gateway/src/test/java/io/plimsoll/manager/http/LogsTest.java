package io.plimsoll.manager.http;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogsTest
{
    private ServedApi api;

    @BeforeEach
    void serve() throws IOException
    {
        api = new ServedApi(ServedApi.limits(600_000, 600_000, 600_000, 1 << 20));
    }

    @AfterEach
    void close() throws IOException
    {
        api.close();
    }

    @Test
    void shouldReadALogThatHasEnded() throws IOException
    {
        api.manager.put(5, LifeState.TERMINATED);
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/sessions/5/logs?stream=stderr&tail=10", null, ""));
            final FakeLogs.OpenLog log = Await.notNull("log", api.manager.logs::last);
            assertEquals(5L << 10, log.kernelId);
            assertEquals(1, log.attempt);
            assertTrue(log.stderr);
            assertFalse(log.follow);
            assertEquals(10, log.tailLines);
            assertEquals(-1, log.fromOffset);
            send(log, "one\n");
            send(log, "two\n");
            log.end(null);
            final RawClient.Response response = client.read();
            assertEquals(200, response.status());
            assertEquals("text/plain; charset=utf-8", response.header("content-type"));
            assertEquals("one\ntwo\n", response.text());
            Await.until("closed", log::isClosed);
            assertEquals(200, client.call("GET", "/health/live", null).status());
        }
        Await.until("no stream", () -> 0 == api.gateway.meters().streams().get());
    }

    @Test
    void shouldFollowFromBeforeTheStart() throws IOException
    {
        api.manager.put(5, LifeState.PENDING);
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/sessions/5/logs?follow=true", null, ""));
            Await.until("stream", () -> 1 == api.gateway.meters().streams().get());
            assertNull(api.manager.logs.last());
            api.manager.put(5, LifeState.RUNNING);
            final FakeLogs.OpenLog log = Await.notNull("log", api.manager.logs::last);
            assertTrue(log.follow);
            send(log, "hello\n");
            assertEquals(200, client.readHead().status());
            assertArrayEquals("hello\n".getBytes(StandardCharsets.UTF_8), client.readChunk());
            log.end(null);
            api.manager.put(5, LifeState.TERMINATED);
            assertNull(client.readChunk());
        }
        Await.until("no stream", () -> 0 == api.gateway.meters().streams().get());
    }

    @Test
    void shouldGoOnWithTheNextAttempt() throws IOException
    {
        api.manager.put(5, LifeState.RUNNING);
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/sessions/5/logs?follow=true", null, ""));
            final FakeLogs.OpenLog first = Await.notNull("log", api.manager.logs::last);
            send(first, "first\n");
            first.end(null);
            api.manager.view.put(FakeManager.with(
                api.manager.view.session(5), LifeState.RUNNING, Result.UNDEFINED, Reason.NONE, 2));
            Await.until("second", () -> 2 == api.manager.logs.last().attempt);
            send(api.manager.logs.last(), "second\n");
            api.manager.put(5, LifeState.TERMINATED);
            api.manager.logs.last().end(null);
            assertEquals("first\nsecond\n", client.read().text());
        }
    }

    @Test
    void shouldSayThatThereIsNoOutputYet() throws IOException
    {
        api.manager.put(5, LifeState.PENDING);
        assertTrue(api.problem(409, "not-started", "GET", "/v1/sessions/5/logs", null)
            .path("detail").asText().contains("follow=true"));
        api.manager.put(6, LifeState.PENDING);
        api.manager.view.put(FakeManager.with(
            api.manager.view.session(6), LifeState.CANCELLED, Result.UNDEFINED, Reason.USER_REQUESTED, 0));
        try (RawClient client = api.connect())
        {
            final RawClient.Response response = client.call("GET", "/v1/sessions/6/logs", null);
            assertEquals(200, response.status());
            assertEquals("", response.text());
        }
    }

    @Test
    void shouldSayWhyALogCannotBeRead() throws IOException
    {
        api.manager.put(5, LifeState.RUNNING);
        api.problem(404, "unknown-kernel", "GET", "/v1/sessions/5/logs?kernel=1", null);
        api.problem(400, "bad-parameter", "GET", "/v1/sessions/5/logs?stream=out", null);
        api.problem(400, "bad-parameter", "GET", "/v1/sessions/5/logs?tail=1&offset=2", null);
        api.manager.logs.failure = "agent-unreachable";
        api.problem(503, "agent-unreachable", "GET", "/v1/sessions/5/logs", null);
        api.problem(503, "agent-unreachable", "GET", "/v1/sessions/5/logs?follow=true", null);
        api.manager.logs.failure = "unknown-kernel";
        api.problem(410, "log-gone", "GET", "/v1/sessions/5/logs", null);
        Await.until("no stream", () -> 0 == api.gateway.meters().streams().get());
    }

    @Test
    void shouldBreakOffWhenTheLogBreaksOff() throws IOException
    {
        api.manager.put(5, LifeState.RUNNING);
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/sessions/5/logs?follow=true&offset=7", null, ""));
            final FakeLogs.OpenLog log = Await.notNull("log", api.manager.logs::last);
            assertEquals(7, log.fromOffset);
            send(log, "half");
            assertEquals(200, client.readHead().status());
            assertEquals(4, client.readChunk().length);
            log.end("agent-unreachable");
            assertThrows(EOFException.class, client::readChunk);
        }
    }

    @Test
    void shouldHoldBackTheAgentAndDropAReaderThatIsStuck() throws IOException
    {
        api.manager.put(5, LifeState.RUNNING);
        try (RawClient client = new RawClient(api.gateway.port(), 4096))
        {
            client.send(RawClient.request("GET", "/v1/sessions/5/logs?follow=true", null, ""));
            final FakeLogs.OpenLog log = Await.notNull("log", api.manager.logs::last);
            final byte[] chunk = new byte[8192];
            // The reader takes nothing: what is sent stays below window and socket buffers, then the stream is dropped.
            Await.until("dropped", () ->
            {
                log.trySend(chunk);
                return log.isClosed();
            });
            assertTrue(log.sent() < 32L << 20, "sent=" + log.sent());
        }
        Await.until("no stream", () -> 0 == api.gateway.meters().streams().get());
    }

    @Test
    void shouldBoundTheNumberOfStreams() throws IOException
    {
        api.manager.put(5, LifeState.RUNNING);
        final RawClient[] clients = new RawClient[4];
        for (int i = 0; i < clients.length; i++)
        {
            final int open = i + 1;
            clients[i] = api.connect();
            clients[i].send(RawClient.request("GET", "/v1/sessions/5/logs?follow=true", null, ""));
            Await.until("stream", () -> open == api.gateway.meters().streams().get());
        }
        api.problem(503, "too-many-streams", "GET", "/v1/sessions/5/logs?follow=true", null);
        api.problem(503, "too-many-streams", "GET", "/v1/events", null);
        for (final RawClient client : clients)
        {
            client.close();
        }
        Await.until("no stream", () -> 0 == api.gateway.meters().streams().get());
        Await.until("closed", () -> api.manager.logs.open.stream().allMatch(FakeLogs.OpenLog::isClosed));
    }

    private static void send(final FakeLogs.OpenLog log, final String text)
    {
        Await.until("window", () -> log.trySend(text.getBytes(StandardCharsets.UTF_8)));
    }
}
