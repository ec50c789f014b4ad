package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.core.sbe.LifeState;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StoryTest
{
    private ServedApi api;

    @BeforeEach
    void serve() throws IOException
    {
        api = new ServedApi();
        api.manager.put(5, LifeState.RUNNING);
    }

    @AfterEach
    void close() throws IOException
    {
        api.close();
    }

    @Test
    void shouldTellWhatASessionWentThrough() throws IOException
    {
        final JsonNode history = api.call(200, "GET", "/v1/sessions/5/history", null);
        assertEquals("PENDING", history.at("/steps/0/state").asText());
        assertTrue(history.at("/steps/0/afterSeconds").isNull());
        assertEquals("RUNNING", history.at("/steps/1/state").asText());
        assertEquals(0.0015, history.at("/steps/1/afterSeconds").asDouble());
        api.problem(404, "unknown-session", "GET", "/v1/sessions/6/history", null);
    }

    @Test
    void shouldShowWhatDependsOnWhat() throws IOException
    {
        final JsonNode graph = api.call(200, "GET", "/v1/sessions/5/dependencies?limit=1", null);
        assertTrue(graph.get("truncated").asBoolean());
        assertEquals("{\"from\":3,\"to\":5,\"condition\":\"success\"}", graph.at("/edges/0").toString());
        final JsonNode behind = api.call(200, "GET", "/v1/sessions/5/dependencies?direction=behind", null);
        assertEquals("any-end", behind.at("/edges/0/condition").asText());
        assertFalse(behind.get("truncated").asBoolean());
        api.problem(400, "bad-parameter", "GET", "/v1/sessions/5/dependencies?direction=up", null);
        api.problem(404, "unknown-session", "GET", "/v1/sessions/6/dependencies", null);
    }

    @Test
    void shouldCancelWhatIsSelected() throws IOException
    {
        for (long id = 6; id <= 1400; id++)
        {
            api.manager.put(id, 0 == id % 7 ? LifeState.TERMINATED : LifeState.PENDING);
        }
        final JsonNode some = api.call(
            200, "POST", "/v1/sessions/cancel", "{\"select\": {\"state\": \"PENDING\"}, \"limit\": 600}");
        assertEquals(600, some.get("cancelled").asInt());
        assertTrue(some.get("more").asBoolean());
        final JsonNode rest = api.call(
            200, "POST", "/v1/sessions/cancel", "{\"select\": {\"state\": [\"PENDING\"], \"name\": \"job\"}}");
        assertEquals(1395 - 200 + 0 - 600, rest.get("cancelled").asInt());
        assertFalse(rest.get("more").asBoolean());
        assertEquals(1, api.call(
            200, "POST", "/v1/sessions/cancel", "{\"select\": {\"all\": true}}").get("cancelled").asInt());
        assertEquals(0, api.call(
            200, "POST", "/v1/sessions/cancel", "{\"select\": {\"group\": \"x\"}}").get("cancelled").asInt());
        api.problem(400, "missing-field", "POST", "/v1/sessions/cancel", "{\"select\": {}}");
        api.problem(400, "missing-field", "POST", "/v1/sessions/cancel", "{\"ids\":[5],\"select\": {\"name\":\"a\"}}");
        api.problem(400, "unknown-field", "POST", "/v1/sessions/cancel", "{\"select\": {\"stat\": \"PENDING\"}}");
        api.problem(400, "bad-parameter", "POST", "/v1/sessions/cancel", "{\"select\": {\"state\": \"x\"}}");
        api.problem(400, "out-of-range", "POST", "/v1/sessions/cancel", "{\"limit\": 0}");
    }
}
