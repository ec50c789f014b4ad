package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One request that waits for many sessions. */
class WaitManyTest
{
    private static final String PATH = "/v1/sessions/wait";

    private ServedApi api;

    @BeforeEach
    void setUp() throws IOException
    {
        api = new ServedApi();
    }

    @AfterEach
    void tearDown() throws IOException
    {
        api.close();
    }

    private void end(final long id, final Result result)
    {
        api.manager.view.put(FakeManager.with(
            api.manager.view.session(id), LifeState.TERMINATED, result, Reason.COMPLETED, 1));
    }

    @Test
    void shouldSayWhatHasEndedWhatHasNotAndWhatIsNotThere() throws IOException
    {
        for (int id = 1; id <= 1_500; id++)
        {
            api.manager.put(id, LifeState.RUNNING);
        }
        end(3, Result.FAILURE);
        end(700, Result.SUCCESS);
        end(1_500, Result.SUCCESS);
        final JsonNode reply = api.call(
            202, "POST", PATH, "{\"ids\": [\"1-1000\", \"900-1600\", 2], \"timeout\": \"1ms\"}");
        assertEquals(3, reply.get("ended").asInt());
        assertEquals(2, reply.get("succeeded").asInt());
        assertEquals(1, reply.get("failed").asInt());
        assertEquals(3, reply.get("failures").get(0).get("id").asInt());
        assertEquals("[\"1-2\",\"4-699\",\"701-1499\"]", reply.get("waiting").toString());
        assertEquals("[\"1501-1600\"]", reply.get("unknown").toString());
        assertFalse(reply.get("more").asBoolean());
    }

    /** Whatever the order in which they end, it is answered with the last of them and needs one place to wait. */
    @Test
    void shouldAnswerWhenTheLastHasEnded() throws IOException
    {
        for (int id = 1; id <= 40; id++)
        {
            api.manager.put(id, LifeState.RUNNING);
        }
        final CompletableFuture<JsonNode> answer = CompletableFuture.supplyAsync(() ->
        {
            try
            {
                return api.call(200, "POST", PATH, "{\"ids\": [\"1-40\"], \"timeout\": \"5m\"}");
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        });
        Await.until("one waits", () -> 1 == api.manager.view.waiters.size());
        for (int id = 40; id > 1; id--)
        {
            end(id, 0 == id % 2 ? Result.SUCCESS : Result.FAILURE);
        }
        assertFalse(answer.isDone());
        assertEquals(1, api.manager.view.waiters.size());
        end(1, Result.FAILURE);
        final JsonNode reply = answer.join();
        assertEquals(40, reply.get("ended").asInt());
        assertEquals(20, reply.get("failed").asInt());
        assertEquals(20, reply.get("failures").size());
        assertTrue(reply.get("waiting").isEmpty());
        Await.until("nobody waits", () -> 0 == api.manager.view.waiters.size());
    }

    @Test
    void shouldWaitForWhatIsSelected() throws IOException
    {
        api.manager.put(1, LifeState.RUNNING);
        api.manager.put(2, LifeState.PENDING);
        final JsonNode reply = api.call(
            202, "POST", PATH, "{\"select\": {\"state\": \"RUNNING\"}, \"timeout\": 0}");
        assertEquals("[\"1\"]", reply.get("waiting").toString());
        final JsonNode cut = api.call(
            202, "POST", PATH, "{\"select\": {\"group\": \"default\"}, \"limit\": 1, \"timeout\": 0}");
        assertTrue(cut.get("more").asBoolean());
    }

    @Test
    void shouldNameWhatIsWrong() throws IOException
    {
        for (final String[] wrong : new String[][]{
            {"{}", "missing-field", "/ids"},
            {"{\"ids\": []}", "missing-field", "/ids"},
            {"{\"ids\": [1], \"select\": {\"name\": \"a\"}}", "missing-field", "/ids"},
            {"{\"ids\": [\"1-100001\"]}", "out-of-range", "/ids"},
            {"{\"ids\": [\"1-999999999999999999\", \"1-999999999999999999\"]}", "out-of-range", "/ids"},
            {"{\"ids\": [1], \"timeout\": \"soon\"}", "out-of-range", "/timeout"},
            {"{\"ids\": [1], \"timeout\": -1}", "out-of-range", "/timeout"},
            {"{\"ids\": [1], \"timeout\": true}", "wrong-type", "/timeout"},
            {"{\"ids\": [1], \"limit\": 0}", "out-of-range", "/limit"},
            {"{\"id\": [1]}", "unknown-field", "/id"}})
        {
            final JsonNode problem = api.problem(400, wrong[1], "POST", PATH, wrong[0]);
            assertEquals(wrong[2], problem.path("field").asText(), problem.toString());
        }
    }
}
