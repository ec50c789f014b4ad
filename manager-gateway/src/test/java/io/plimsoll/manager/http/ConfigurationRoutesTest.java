package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.manager.control.AccountOptions;
import io.plimsoll.manager.control.CommandRejectedException;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.control.GroupOptions;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConfigurationRoutesTest
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
    void shouldMakeAGroupAndChangeSomeOfItsOptions() throws IOException
    {
        api.call(200, "PUT", "/v1/groups/gpu", """
            {"order": "drf", "select": "fragmentation-gradient", "backfill": "easy", "usageHalfLife": "12h",
             "preemption": {"mode": "reschedule", "minRuntime": 90}, "quarantine": {"after": 3, "duration": "10m"},
             "allowedTypes": ["batch", "system"], "kernelsMax": 8, "acceptUnsatisfiable": true}""");
        final JsonNode changed = api.call(
            200, "PATCH", "/v1/groups/gpu", "{\"order\": \"fair-share\", \"preemption\": {\"mode\": null}}");
        assertEquals(changed, api.call(200, "GET", "/v1/groups/gpu", null));
        assertEquals("fair-share", changed.get("order").asText());
        assertEquals("fragmentation-gradient", changed.get("select").asText());
        assertEquals("12h", changed.get("usageHalfLife").asText());
        assertEquals("off", changed.at("/preemption/mode").asText());
        assertEquals("1m30s", changed.at("/preemption/minRuntime").asText());
        assertEquals("[\"batch\",\"system\"]", changed.get("allowedTypes").toString());
        assertEquals("10s", changed.get("scheduledTimeout").asText());
        final GroupOptions options = api.manager.view.group("gpu").options();
        assertEquals(3, options.get(GroupOption.QUARANTINE_AFTER));
        assertEquals(1, options.get(GroupOption.ACCEPT_UNSATISFIABLE));
        // What is read can be written, and says the same.
        api.call(200, "PUT", "/v1/groups/gpu", changed.toString());
        assertEquals(options, api.manager.view.group("gpu").options());
        assertEquals(1, api.call(200, "GET", "/v1/groups", null).get("groups").size());
        final JsonNode queue = api.call(200, "GET", "/v1/groups/gpu/queue?limit=2", null);
        assertEquals("[3,1]", queue.get("ready").toString());
        api.problem(400, "bad-parameter", "GET", "/v1/groups/gpu/queue?limit=0", null);
        api.problem(404, "unknown-group", "GET", "/v1/groups/none/queue", null);
        final JsonNode plain = api.call(200, "PUT", "/v1/groups/gpu", "{\"select\": \"round-robin\"}");
        assertEquals("fifo", plain.get("order").asText());
        assertEquals("", api.manager.view.group("gpu").options().selectionName());
        final JsonNode slotsFirst = api.call(200, "PUT", "/v1/groups/gpu", "{\"select\": \"dispersed:mem:cpu\"}");
        assertEquals("dispersed:mem:cpu", slotsFirst.get("select").asText());
        assertEquals(1, api.manager.view.group("gpu").options().get(GroupOption.SELECT));
    }

    /** Two who change the same do not undo each other's change unseen. */
    @Test
    void shouldChangeOnlyWhatTheClientHasSeen() throws IOException
    {
        api.call(200, "PUT", "/v1/accounts/alice", "{}");
        try (RawClient client = api.connect())
        {
            for (final String[] one : new String[][]{
                {"/v1/groups/gpu", "{\"order\": \"drf\"}", "{\"order\": \"lifo\"}"},
                {"/v1/accounts/alice", "{\"weight\": 2}", "{\"weight\": 3}"}})
            {
                client.send(RawClient.request("PUT", one[0], "{}", ""));
                final String tag = client.read().header("etag");
                client.send(RawClient.request("GET", one[0], null, "If-None-Match: " + tag + "\r\n"));
                assertEquals(304, client.read().status());
                client.send(RawClient.request("PATCH", one[0], one[1], "If-Match: " + tag + "\r\n"));
                final RawClient.Response changed = client.read();
                assertEquals(200, changed.status());
                assertNotEquals(tag, changed.header("etag"));
                client.send(RawClient.request("PATCH", one[0], one[2], "If-Match: " + tag + "\r\n"));
                assertEquals(412, client.read().status());
                client.send(RawClient.request("GET", one[0], null, "If-None-Match: " + tag + "\r\n"));
                final RawClient.Response now = client.read();
                assertEquals(200, now.status());
                assertEquals(changed.header("etag"), now.header("etag"));
            }
            client.send(RawClient.request("PUT", "/v1/groups/none", "{}", "If-Match: *\r\n"));
            assertEquals(412, client.read().status());
        }
    }

    /** A name is decoded once, or another one would be meant. */
    @Test
    void shouldTakeNamesAsTheyAreSpelt() throws IOException
    {
        assertEquals("a+b", api.call(200, "PUT", "/v1/groups/a%2Bb", "{}").get("name").asText());
        assertEquals("50%41", api.call(200, "PUT", "/v1/groups/50%2541", "{}").get("name").asText());
        assertEquals("50%41", api.call(200, "GET", "/v1/groups/50%2541", null).get("name").asText());
        api.problem(404, "unknown-group", "GET", "/v1/groups/%25zz", null);
        api.problem(404, "unknown-account", "GET", "/v1/accounts/%25zz", null);
    }

    @Test
    void shouldSayWhichOptionOfAGroupIsWrong() throws IOException
    {
        api.call(200, "PUT", "/v1/groups/gpu", "{}");
        problem(400, "unknown-field", "/oder", "{\"oder\": \"fifo\"}");
        problem(400, "out-of-range", "/order", "{\"order\": \"best\"}");
        problem(400, "out-of-range", "/preemption/mode", "{\"preemption\": {\"mode\": true}}");
        problem(400, "out-of-range", "/ageing", "{\"ageing\": \"1x\"}");
        problem(400, "out-of-range", "/attemptsMax", "{\"attemptsMax\": 0}");
        problem(400, "out-of-range", "/select", "{\"select\": \"no such\"}");
        problem(400, "out-of-range", "/select", "{\"select\": \"random:mem\"}");
        problem(400, "unknown-field", "/preemption/after", "{\"preemption\": {\"after\": 1}}");
        api.problem(404, "unknown-group", "PATCH", "/v1/groups/gpus", "{}");
        api.problem(404, "unknown-group", "GET", "/v1/groups/gpus", null);
    }

    @Test
    void shouldNameTheOptionWithAPolicyThatIsNotThere() throws IOException
    {
        api.manager.failure.set(new CommandRejectedException(RejectCode.UNKNOWN_POLICY, "best-fitt", 0, 0, 0, 0));
        final JsonNode problem = api.problem(
            422, "unknown-policy", "PUT", "/v1/groups/gpu", "{\"select\": \"best-fitt\"}");
        assertEquals("select", problem.path("field").asText());
        assertTrue(problem.path("detail").asText().contains("did you mean \"best-fit\""), problem.toString());
    }

    private void problem(final int status, final String code, final String field, final String body) throws IOException
    {
        assertEquals(
            field, api.problem(status, code, "PATCH", "/v1/groups/gpu", body).path("field").asText(), body);
    }

    @Test
    void shouldMakeAccountsUnderEachOther() throws IOException
    {
        api.call(200, "PUT", "/v1/accounts/research", "{\"level\": \"project\", \"sessionsMax\": 100}");
        final JsonNode alice = api.call(200, "PUT", "/v1/accounts/alice", """
            {"parent": "research", "weight": 2.5, "limits": {"cpu": 10.5, "mem": "64g", "cuda.device": 4},
             "pendingMax": 5, "priorityMax": 50, "allowedTypes": ["batch"]}""");
        assertEquals("research", alice.get("parent").asText());
        assertEquals(
            new AccountOptions(
                2, "alice", AccountLevel.USER, 1, 0, 2_500, -1, -1, 5, -1, 50, 1,
                Map.of("cpu", 10_500L, "mem", 64L << 30, "cuda.device", 4L), Map.of()),
            api.manager.view.account("alice").options());
        final JsonNode changed = api.call(
            200, "PATCH", "/v1/accounts/2", "{\"limits\": {\"cpu\": 20, \"mem\": null}, \"pendingMax\": null}");
        assertEquals("{\"cpu\":20,\"cuda.device\":4}", changed.get("limits").toString());
        assertTrue(changed.get("pendingMax").isNull());
        assertEquals(0.5, changed.at("/used/cpu").asDouble());
        assertEquals(2, api.call(200, "GET", "/v1/accounts", null).get("accounts").size());
        assertEquals(changed, api.call(200, "GET", "/v1/accounts/alice", null));
        api.problem(404, "unknown-account", "PATCH", "/v1/accounts/bob", "{}");
        api.problem(422, "unknown-account", "PUT", "/v1/accounts/bob", "{\"parent\": \"nobody\"}");
        api.problem(400, "out-of-range", "PUT", "/v1/accounts/bob", "{\"weight\": 0}");
        api.problem(400, "out-of-range", "PUT", "/v1/accounts/bob", "{\"level\": \"king\"}");
    }

    @Test
    void shouldSubmitForAnAccount() throws IOException
    {
        api.call(200, "PUT", "/v1/accounts/7", "{\"name\": \"alice\"}");
        api.call(201, "POST", "/v1/sessions", "{\"account\": \"alice\", \"command\": [\"x\"]}");
        assertEquals(7, api.manager.submissions.get(0).sessions().get(0).terms().accountId());
        api.call(201, "POST", "/v1/sessions", "{\"account\": 7, \"command\": [\"x\"]}");
        assertEquals(7, api.manager.submissions.get(1).sessions().get(0).terms().accountId());
        final JsonNode problem = api.problem(
            422, "unknown-account", "POST", "/v1/sessions", "{\"account\": \"alise\", \"command\": [\"x\"]}");
        assertTrue(problem.get("detail").asText().contains("alice"), problem.toString());
        assertEquals("account", problem.get("field").asText());
    }
}
