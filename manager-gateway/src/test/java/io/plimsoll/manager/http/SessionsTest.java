package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.core.sbe.LifeState;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SessionsTest
{
    private ServedApi api;

    @BeforeEach
    void serve() throws IOException
    {
        api = new ServedApi();
    }

    @AfterEach
    void close() throws IOException
    {
        api.close();
    }

    @Test
    void shouldShowASessionWhole() throws IOException
    {
        api.manager.put(5, LifeState.TERMINATED);
        final JsonNode session = api.call(200, "GET", "/v1/sessions/5", null);
        assertEquals("TERMINATED", session.get("state").asText());
        assertEquals("success", session.get("result").asText());
        assertEquals("completed", session.get("reason").asText());
        assertEquals("admin", session.get("owner").asText());
        assertEquals(0, session.get("exitCode").asInt());
        assertEquals("2026-11-18T11:06:40.123456Z", session.get("submittedAt").asText());
        assertEquals("0.001", session.get("waitSeconds").asText());
        assertEquals(2.499, session.get("runSeconds").asDouble());
        assertEquals("{\"cpu\":1.5,\"mem\":268435456,\"cuda.device\":1}", session.get("slots").toString());
        assertEquals(90, session.get("timeoutSeconds").asInt());
        assertEquals("main", session.at("/kernels/0/role").asText());
        assertEquals("node-1", session.at("/kernels/0/agent").asText());
        api.manager.put(6, LifeState.PENDING);
        final JsonNode pending = api.call(200, "GET", "/v1/sessions/6", null);
        assertTrue(pending.get("exitCode").isNull() && pending.get("startedAt").isNull());
        assertTrue(pending.at("/kernels/0/agentId").isNull());
    }

    @Test
    void shouldNotKnowWhatIsNotThere() throws IOException
    {
        api.problem(404, "unknown-session", "GET", "/v1/sessions/99", null);
        api.problem(404, "unknown-session", "GET", "/v1/sessions/none", null);
        api.problem(404, "unknown-session", "GET", "/v1/sessions/0", null);
        api.problem(404, "unknown-session", "GET", "/v1/sessions/99999999999999999999", null);
        api.problem(404, "unknown-session", "DELETE", "/v1/sessions/99", null);
        api.problem(404, "unknown-session", "GET", "/v1/sessions/99/wait", null);
        api.problem(404, "unknown-session", "GET", "/v1/sessions/99/logs", null);
        api.problem(400, "bad-path", "GET", "/v1/sessions/%zz", null);
    }

    @Test
    void shouldListInPages() throws IOException
    {
        for (long id = 1; id <= 5; id++)
        {
            api.manager.put(id, 3 == id ? LifeState.TERMINATED : LifeState.RUNNING);
        }
        final JsonNode first = api.call(200, "GET", "/v1/sessions?limit=2", null);
        assertEquals("[1,2]", ids(first));
        final JsonNode second = api.call(
            200, "GET", "/v1/sessions?limit=2&cursor=" + first.get("nextCursor").asLong(), null);
        assertEquals("[4,5]", ids(second));
        assertTrue(second.get("nextCursor").isNull());
        assertEquals("[1,2,3,4,5]", ids(api.call(200, "GET", "/v1/sessions?all=true", null)));
        assertEquals("[3]", ids(api.call(200, "GET", "/v1/sessions?state=terminated,error", null)));
        assertEquals("[]", ids(api.call(200, "GET", "/v1/sessions?group=gpu", null)));
        assertEquals("[1,2,4,5]", ids(api.call(200, "GET", "/v1/sessions?agent=node-1&name=job", null)));
        assertEquals("[]", ids(api.call(200, "GET", "/v1/sessions?array=7", null)));
    }

    @Test
    void shouldCutPagesOfLargeSessions() throws IOException
    {
        final String large = "x".repeat(50_000);
        for (int i = 0; i < 150; i++)
        {
            api.call(201, "POST", "/v1/sessions", "{\"command\": [\"" + large + "\"]}");
        }
        final JsonNode first = api.call(200, "GET", "/v1/sessions?limit=1000", null);
        assertEquals(83, first.get("sessions").size());
        assertEquals(84, first.get("nextCursor").asLong());
        final JsonNode second = api.call(200, "GET", "/v1/sessions?limit=1000&cursor=84", null);
        assertEquals(67, second.get("sessions").size());
        assertEquals(84, second.at("/sessions/0/id").asLong());
    }

    @Test
    void shouldSayWhichParameterIsWrong() throws IOException
    {
        assertTrue(api.problem(400, "unknown-parameter", "GET", "/v1/sessions?stat=RUNNING", null)
            .path("detail").asText().contains("did you mean \"state\"?"));
        assertTrue(api.problem(400, "bad-parameter", "GET", "/v1/sessions?state=ASLEEP", null)
            .path("detail").asText().contains("PENDING, SCHEDULED"));
        assertEquals(
            "limit",
            api.problem(400, "bad-parameter", "GET", "/v1/sessions?limit=0", null).path("field").asText());
        api.problem(400, "bad-parameter", "GET", "/v1/sessions?limit=1001", null);
        api.problem(400, "bad-parameter", "GET", "/v1/sessions?limit=ten", null);
        api.problem(400, "bad-parameter", "GET", "/v1/sessions?limit=1&limit=2", null);
        api.problem(400, "bad-parameter", "GET", "/v1/sessions?cursor=-1", null);
        api.problem(400, "bad-parameter", "GET", "/v1/sessions?all=perhaps", null);
        api.problem(400, "bad-parameter", "GET", "/v1/sessions?name=%C3%2", null);
        api.problem(404, "unknown-agent", "GET", "/v1/sessions?agent=node-2", null);
    }

    @Test
    void shouldCancel() throws IOException
    {
        api.manager.put(5, LifeState.RUNNING);
        final JsonNode reply = api.call(200, "DELETE", "/v1/sessions/5", null);
        assertEquals(1, reply.get("cancelled").asInt());
        assertEquals("async", reply.get("durability").asText());
        api.problem(409, "already-ended", "DELETE", "/v1/sessions/5", null);
        api.manager.put(6, LifeState.PENDING);
        api.manager.put(7, LifeState.PENDING);
        final JsonNode many = api.call(
            200, "POST", "/v1/sessions/cancel", "{\"ids\": [5, \"6\"], \"ranges\": [\"7-8\"]}");
        assertEquals(2, many.get("cancelled").asInt());
        assertEquals(1, many.get("alreadyEnded").asInt());
        assertEquals(1, many.get("unknown").asInt());
    }

    @Test
    void shouldSayWhatIsWrongWithACancellation() throws IOException
    {
        api.problem(400, "missing-field", "POST", "/v1/sessions/cancel", "{}");
        api.problem(400, "unknown-field", "POST", "/v1/sessions/cancel", "{\"id\": 5}");
        api.problem(400, "wrong-type", "POST", "/v1/sessions/cancel", "{\"ids\": 5}");
        api.problem(400, "out-of-range", "POST", "/v1/sessions/cancel", "{\"ids\": [0]}");
        api.problem(400, "out-of-range", "POST", "/v1/sessions/cancel", "{\"ranges\": [\"9-5\"]}");
        api.problem(400, "bad-json", "POST", "/v1/sessions/cancel", "");
    }

    @Test
    void shouldWaitForTheEnd() throws IOException
    {
        api.manager.put(5, LifeState.TERMINATED);
        assertEquals("TERMINATED", api.call(200, "GET", "/v1/sessions/5/wait", null).get("state").asText());
        api.manager.put(6, LifeState.RUNNING);
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/sessions/6/wait?timeout=60s", null, ""));
            Await.until("waiter", () -> 1 == api.manager.view.waiters.size());
            api.manager.put(6, LifeState.TERMINATED);
            final RawClient.Response response = client.read();
            assertEquals(200, response.status());
            assertTrue(response.text().contains("\"TERMINATED\""), response.text());
        }
    }

    @Test
    void shouldAnswerWithTheStateWhenTheWaitIsOver() throws IOException
    {
        api.manager.put(5, LifeState.RUNNING);
        assertEquals("RUNNING", api.call(202, "GET", "/v1/sessions/5/wait?timeout=5ms", null).get("state").asText());
        api.call(202, "GET", "/v1/sessions/5/wait?timeout=0", null);
        Await.until("no waiter", api.manager.view.waiters::isEmpty);
        api.problem(400, "bad-parameter", "GET", "/v1/sessions/5/wait?timeout=soon", null);
        api.problem(400, "bad-parameter", "GET", "/v1/sessions/5/wait?timeout=-1s", null);
    }

    @Test
    void shouldForgetAWaiterThatLeaves() throws IOException
    {
        api.manager.put(5, LifeState.RUNNING);
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("GET", "/v1/sessions/5/wait?timeout=60s", null, ""));
            Await.until("waiter", () -> 1 == api.manager.view.waiters.size());
        }
        Await.until("no waiter", api.manager.view.waiters::isEmpty);
        Await.until("no exchange", () -> 0 == api.gateway.meters().exchanges().get());
    }

    private static String ids(final JsonNode page)
    {
        final StringBuilder ids = new StringBuilder();
        page.get("sessions").forEach(session -> ids.append(ids.isEmpty() ? "" : ",").append(session.get("id")));
        return "[" + ids + "]";
    }
}
