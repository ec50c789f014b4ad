package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.manager.view.EventFeed;
import io.plimsoll.manager.view.UnknownSequenceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EventsTest
{
    private ServedApi api;

    @BeforeEach
    void serve() throws IOException
    {
        api = new ServedApi(ServedApi.limits(600_000, 600_000, 600_000, 1 << 20));
        api.manager.feed.emit(10, 0, "session.queued", "{\"sessionId\":5}");
        api.manager.feed.emit(11, 0, "kernel.state", "{\"sessionId\":5,\"state\":\"SCHEDULED\"}");
        api.manager.feed.emit(11, 1, "kernel.state", "{\"sessionId\":55,\"state\":\"SCHEDULED\"}");
        api.manager.feed.emit(12, 0, "agent.state", "{}");
    }

    @AfterEach
    void close() throws IOException
    {
        api.close();
    }

    @Test
    void shouldStreamFromASequence() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/events?since=10", null, ""));
            final RawClient.Response head = client.readHead();
            assertEquals("text/event-stream; charset=utf-8", head.header("content-type"));
            final String text = readUntil(client, "id: 12.0");
            final String[] events = text.split("\n\n");
            assertEquals(3, events.length, text);
            assertTrue(events[0].startsWith("id: 11.0\nevent: kernel.state\ndata: {"), text);
            final JsonNode data = ServedApi.MAPPER.readTree(events[0].substring(events[0].indexOf('{')));
            assertEquals(11, data.get("sequence").asLong());
            assertEquals("kernel.state", data.get("event").asText());
            assertEquals(5, data.get("sessionId").asLong());
            assertEquals("2026-11-18T11:06:40.123456Z", data.get("time").asText());
            assertEquals("{}", fieldsBeyondCommon(events[2]));
            api.manager.feed.emit(13, 0, "session.state", "{\"sessionId\":5}");
            assertTrue(readUntil(client, "id: 13.0").contains("session.state"));
        }
        Await.until("left", () -> 0 == api.manager.feed.openReaders());
    }

    @Test
    void shouldResumeWithinASequence() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/events?since=3", null, "Last-Event-ID: 11.0\r\n"));
            client.readHead();
            assertTrue(readUntil(client, "id: 12.0").startsWith("id: 11.1\n"));
        }
    }

    @Test
    void shouldShowOneSessionOnly() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/events?since=0&session=5", null, ""));
            client.readHead();
            for (int i = 0; i < 100; i++)
            {
                api.manager.feed.emit(20 + i, 0, "session.state", "{\"sessionId\":6}");
            }
            api.manager.feed.emit(200, 0, "session.state", "{\"sessionId\":5}");
            final String text = readUntil(client, "id: 200.0");
            assertTrue(text.contains("id: 10.0") && text.contains("id: 11.0"), text);
            assertTrue(!text.contains("id: 11.1") && !text.contains("id: 20.0"), text);
        }
    }

    @Test
    void shouldShowWhatIsOfAKindOfAGroupAndOfAnOwner() throws IOException
    {
        api.manager.feed.emit(20, 0, "session.state", "{\"sessionId\":6,\"group\":\"gpu\",\"owner\":\"a\\\"b\"}");
        api.manager.feed.emit(21, 0, "kernel.state", "{\"sessionId\":6,\"group\":\"gpu\",\"owner\":\"a\\\"b\"}");
        api.manager.feed.emit(22, 0, "session.state", "{\"sessionId\":7,\"group\":\"gpus\",\"owner\":\"c\"}");
        api.manager.feed.emit(23, 0, "session.queued", "{\"sessionId\":8,\"group\":\"gpu\",\"owner\":\"c\"}");
        assertEquals("20.0 21.0 23.0", ids("/v1/events?since=19&group=gpu", "23.0"));
        assertEquals("20.0 22.0 23.0", ids("/v1/events?since=19&kind=session", "23.0"));
        assertEquals("20.0 22.0", ids("/v1/events?since=19&kind=session.state,agent", "22.0"));
        assertEquals("20.0 21.0", ids("/v1/events?since=19&owner=a%22b", "21.0"));
        assertEquals("23.0", ids("/v1/events?since=19&owner=c&group=gpu", "23.0"));
        api.problem(400, "bad-parameter", "GET", "/v1/events?kind=Session", null);
    }

    /** Ids of all events up to one. */
    private String ids(final String target, final String last) throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", target, null, ""));
            client.readHead();
            final StringJoiner ids = new StringJoiner(" ");
            for (final String line : readUntil(client, "id: " + last).split("\n"))
            {
                if (line.startsWith("id: "))
                {
                    ids.add(line.substring(4));
                }
            }
            return ids.toString();
        }
    }

    @Test
    void shouldBeatWhileNothingHappens() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/events", null, ""));
            client.readHead();
            assertEquals(": from now on\nid: 4711\n\n: still here\n\n", readUntil(client, "here"));
        }
    }

    /** Or the last that it was shown might be pruned by the time it comes back. */
    @Test
    void shouldMoveOnAReaderThatHasNoUseForWhatHappens() throws IOException
    {
        api.manager.feed.reign = "00c0ffee";
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/events?since=11&kind=session", null, ""));
            client.readHead();
            assertEquals(": still here\nid: 12.0.00c0ffee\n\n", readUntil(client, "here"));
            assertEquals(": still here\n\n", readUntil(client, "here"));
            api.manager.feed.emit(13, 0, "session.state", "{\"sessionId\":5}");
            assertTrue(readUntil(client, "id: 13.0.00c0ffee\n").contains("session.state"));
        }
    }

    @Test
    void shouldShowAnElementWhatIsOfItsWholeArray() throws IOException
    {
        api.manager.feed.emit(20, 0, "session.queued", "{\"sessionId\":60,\"count\":10,\"array\":true}");
        api.manager.feed.emit(21, 0, "session.updated", "{\"sessionId\":61,\"count\":2,\"priority\":3}");
        api.manager.feed.emit(22, 0, "session.state", "{\"sessionId\":62}");
        api.manager.feed.emit(23, 0, "session.state", "{\"sessionId\":63}");
        assertEquals("20.0 21.0 22.0", ids("/v1/events?since=19&session=62", "22.0"));
        assertEquals("20.0 23.0", ids("/v1/events?since=19&session=63", "23.0"));
    }

    /** Whoever asks for all of them misses nothing. */
    @Test
    void shouldSayOnceThatItDoesNotKnowAnyMoreWhoseEventsWere() throws IOException
    {
        api.manager.feed.emit(20, 0, "session.state", "{\"sessionId\":6,\"owner\":\"ana\"}");
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/events?since=9&owner=ana&kind=session", null, ""));
            client.readHead();
            final String text = readUntil(client, "id: 20.0");
            final String gap = "event: incomplete\ndata: {\"code\":\"sessions-forgotten\",\"sequence\":10,";
            assertTrue(text.startsWith(gap), text);
            assertEquals(text.indexOf("incomplete"), text.lastIndexOf("incomplete"), text);
        }
        for (final String all : List.of("", "&kind=session", "&session=6&owner=ana"))
        {
            try (RawClient client = api.connect())
            {
                client.send(RawClient.request("GET", "/v1/events?since=9" + all, null, ""));
                client.readHead();
                final String text = readUntil(client, "id: 20.0");
                assertTrue(!text.contains("incomplete"), text);
            }
        }
    }

    @Test
    void shouldSayThatThereIsNoSuchKind() throws IOException
    {
        for (final String wrong : List.of("sesion", "session.", "x,session", "", "session.states", "agent,".repeat(40)))
        {
            final JsonNode problem = api.problem(400, "bad-parameter", "GET", "/v1/events?kind=" + wrong, null);
            assertTrue(problem.path("detail").asText().contains("session.queued session.state"), problem.toString());
        }
        final String all = String.join(",", EventFeed.TYPES);
        assertEquals("12.0", ids("/v1/events?since=11&kind=" + all, "12.0"));
    }

    @Test
    void shouldSayThatTheJournalHasNotWhatTheReaderHasSeen() throws IOException
    {
        api.manager.feed.unknown = new UnknownSequenceException("gone", 1_000);
        final JsonNode problem = api.problem(410, "sequence-unknown", "GET", "/v1/events?since=1200", null);
        assertEquals(1_000, problem.path("newest").asLong());
        api.manager.feed.unknown = new UnknownSequenceException("gone", 0);
        assertTrue(api.problem(410, "sequence-unknown", "GET", "/v1/events?since=12.3.00c0ffee", null)
            .path("newest").isMissingNode());
        Await.until("no stream", () -> 0 == api.gateway.meters().streams().get());
        ids("/v1/events?since=0", "12.0");
    }

    @Test
    void shouldNameTheOldestKept() throws IOException
    {
        api.manager.feed.oldest = 4711;
        final JsonNode problem = api.problem(410, "sequence-pruned", "GET", "/v1/events?since=5", null);
        assertEquals(4711, problem.path("oldest").asLong());
        api.problem(400, "bad-parameter", "GET", "/v1/events?since=yesterday", null);
        Await.until("no stream", () -> 0 == api.gateway.meters().streams().get());
    }

    @Test
    void shouldSayWhyAReaderIsDropped() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/events", null, ""));
            client.readHead();
            api.manager.feed.dropAll("fell behind");
            final String text = readUntil(client, "dropped");
            final String lastWord = "event: dropped\ndata: {\"code\":\"reader-dropped\",\"detail\":\"fell behind";
            assertTrue(text.contains(lastWord), text);
            assertNull(client.readChunk());
            assertEquals(200, client.call("GET", "/health/live", null).status());
        }
    }

    @Test
    void shouldAskTheFeedForNoMoreThanTheReaderTakes() throws IOException
    {
        final String large = "{\"sessionId\":5,\"detail\":\"" + "x".repeat(20_000) + "\"}";
        try (RawClient client = new RawClient(api.gateway.port(), 4096))
        {
            client.send(RawClient.request("GET", "/v1/events", null, ""));
            Await.until("reader", () -> 1 == api.manager.feed.openReaders());
            final FakeFeed.Reader reader = api.manager.feed.readers.get(0);
            for (int i = 0; i < 2_000; i++)
            {
                api.manager.feed.emit(100 + i, 0, "session.state", large);
            }
            assertTrue(reader.unserved() > 1_000, "unserved=" + reader.unserved());
            Await.until("dropped", () -> 0 == api.manager.feed.openReaders());
        }
    }

    private static String fieldsBeyondCommon(final String event) throws IOException
    {
        final JsonNode data = ServedApi.MAPPER.readTree(event.substring(event.indexOf('{')));
        return 3 == data.size() ? "{}" : data.toString();
    }

    private static String readUntil(final RawClient client, final String mark) throws IOException
    {
        final StringBuilder text = new StringBuilder();
        while (text.indexOf(mark) < 0)
        {
            text.append(new String(client.readChunk(), StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
