package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.core.sbe.LifeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ListTest
{
    private ServedApi api;

    @BeforeEach
    void serve() throws IOException
    {
        api = new ServedApi();
        for (long id = 1; id <= 7; id++)
        {
            api.manager.put(id, LifeState.RUNNING);
        }
        // Priorities are 10 elsewhere.
        api.call(200, "PATCH", "/v1/sessions/3", "{\"priority\": 50}");
        api.call(200, "PATCH", "/v1/sessions/6", "{\"priority\": 0}");
        api.call(200, "PATCH", "/v1/sessions/7", "{\"priority\": 50}");
    }

    @AfterEach
    void close() throws IOException
    {
        api.close();
    }

    /** All pages of two sessions. */
    private List<Long> pages(final String query) throws IOException
    {
        final List<Long> ids = new ArrayList<>();
        String cursor = "";
        do
        {
            final JsonNode page = api.call(200, "GET", "/v1/sessions?limit=2" + query + cursor, null);
            page.get("sessions").forEach(session -> ids.add(session.get("id").asLong()));
            cursor = page.get("nextCursor").isNull() ? "" : "&cursor=" + page.get("nextCursor").asText();
        }
        while (!cursor.isEmpty());
        return ids;
    }

    @Test
    void shouldSort() throws IOException
    {
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), pages("&sort=submittedAt"));
        assertEquals(List.of(7L, 6L, 5L, 4L, 3L, 2L, 1L), pages("&sort=-id"));
        assertEquals(List.of(3L, 7L, 1L, 2L, 4L, 5L, 6L), pages("&sort=-priority"));
        assertEquals(List.of(6L, 1L, 2L, 4L, 5L, 3L, 7L), pages("&sort=priority"));
        api.problem(400, "bad-parameter", "GET", "/v1/sessions?sort=name", null);
        api.problem(400, "bad-parameter", "GET", "/v1/sessions?sort=priority&cursor=5", null);
        api.problem(400, "bad-parameter", "GET", "/v1/sessions?sort=priority&cursor=101.5", null);
    }

    @Test
    void shouldFilterByTimeAndAccount() throws IOException
    {
        assertEquals(7, pages("&since=2026-11-18T11:06:40Z&until=2026-11-18T11:06:41Z").size());
        assertEquals(0, pages("&since=2026-11-18T11:06:41Z").size());
        assertEquals(0, pages("&until=2026-11-18T11:06:40Z").size());
        api.problem(400, "bad-parameter", "GET", "/v1/sessions?since=yesterday", null);
        api.problem(422, "unknown-account", "GET", "/v1/sessions?account=nobody", null);
    }

    @Test
    void shouldShowTheFieldsThatAreAskedFor() throws IOException
    {
        final JsonNode page = api.call(200, "GET", "/v1/sessions?limit=1&fields=state,id", null);
        assertEquals("{\"id\":1,\"state\":\"RUNNING\"}", page.at("/sessions/0").toString());
        final JsonNode one = api.call(200, "GET", "/v1/sessions/3?fields=priority,slots", null);
        assertEquals(2, one.size());
        assertEquals(1.5, one.at("/slots/cpu").asDouble());
        assertTrue(api.problem(400, "bad-parameter", "GET", "/v1/sessions?fields=stat", null)
            .path("detail").asText().contains("did you mean \"state\"?"));
    }

    @Test
    void shouldKnowEveryFieldOfASession()
    {
        final List<String> described = new ArrayList<>();
        OpenApiDescription.LOADED.root().at("/components/schemas/Session/properties").fieldNames()
            .forEachRemaining(described::add);
        assertEquals(described, FieldSelection.FIELDS);
    }

    @Test
    void shouldSendWhatTheClientDoesNotHave() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/sessions/1", null, ""));
            final String tag = client.read().header("etag");
            client.send(RawClient.request("GET", "/v1/sessions/1", null, "If-None-Match: \"x\", W/" + tag + "\r\n"));
            final RawClient.Response same = client.read();
            assertEquals(304, same.status());
            assertEquals(tag, same.header("etag"));
            api.manager.put(1, LifeState.TERMINATED);
            client.send(RawClient.request("GET", "/v1/sessions/1", null, "If-None-Match: " + tag + "\r\n"));
            final RawClient.Response other = client.read();
            assertEquals(200, other.status());
            assertNotEquals(tag, other.header("etag"));
        }
    }

    @Test
    void shouldChangeOnlyWhatTheClientHasSeen() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/sessions/1", null, ""));
            final String tag = client.read().header("etag");
            client.send(RawClient.request(
                "PATCH", "/v1/sessions/1", "{\"priority\": 3}", "If-Match: " + tag + "\r\n"));
            final RawClient.Response changed = client.read();
            assertEquals(200, changed.status());
            client.send(RawClient.request(
                "PATCH", "/v1/sessions/1", "{\"priority\": 4}", "If-Match: " + tag + "\r\n"));
            final RawClient.Response refused = client.read();
            assertEquals(412, refused.status());
            assertTrue(refused.text().contains("\"title\":\"Changed meanwhile\""), refused.text());
            assertNull(refused.header("etag"));
            client.send(RawClient.request(
                "PATCH", "/v1/sessions/1", "{\"priority\": 5}", "If-Match: " + changed.header("etag") + "\r\n"));
            assertEquals(200, client.read().status());
        }
    }
}
