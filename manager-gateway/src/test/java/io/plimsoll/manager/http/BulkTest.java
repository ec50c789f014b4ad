package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.manager.control.CommandRejectedException;
import io.plimsoll.manager.control.OverloadedException;
import io.plimsoll.manager.control.SubmissionChunk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BulkTest
{
    private static final String TRUE = "{\"command\": [\"/bin/true\"]}";

    private ServedApi api;

    @BeforeEach
    void serve() throws IOException
    {
        api = new ServedApi();
    }

    @AfterEach
    void close() throws IOException
    {
        Await.until("nothing is held", () -> 0 == api.gateway.meters().bodyBytes().get());
        api.close();
    }

    private static String head(final String more)
    {
        return "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + FakeManager.TOKEN +
            "\r\nContent-Type: application/x-ndjson\r\n" + more + "\r\n";
    }

    private static List<JsonNode> lines(final RawClient.Response response) throws IOException
    {
        assertEquals(200, response.status(), response.text());
        assertEquals("application/x-ndjson", response.header("content-type"));
        final List<JsonNode> lines = new ArrayList<>();
        for (final String line : response.text().split("\n"))
        {
            final JsonNode json = ServedApi.MAPPER.readTree(line);
            OpenApiDescription.LOADED.check("POST", "/v1/sessions", 200, response.headers(), json);
            lines.add(json);
        }
        return lines;
    }

    private List<JsonNode> submit(final String body) throws IOException
    {
        try (RawClient client = api.connect())
        {
            final byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            client.send(head("Content-Length: " + bytes.length + "\r\n"));
            client.send(bytes);
            return lines(client.read());
        }
    }

    @Test
    void shouldAnswerEachLineInItsOrder() throws IOException
    {
        final List<JsonNode> answers = submit(
            TRUE + "\n" +
            "\n" +
            "{\"command\": [\"x\"], \"cpus\": 2}\r\n" +
            "{\"command\": [\"x\"], \"count\": 3}\n" +
            "  not json\n" +
            "{\"command\": [\"x\"]} {}\n" +
            "[1]\n" +
            "{\"cpu\": 1}\n" +
            TRUE);
        assertEquals(9, answers.size());
        assertEquals("{\"line\":1,\"id\":1}", answers.get(0).toString());
        assertEquals(3, answers.get(1).get("line").asInt());
        assertEquals("unknown-field", answers.get(1).at("/error/code").asText());
        assertEquals("/cpus", answers.get(1).at("/error/field").asText());
        assertEquals(
            "{\"line\":4,\"arrayId\":2,\"firstId\":2,\"lastId\":4,\"count\":3,\"ids\":\"2-4\"}",
            answers.get(2).toString());
        assertEquals("bad-json", answers.get(3).at("/error/code").asText());
        assertEquals("bad-json", answers.get(4).at("/error/code").asText());
        assertEquals("wrong-type", answers.get(5).at("/error/code").asText());
        assertEquals("missing-field", answers.get(6).at("/error/code").asText());
        assertEquals("{\"line\":9,\"id\":5}", answers.get(7).toString());
        final JsonNode summary = answers.get(8);
        assertEquals(3, summary.get("accepted").asInt());
        assertEquals(5, summary.get("refused").asInt());
        assertEquals("async", summary.get("durability").asText());
    }

    @Test
    void shouldReadLinesHoweverTheyArrive() throws IOException
    {
        final String body = (TRUE + "\n").repeat(5) + "{\"command\": [\"\u00fcber\"]}";
        try (RawClient client = api.connect())
        {
            client.send(head("Transfer-Encoding: chunked\r\n"));
            for (final byte octet : body.getBytes(StandardCharsets.UTF_8))
            {
                client.send("1\r\n");
                client.send(new byte[]{octet});
                client.send("\r\n");
            }
            client.send("0\r\n\r\n");
            final List<JsonNode> answers = lines(client.read());
            assertEquals(7, answers.size());
            assertEquals(6, answers.get(5).get("id").asInt());
            client.send(RawClient.request("GET", "/v1/cluster", null, ""));
            assertEquals(200, client.read().status());
        }
    }

    @Test
    void shouldKeepEqualSpecsOnceAndFillEntries() throws IOException
    {
        final List<JsonNode> answers = submit((TRUE + "\n").repeat(20_000));
        assertEquals(20_001, answers.size());
        assertEquals("{\"line\":20000,\"id\":20000}", answers.get(19_999).toString());
        assertEquals(20_000, api.manager.chunks.stream().mapToInt(SubmissionChunk::size).sum());
    }

    /** What is asked while a flood is read is answered behind a few slices of it, not behind all that has come. */
    @Test
    void shouldAnswerOthersBetweenSlices() throws Exception
    {
        final byte[] flood = (TRUE + "\n").repeat(20_000).getBytes(StandardCharsets.UTF_8);
        final int slicesMax = 4;
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch asked = new CountDownLatch(1);
        api.manager.onChunk = () ->
        {
            begun.countDown();
            Await.until("asked", () -> 0 == asked.getCount());
        };
        try (RawClient other = api.connect(); RawClient client = api.connect())
        {
            other.send(RawClient.request("GET", "/v1/cluster", null, ""));
            assertEquals(200, other.read().status());
            client.send(head("Content-Length: " + flood.length + "\r\n"));
            final CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(client, flood));
            Await.until("begun", () -> 0 == begun.getCount());
            other.send(RawClient.request("POST", "/v1/sessions", TRUE, ""));
            asked.countDown();
            final JsonNode answer = ServedApi.MAPPER.readTree(other.read().body());
            final int before = answer.get("id").asInt() - 1;
            assertTrue(
                before <= slicesMax * BulkSubmitter.SLICE_BYTES / TRUE.length(), "sessions of the flood: " + before);
            sending.join();
            assertEquals(20_001, lines(client.read()).size());
        }
    }

    private static void send(final RawClient client, final byte[] bytes)
    {
        try
        {
            client.send(bytes);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @Test
    void shouldSkipALineThatIsTooLong() throws IOException
    {
        final String longLine = "{\"command\": [\"" + "x".repeat(3 * LineSplitter.LINE_LENGTH_MAX) + "\"]}";
        final List<JsonNode> answers = submit(TRUE + "\n" + longLine + "\n" + TRUE + "\n" + longLine);
        assertEquals("line-too-long", answers.get(1).at("/error/code").asText());
        assertEquals(3, answers.get(2).get("line").asInt());
        assertEquals(2, answers.get(2).get("id").asInt());
        assertEquals("line-too-long", answers.get(3).at("/error/code").asText());
    }

    @Test
    void shouldTellASpecThatFitsNoCommand() throws IOException
    {
        final List<JsonNode> answers = submit("{\"command\": [\"" + "x".repeat(80_000) + "\"]}\n" + TRUE);
        assertEquals("out-of-range", answers.get(0).at("/error/code").asText());
        assertEquals(1, answers.get(1).get("id").asInt());
    }

    @Test
    void shouldTakeNoMoreLinesThanItMay() throws IOException
    {
        final List<JsonNode> answers = submit((TRUE + "\n").repeat(BulkSubmitter.LINES_MAX + 10));
        assertEquals(BulkSubmitter.LINES_MAX + 2, answers.size());
        final JsonNode last = answers.get(BulkSubmitter.LINES_MAX);
        assertEquals("too-many-lines", last.at("/error/code").asText());
        assertEquals(BulkSubmitter.LINES_MAX + 1, last.get("line").asInt());
        assertEquals(
            BulkSubmitter.LINES_MAX, api.manager.chunks.stream().mapToInt(SubmissionChunk::size).sum());
    }

    @Test
    void shouldTellWhatCannotBeTakenNow() throws IOException
    {
        api.manager.failure.set(new OverloadedException("no-space", 10));
        final JsonNode refused = submit(TRUE).get(0);
        assertEquals(503, refused.at("/error/status").asInt());
        assertEquals("no-space", refused.at("/error/code").asText());
        assertEquals(10, refused.at("/error/retryAfter").asInt());
    }

    @Test
    void shouldTellWhatTheCoreRefuses() throws IOException
    {
        api.manager.failure.set(new CommandRejectedException(RejectCode.UNSATISFIABLE, "cpu", 0, 0, 64_000, 8_000));
        final JsonNode refused = submit(TRUE).get(0);
        assertEquals(1, refused.get("line").asInt());
        assertEquals("unsatisfiable", refused.at("/error/code").asText());
        assertEquals("cpu", refused.at("/error/field").asText());
        assertFalse(refused.get("error").has("entryIndex"));
    }

    @Test
    void shouldSendEachLineAloneUnderAKey() throws IOException
    {
        try (RawClient client = api.connect())
        {
            final String body = TRUE + "\n" + TRUE;
            client.send(head("Idempotency-Key: k\r\nContent-Length: " + body.length() + "\r\n") + body);
            assertEquals(3, lines(client.read()).size());
        }
        assertEquals(2, api.manager.chunks.size());
    }

    @Test
    void shouldRefuseABodyWithoutLinesAndOtherTypes() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(head("Content-Length: 2\r\n") + "\n\n");
            final RawClient.Response empty = client.read();
            assertEquals(400, empty.status(), empty.text());
            client.send(head("Content-Length: 2\r\nAccept: application/json\r\n") + "\n\n");
            assertEquals(406, client.read().status());
        }
        try (RawClient client = api.connect())
        {
            client.send(head("Content-Length: 2\r\nContent-Encoding: gzip\r\n") + "\n\n");
            assertEquals(415, client.read().status());
        }
        try (RawClient client = api.connect())
        {
            client.send(head("Content-Length: 2\r\n").replace(FakeManager.TOKEN, "wrong") + "\n\n");
            assertEquals(401, client.read().status());
        }
    }

    @Test
    void shouldLetGoOfAllWhenTheClientGoes() throws IOException
    {
        api.manager.silent = true;
        try (RawClient client = api.connect())
        {
            client.send(head("Content-Length: 1000000\r\n") + (TRUE + "\n").repeat(2_000) + "bad\n");
            Await.until("a refusal is held", () -> 0 < api.gateway.meters().bodyBytes().get());
        }
        Await.until("nobody is answered", () -> 0 == api.gateway.meters().exchanges().get());
        assertEquals(0, api.gateway.meters().bodyBytes().get());
        assertNull(api.manager.failure.get());
        assertTrue(api.manager.chunks.isEmpty());
    }
}
