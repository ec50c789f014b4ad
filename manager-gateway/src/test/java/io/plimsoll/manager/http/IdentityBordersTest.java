package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.manager.database.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ways around what policies and keypairs say, over the real API, manager and database. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IdentityBordersTest
{
    @TempDir
    static Path directory;

    private static SharedManager api;

    @BeforeAll
    static void launch() throws IOException
    {
        api = new SharedManager(directory, TestPostgres.emptyDatabase());
        api.make("domain", "{\"name\": \"borders\"}");
    }

    @AfterAll
    static void close()
    {
        api.close();
    }

    private static String with(final String field, final String value)
    {
        return SharedManager.TRUE.replace("}", ", \"" + field + "\": \"" + value + "\"}");
    }

    private static String accessKey(final String token) throws IOException
    {
        return api.call(200, token, "GET", "/v1/whoami", null).get("accessKey").asText();
    }

    /** Whoever is at the limit of a project or a keypair has no other account to go on with. */
    @Test
    void shouldCountForKeypairAndProjectWhateverAccountIsNamed() throws IOException
    {
        api.make("project", "{\"name\": \"held\", \"domain\": \"borders\", \"limits\": {\"cpu\": 1}}");
        final String token = api.user("hal", ", \"domain\": \"borders\", \"projects\": [\"held\"]");
        final String other = accessKey(api.keypair("hal"));
        for (final String account : List.of("user/hal", "keypair/" + accessKey(token), "keypair/" + other))
        {
            final JsonNode problem =
                api.problem(422, "account-not-allowed", token, "POST", "/v1/sessions", with("account", account));
            assertEquals("account", problem.get("field").asText());
            assertTrue(problem.get("detail").asText().contains("not for " + account), problem.toString());
        }
        for (final String account : List.of("hal@held", "project/held"))
        {
            final long session = api.submit(token, with("account", account));
            assertEquals(
                "hal@held",
                api.call(200, token, "GET", "/v1/sessions/" + session, null).get("owner").asText());
        }
        final String free = api.user("free", ", \"domain\": \"borders\"");
        api.submit(free, with("account", "keypair/" + accessKey(free)));
        api.problem(422, "account-not-allowed", free, "POST", "/v1/sessions", with("account", "user/free"));
        api.submit(api.administrator, with("account", "user/hal"));
    }

    @Test
    void shouldNotTellAnothersAccountFromNone() throws IOException
    {
        final String token = api.user("curious", ", \"domain\": \"borders\"");
        api.user("secretive", ", \"domain\": \"borders\"");
        for (final String account : List.of("user/secretive", "user/secretivo", "project/elsewhere"))
        {
            final String code = account.startsWith("project/") ? "unknown-project" : "unknown-account";
            final JsonNode problem =
                api.problem(422, code, token, "POST", "/v1/sessions", with("account", account));
            assertFalse(problem.get("detail").asText().contains("did you mean"), problem.toString());
        }
        final JsonNode problem =
            api.problem(404, "unknown-account", token, "GET", "/v1/accounts/user%2Fsecretivo", null);
        assertFalse(problem.get("detail").asText().contains("secretive"), problem.toString());
    }

    @Test
    void shouldTakeNothingForAProjectThatIsInactiveOrWasLeft() throws IOException
    {
        api.make("project", "{\"name\": \"left\", \"domain\": \"borders\"}");
        final String token = api.user("leo", ", \"domain\": \"borders\", \"projects\": [\"left\"]");
        api.submit(token, SharedManager.TRUE);
        final String admin = api.administrator;
        api.call(200, admin, "PATCH", "/v1/projects/left", "{\"active\": false}");
        for (final String body : List.of(
            SharedManager.TRUE, with("account", "leo@left"), with("account", "project/left"), with("project", "left")))
        {
            api.problem(422, "project-inactive", token, "POST", "/v1/sessions", body);
        }
        api.problem(422, "project-inactive", admin, "POST", "/v1/sessions", with("account", "leo@left"));
        api.call(200, admin, "PATCH", "/v1/projects/left", "{\"active\": true}");
        api.submit(token, with("account", "leo@left"));
        api.call(200, admin, "POST", "/v1/projects/left/members", "{\"remove\": [\"leo\"]}");
        api.problem(422, "not-a-member", token, "POST", "/v1/sessions", with("account", "leo@left"));
        api.problem(422, "unknown-project", token, "POST", "/v1/sessions", with("account", "project/left"));
    }

    /** What would never be taken is not told to try again. */
    @Test
    void shouldSayHowLargeAnArrayMayBe() throws IOException
    {
        final String token = api.user("arno", ", \"domain\": \"borders\"");
        api.call(
            200, api.administrator, "PUT", "/v1/groups/small",
            "{\"pendingMax\": 9, \"acceptUnsatisfiable\": true}");
        final String array = "{\"command\": [\"true\"], \"group\": \"small\", \"count\": ";
        final JsonNode problem = api.problem(422, "array-too-large", token, "POST", "/v1/sessions", array + "6}");
        assertEquals(
            "count: given 6, but at most 5 of one user may wait in group small (pendingMax 9); submit it in parts",
            problem.get("detail").asText());
        api.problem(422, "array-too-large", api.administrator, "POST", "/v1/sessions", array + "10}");
        api.call(201, token, "POST", "/v1/sessions", array + "5}");
        api.call(200, token, "POST", "/v1/sessions/cancel", "{\"select\": {\"group\": \"small\"}}");
        api.call(201, api.administrator, "POST", "/v1/sessions", array + "9}");
        api.call(200, api.administrator, "POST", "/v1/sessions/cancel", "{\"select\": {\"group\": \"small\"}}");
    }

    /** A limit of what nobody has by that name would hold nobody. */
    @Test
    void shouldSayWhichSlotALimitMeans() throws IOException
    {
        api.make("project", "{\"name\": \"slots\", \"domain\": \"borders\", \"limits\": {\"license.x\": 3}}");
        for (final String path : List.of("/v1/projects/slots", "/v1/accounts/project%2Fslots"))
        {
            final JsonNode problem = api.problem(
                400, "unknown-slot", api.administrator, "PATCH", path, "{\"limits\": {\"gpu\": 2}}");
            assertEquals("/limits/gpu", problem.get("field").asText());
            assertTrue(problem.get("detail").asText().contains("did you mean cuda.device"), problem.toString());
            api.problem(
                400, "unknown-slot", api.administrator, "PATCH", path, "{\"pendingLimits\": {\"memory\": 1}}");
            api.call(200, api.administrator, "PATCH", path, "{\"limits\": {\"cpus\": null}}");
        }
    }

    /** Not only that sessions were cancelled or a group changed, but which and how. */
    @Test
    void shouldWriteDownWhatWasAskedFor() throws IOException
    {
        final long session = api.submit(api.administrator, SharedManager.TRUE);
        api.call(200, api.administrator, "PATCH", "/v1/sessions/" + session, "{\"priority\": 17}");
        api.call(
            200, api.administrator, "POST", "/v1/sessions/cancel", "{\"ids\":\n  [" + session + "]}");
        Await.until("both in the log", () ->
        {
            try
            {
                final String entries = api.call(
                    200, api.administrator, "GET", "/v1/audit?action=sessions", null).get("entries").toString();
                return entries.contains("{\\\"ids\\\": [" + session + "]}") &&
                    entries.contains("{\\\"priority\\\": 17}");
            }
            catch (final IOException ex)
            {
                throw new java.io.UncheckedIOException(ex);
            }
        });
    }

    /** A stream is no way to stay: what is open ends when its keypair is taken back. */
    @Test
    void shouldEndStreamsOfWhomItLetsInNoMore() throws IOException
    {
        final String token = api.user("stay", ", \"domain\": \"borders\"");
        final String key = accessKey(token);
        final String running = api.user("watch", ", \"domain\": \"borders\"");
        final long session = api.submit(token, SharedManager.TRUE);
        try (BufferedReader events = api.events(token, "/v1/events");
            BufferedReader others = api.events(running, "/v1/events"))
        {
            api.call(200, api.administrator, "PATCH", "/v1/keypairs/" + key, "{\"active\": false}");
            final List<String> said = new ArrayList<>();
            String line = events.readLine();
            while (null != line)
            {
                said.add(line);
                line = events.readLine();
            }
            assertTrue(said.contains("event: dropped"), said.toString());
            assertTrue(said.stream().anyMatch(data -> data.contains("\"token-wrong\"")), said.toString());
            final long own = api.submit(running, SharedManager.TRUE);
            line = others.readLine();
            while (!line.contains("\"sessionId\":" + own))
            {
                line = others.readLine();
            }
        }
        api.call(200, api.administrator, "DELETE", "/v1/sessions/" + session, null);
    }

    /** A page goes on behind where the last one of the page before stood, though that is gone. */
    @Test
    void shouldGoOnWithTheNextPageWhenItsCursorIsGone() throws IOException
    {
        api.make("domain", "{\"name\": \"paged\"}");
        for (int i = 1; i <= 4; i++)
        {
            api.make("user", "{\"name\": \"page" + i + "\", \"domain\": \"paged\"}");
        }
        final JsonNode page =
            api.call(200, api.administrator, "GET", "/v1/users?domain=paged&limit=2", null);
        api.call(200, api.administrator, "DELETE", "/v1/users/page2", null);
        final JsonNode next = api.call(
            200, api.administrator, "GET",
            "/v1/users?domain=paged&limit=2&cursor=" + page.get("nextCursor").asText(), null);
        assertEquals(List.of("page3", "page4"), texts(next.get("users"), "name"));
        assertTrue(next.get("nextCursor").isNull());
        final List<String> keys = new ArrayList<>();
        for (int i = 0; i < 3; i++)
        {
            keys.add(accessKey(api.keypair("page3")));
        }
        final JsonNode first = api.call(200, api.administrator, "GET", "/v1/keypairs?user=page3&limit=1", null);
        assertEquals(keys.subList(0, 1), texts(first.get("keypairs"), "accessKey"));
        api.call(200, api.administrator, "DELETE", "/v1/keypairs/" + keys.get(0), null);
        final String target = "/v1/keypairs?user=page3&limit=1&cursor=";
        final JsonNode second =
            api.call(200, api.administrator, "GET", target + first.get("nextCursor").asText(), null);
        assertEquals(keys.subList(1, 2), texts(second.get("keypairs"), "accessKey"));
        assertFalse(second.get("nextCursor").isNull());
        api.problem(400, "bad-parameter", api.administrator, "GET", target + keys.get(0), null);
    }

    private static List<String> texts(final JsonNode array, final String field)
    {
        final List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.get(field).asText()));
        return texts;
    }

    private static HttpResponse<String> conditional(
        final String method, final String path, final String body, final String condition, final String tag)
        throws Exception
    {
        return HttpClient.newHttpClient().send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.manager.apiPort() + path))
                .header("Authorization", "Bearer " + api.administrator)
                .header(condition, tag)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    }

    /** Two admins do not undo each other's change unseen; what is used is no change. */
    @Test
    void shouldChangeOnlyWhatTheClientHasSeen() throws Exception
    {
        final String token = api.user("tagged", ", \"domain\": \"borders\"");
        final String template = "{\"name\": \"tagged\", \"session\": {\"command\": [\"true\"]}, \"project\": \"tags\"}";
        api.make("project", "{\"name\": \"tags\", \"domain\": \"borders\"}");
        api.make("template", template);
        for (final String path : List.of(
            "/v1/domains/borders", "/v1/projects/tags", "/v1/users/tagged", "/v1/keypairs/" + accessKey(token),
            "/v1/templates/tagged"))
        {
            final String tag = conditional("GET", path, "", "If-None-Match", "\"other\"").headers()
                .firstValue("etag").orElseThrow();
            api.submit(token, SharedManager.TRUE);
            assertEquals(304, conditional("GET", path, "", "If-None-Match", tag).statusCode(), path);
            final HttpResponse<String> changed =
                conditional("PATCH", path, "{\"description\": \"first\"}", "If-Match", tag);
            assertEquals(200, changed.statusCode(), changed.body());
            final HttpResponse<String> second =
                conditional("PATCH", path, "{\"description\": \"second\"}", "If-Match", tag);
            assertEquals(412, second.statusCode(), second.body());
            assertTrue(second.body().contains("\"changed-meanwhile\""), second.body());
            assertEquals(412, conditional("DELETE", path, "", "If-Match", tag).statusCode(), path);
            final String now = changed.headers().firstValue("etag").orElseThrow();
            assertEquals(304, conditional("GET", path, "", "If-None-Match", now).statusCode(), path);
        }
    }

    /** The database has no such character, so what has it in its name would never be written down. */
    @Test
    void shouldRefuseNamesThatNothingCanHave() throws IOException
    {
        final String token = api.user("nul", ", \"domain\": \"borders\"");
        api.problem(400, "bad-path", token, "DELETE", "/v1/sessions/%00", null);
        api.problem(400, "bad-path", token, "DELETE", "/v1/templates/a%00b", null);
        api.problem(400, "bad-parameter", token, "GET", "/v1/sessions?name=a%00", null);
        api.problem(404, "unknown-session", token, "DELETE", "/v1/sessions/%EF%BF%BD", null);
        Await.until("what came after it", () ->
        {
            try
            {
                return 1 == api.call(200, api.administrator, "GET", "/v1/audit?actor=nul", null).get("entries").size();
            }
            catch (final IOException ex)
            {
                throw new java.io.UncheckedIOException(ex);
            }
        });
    }
}
