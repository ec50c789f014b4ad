package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.manager.control.CommandRejectedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class UpdateTest
{
    private ServedApi api;

    @BeforeEach
    void serve() throws IOException
    {
        api = new ServedApi();
        api.manager.put(5, LifeState.RUNNING);
        api.manager.put(6, LifeState.TERMINATED);
    }

    @AfterEach
    void close() throws IOException
    {
        api.close();
    }

    @Test
    void shouldChangeOneSession() throws IOException
    {
        final JsonNode changed = api.call(
            200, "PATCH", "/v1/sessions/5", "{\"priority\": 70, \"timeout\": \"2h\", \"name\": \"long\"}");
        assertEquals(70, changed.get("priority").asInt());
        assertEquals(7200, changed.get("timeoutSeconds").asInt());
        assertEquals("long", changed.get("name").asText());
        final JsonNode free = api.call(200, "PATCH", "/v1/sessions/5", "{\"timeout\": null}");
        assertTrue(free.get("timeoutSeconds").isNull());
        assertEquals(70, free.get("priority").asInt());
    }

    @Test
    void shouldRefuseWhatCannotBeChanged() throws IOException
    {
        api.problem(404, "unknown-session", "PATCH", "/v1/sessions/99", "{\"priority\": 70}");
        api.problem(409, "already-ended", "PATCH", "/v1/sessions/6", "{\"priority\": 70}");
        api.problem(400, "missing-field", "PATCH", "/v1/sessions/5", "{}");
        api.problem(400, "unknown-field", "PATCH", "/v1/sessions/5", "{\"kernels\": 2}");
        api.problem(400, "out-of-range", "PATCH", "/v1/sessions/5", "{\"priority\": 101}");
        api.problem(400, "wrong-type", "PATCH", "/v1/sessions/5", "{\"name\": 7}");
        api.manager.failure.set(
            new CommandRejectedException(RejectCode.QUOTA_EXCEEDED, "priority", 0, 5, 70, 50));
        assertTrue(api.problem(422, "quota-exceeded", "PATCH", "/v1/sessions/5", "{\"priority\": 70}")
            .path("detail").asText().contains("requested 70 > limit 50"));
    }

    /** Whoever changes what it has seen may not undo what another did meanwhile, even if both come at once. */
    @Test
    void shouldLetOneWinOfThoseWhoHaveSeenTheSame() throws IOException
    {
        final int count = 8;
        final List<RawClient> clients = new ArrayList<>();
        try (RawClient reader = api.connect())
        {
            final String tag = reader.call("GET", "/v1/sessions/5", null).header("etag");
            for (int i = 0; i < count; i++)
            {
                clients.add(api.connect());
                clients.get(i).send(RawClient.request(
                    "PATCH", "/v1/sessions/5", "{\"priority\": " + (20 + i) + "}", "If-Match: " + tag + "\r\n"));
            }
            final List<Integer> statuses = new ArrayList<>();
            for (final RawClient client : clients)
            {
                statuses.add(client.read().status());
            }
            assertEquals(1, Collections.frequency(statuses, 200), statuses.toString());
            assertEquals(count - 1, Collections.frequency(statuses, 412), statuses.toString());
        }
        finally
        {
            for (final RawClient client : clients)
            {
                client.close();
            }
        }
    }

    @Test
    void shouldChangeMany() throws IOException
    {
        final JsonNode reply = api.call(
            200, "POST", "/v1/sessions/update", "{\"ids\": [\"5-7\"], \"priority\": 3}");
        assertEquals(1, reply.get("updated").asInt());
        assertEquals(1, reply.get("alreadyEnded").asInt());
        assertEquals(1, reply.get("unknown").asInt());
        api.problem(400, "missing-field", "POST", "/v1/sessions/update", "{\"priority\": 3}");
        api.problem(400, "missing-field", "POST", "/v1/sessions/update", "{\"ids\": [5]}");
    }
}
