package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.manager.database.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is who and may do what, over the real API, manager and database. Each test has names of its own. */
class IdentityApiTest
{
    @TempDir
    static Path directory;

    private static SharedManager api;

    @BeforeAll
    static void launch() throws IOException
    {
        api = new SharedManager(directory, TestPostgres.emptyDatabase());
        api.make("domain", "{\"name\": \"research\"}");
        api.make("domain", "{\"name\": \"industry\"}");
    }

    @AfterAll
    static void close()
    {
        api.close();
    }

    private static List<String> texts(final JsonNode array)
    {
        final List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Set<Long> sessions(final String token) throws IOException
    {
        final Set<Long> ids = new TreeSet<>();
        api.call(200, token, "GET", "/v1/sessions?all=true", null).get("sessions")
            .forEach(session -> ids.add(session.get("id").asLong()));
        return ids;
    }

    @Test
    void shouldMakeShowChangeAndDelete() throws IOException
    {
        final JsonNode project = api.make(
            "project",
            "{\"name\": \"vision\", \"domain\": \"research\", \"limits\": {\"cpu\": 10, \"mem\": \"64g\"}," +
                " \"sessionsMax\": 5, \"lifetimeMax\": \"8h\", \"allowedGroups\": [\"default\"], \"weight\": 2}");
        assertEquals("research", project.get("domain").asText());
        assertEquals(10, project.get("limits").get("cpu").asInt());
        assertEquals(64L << 30, project.get("limits").get("mem").asLong());
        assertEquals("8h", project.get("lifetimeMax").asText());
        assertTrue(project.get("confirmed").asBoolean());
        final JsonNode changed = api.call(
            200, api.administrator, "PATCH", "/v1/projects/vision",
            "{\"description\": \"Computer vision\", \"limits\": {\"mem\": null}, \"sessionsMax\": null}");
        assertEquals(Set.of("cpu"), Set.copyOf(names(changed.get("limits"))));
        assertTrue(changed.get("sessionsMax").isNull());
        assertEquals("8h", changed.get("lifetimeMax").asText());
        final JsonNode account = api.call(200, api.administrator, "GET", "/v1/accounts/project%2Fvision", null);
        assertEquals("domain/research", account.get("parent").asText());
        assertEquals(2, account.get("weight").asInt());
        api.call(200, api.administrator, "DELETE", "/v1/projects/vision", null);
        api.problem(404, "unknown-project", api.administrator, "GET", "/v1/projects/vision", null);
        final JsonNode again = api.make("project", "{\"name\": \"vision\", \"domain\": \"research\"}");
        assertTrue(again.get("account").asInt() > project.get("account").asInt());
        assertTrue(again.get("confirmed").asBoolean());
    }

    private static List<String> names(final JsonNode object)
    {
        final List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void shouldNameWhatIsWrong() throws IOException
    {
        final String admin = api.administrator;
        api.make("project", "{\"name\": \"taken\", \"domain\": \"research\"}");
        final JsonNode unknown = api.problem(
            422, "unknown-domain", admin, "POST", "/v1/projects", "{\"name\": \"x\", \"domain\": \"reserch\"}");
        assertEquals("/domain", unknown.get("field").asText());
        assertTrue(unknown.get("detail").asText().contains("research"), unknown.toString());
        api.problem(
            409, "name-in-use", admin, "POST", "/v1/projects", "{\"name\": \"taken\", \"domain\": \"industry\"}");
        api.problem(409, "still-used", admin, "DELETE", "/v1/domains/research", null);
        for (final String[] wrong : new String[][]{
            {"{\"name\": \"a b\", \"domain\": \"research\"}", "/name"},
            {"{\"domain\": \"research\"}", "/name"},
            {"{\"name\": \"x\"}", "/domain"},
            {"{\"name\": \"x\", \"domain\": \"research\", \"colour\": 1}", "/colour"},
            {"{\"name\": \"x\", \"domain\": \"research\", \"priorityMax\": 101}", "/priorityMax"},
            {"{\"name\": \"x\", \"domain\": \"research\", \"limits\": {\"cpu\": -1}}", "/limits/cpu"},
            {"{\"name\": \"x\", \"domain\": \"research\", \"active\": null}", "/active"},
            {"{\"name\": \"x\", \"domain\": \"research\", \"lifetimeMax\": \"soon\"}", "/lifetimeMax"}})
        {
            final JsonNode problem = api.call(400, admin, "POST", "/v1/projects", wrong[0]);
            assertEquals(wrong[1], problem.path("field").asText(), problem.toString());
        }
        api.problem(
            422, "unknown-project", admin, "POST", "/v1/users",
            "{\"name\": \"nobody\", \"domain\": \"industry\", \"projects\": [\"taken\"]}");
        api.problem(404, "unknown-user", admin, "GET", "/v1/users/nobody", null);
        api.problem(400, "out-of-range", admin, "POST", "/v1/users",
            "{\"name\": \"nobody\", \"domain\": \"industry\", \"role\": \"root\"}");
    }

    @Test
    void shouldLetInWhoHoldsAKeypairAndNobodyElse() throws IOException
    {
        api.make("project", "{\"name\": \"doors\", \"domain\": \"research\"}");
        final String token = api.user("dora", ", \"domain\": \"research\", \"projects\": [\"doors\"]");
        final JsonNode who = api.call(200, token, "GET", "/v1/whoami", null);
        assertEquals("dora", who.get("name").asText());
        assertEquals("doors", who.get("defaultProject").asText());
        final String accessKey = who.get("accessKey").asText();
        api.problem(401, "token-wrong", token + "x", "GET", "/v1/whoami", null);
        api.problem(401, "token-wrong", "pk." + accessKey + ".", "GET", "/v1/whoami", null);
        api.problem(401, "token-wrong", "pk.PKAAAAAAAAAAAA.guess", "GET", "/v1/whoami", null);
        final JsonNode keypair = api.call(200, token, "GET", "/v1/keypairs/" + accessKey, null);
        assertFalse(keypair.toString().contains(token.substring(token.lastIndexOf('.') + 1)));
        for (final String change : new String[]{
            "{\"active\": false}", "{\"active\": true, \"expiresAt\": \"2020-01-01T00:00:00Z\"}"})
        {
            api.call(200, api.administrator, "PATCH", "/v1/keypairs/" + accessKey, change);
            awaitStatus(401, token);
            api.call(
                200, api.administrator, "PATCH", "/v1/keypairs/" + accessKey,
                "{\"active\": true, \"expiresAt\": null}");
            awaitStatus(200, token);
        }
        api.call(200, api.administrator, "PATCH", "/v1/users/dora", "{\"active\": false}");
        awaitStatus(401, token);
        api.call(200, api.administrator, "PATCH", "/v1/users/dora", "{\"active\": true}");
        api.call(200, api.administrator, "DELETE", "/v1/users/dora", null);
        awaitStatus(401, token);
        api.problem(404, "unknown-keypair", api.administrator, "GET", "/v1/keypairs/" + accessKey, null);
    }

    /** What was right a moment ago may be taken for right for a second. */
    private static void awaitStatus(final int status, final String token)
    {
        Await.until("status " + status, () ->
        {
            try
            {
                return status == api.send(token, "GET", "/v1/whoami", null).statusCode();
            }
            catch (final IOException ex)
            {
                throw new java.io.UncheckedIOException(ex);
            }
        });
    }

    @Test
    void shouldHideTheSessionsOfOthers() throws IOException
    {
        api.make("project", "{\"name\": \"shared\", \"domain\": \"research\"}");
        final String in = ", \"domain\": \"research\", \"projects\": [\"shared\"]";
        final String ana = api.user("ana", in);
        final String bo = api.user("bo", in);
        final String boss = api.user("boss", in + ", \"role\": \"admin\"");
        final String guard = api.user("guard", ", \"domain\": \"industry\", \"role\": \"monitor\"");
        api.make("domain", "{\"name\": \"elsewhere\"}");
        final String other = api.user("other", ", \"domain\": \"elsewhere\", \"role\": \"admin\"");
        final long session = api.submit(ana, SharedManager.TRUE);
        final String path = "/v1/sessions/" + session;
        for (final String reader : new String[]{ana, api.keypair("ana"), boss, guard, api.administrator})
        {
            assertTrue(sessions(reader).contains(session));
            api.call(200, reader, "GET", path, null);
            api.call(200, reader, "GET", path + "/explain", null);
            api.call(202, reader, "GET", path + "/wait?timeout=0", null);
            assertTrue(texts(api.call(200, reader, "GET", "/v1/groups/default/queue?limit=1000", null).get("ready"))
                .contains(Long.toString(session)));
        }
        for (final String stranger : new String[]{bo, other})
        {
            assertFalse(sessions(stranger).contains(session));
            for (final String target : new String[]{"", "/explain", "/wait", "/logs", "/exec", "/attach", "/history",
                "/dependencies"})
            {
                final var answer = api.send(stranger, "GET", path + target, null);
                assertEquals(404, answer.statusCode(), target);
                assertTrue(answer.body().contains("unknown-session"), answer.body());
            }
            api.problem(404, "unknown-session", stranger, "DELETE", path, null);
            api.problem(404, "unknown-session", stranger, "PATCH", path, "{\"priority\": 1}");
            final JsonNode unchanged = api.call(
                200, stranger, "POST", "/v1/sessions/update", "{\"ids\": [" + session + "], \"priority\": 1}");
            assertEquals(1, unchanged.get("unknown").asInt());
            assertEquals(0, api.call(
                200, stranger, "POST", "/v1/sessions/cancel",
                "{\"select\": {\"group\": \"default\"}}").get("cancelled").asInt());
            final JsonNode none = api.call(
                200, stranger, "POST", "/v1/sessions/cancel", "{\"ids\": [\"1-" + session + "\"]}");
            assertEquals(0, none.get("cancelled").asInt());
            assertFalse(texts(api.call(200, stranger, "GET", "/v1/groups/default/queue?limit=1000", null).get("ready"))
                .contains(Long.toString(session)));
        }
        api.problem(403, "not-allowed", guard, "DELETE", path, null);
        api.problem(403, "not-allowed", guard, "PATCH", path, "{\"priority\": 1}");
        assertEquals(7, api.call(200, ana, "PATCH", path, "{\"priority\": 7}").get("priority").asInt());
        api.problem(403, "not-allowed", guard, "POST", "/v1/sessions", SharedManager.TRUE);
        assertEquals("PENDING", api.call(200, ana, "GET", path, null).get("state").asText());
        final JsonNode cancelled = api.call(
            200, ana, "POST", "/v1/sessions/cancel", "{\"ids\": [\"" + session + "-" + (session + 1) + "\"]}");
        assertEquals(1, cancelled.get("cancelled").asInt());
        assertEquals(1, cancelled.get("unknown").asInt());
    }

    @Test
    void shouldShowEventsOfOwnSessionsOnly() throws IOException
    {
        final String eve = api.user("eve", ", \"domain\": \"research\"");
        final String adam = api.user("adam", ", \"domain\": \"research\"");
        final long other = api.submit(adam, SharedManager.TRUE);
        final long own = api.submit(eve, SharedManager.TRUE);
        final long last = api.submit(api.administrator, SharedManager.TRUE);
        assertEquals(Set.of(own), sessionsOfEvents(eve, own));
        assertTrue(sessionsOfEvents(api.administrator, last).containsAll(Set.of(other, own, last)));
    }

    /** Of all events from the first on, until one is of a session. */
    private static Set<Long> sessionsOfEvents(final String token, final long until) throws IOException
    {
        final Set<Long> sessions = new TreeSet<>();
        try (BufferedReader lines = api.events(token, "/v1/events?since=0"))
        {
            while (!sessions.contains(until))
            {
                final String line = lines.readLine();
                if (line.startsWith("data: "))
                {
                    final JsonNode event = ServedApi.MAPPER.readTree(line.substring(6));
                    if (event.has("sessionId"))
                    {
                        sessions.add(event.get("sessionId").asLong());
                    }
                }
            }
        }
        return sessions;
    }

    @Test
    void shouldKeepAnAdminToItsDomainAndAUserToItself() throws IOException
    {
        api.make("domain", "{\"name\": \"north\"}");
        api.make("domain", "{\"name\": \"south\"}");
        final String north = api.user("nora", ", \"domain\": \"north\", \"role\": \"admin\"");
        final String plain = api.user("nils", ", \"domain\": \"north\"");
        api.user("sven", ", \"domain\": \"south\"");
        api.call(201, north, "POST", "/v1/projects", "{\"name\": \"northern\"}");
        api.call(201, north, "POST", "/v1/users", "{\"name\": \"nina\", \"projects\": [\"northern\"]}");
        api.call(201, north, "POST", "/v1/keypairs", "{\"user\": \"nina\"}");
        api.call(200, north, "POST", "/v1/projects/northern/members", "{\"add\": [\"nils\"]}");
        api.problem(
            422, "unknown-user", north, "POST", "/v1/projects/northern/members", "{\"add\": [\"sven\"]}");
        api.problem(422, "unknown-user", north, "POST", "/v1/keypairs", "{\"user\": \"sven\"}");
        api.problem(
            422, "unknown-domain", north, "POST", "/v1/projects", "{\"name\": \"x\", \"domain\": \"south\"}");
        api.problem(404, "unknown-user", north, "DELETE", "/v1/users/sven", null);
        api.problem(404, "unknown-domain", north, "GET", "/v1/domains/south", null);
        api.problem(403, "not-allowed", north, "PATCH", "/v1/domains/north", "{\"sessionsMax\": 100}");
        api.problem(
            403, "not-allowed", north, "POST", "/v1/users", "{\"name\": \"up\", \"role\": \"superadmin\"}");
        api.problem(403, "not-allowed", north, "GET", "/v1/audit", null);
        api.problem(403, "not-allowed", north, "POST", "/v1/recover", "{\"acceptLoss\": true}");
        api.problem(403, "not-allowed", plain, "PATCH", "/v1/users/nils", "{\"sessionsMax\": 100}");
        api.problem(403, "not-allowed", plain, "PUT", "/v1/groups/default", "{}");
        api.problem(403, "not-allowed", plain, "PATCH", "/v1/accounts/user%2Fnils", "{\"weight\": 9}");
        assertEquals(List.of("northern"), texts(api.call(200, plain, "GET", "/v1/whoami", null).get("projects")));
        final List<String> seen = new ArrayList<>();
        api.call(200, plain, "GET", "/v1/users", null).get("users").forEach(
            user -> seen.add(user.get("name").asText()));
        assertEquals(List.of("nils"), seen);
        final List<String> listed = new ArrayList<>();
        api.call(200, north, "GET", "/v1/users?project=northern", null).get("users")
            .forEach(user -> listed.add(user.get("name").asText()));
        assertEquals(List.of("nils", "nina"), listed);
        assertTrue(api.call(200, plain, "GET", "/v1/accounts", null).toString().contains("project/northern"));
        assertFalse(api.call(200, plain, "GET", "/v1/accounts", null).toString().contains("user/nina"));
    }

    @Test
    void shouldCountASessionForItsProjectOrSayWhatIsMissing() throws IOException
    {
        for (final String name : new String[]{"one", "two", "three"})
        {
            api.make("project", "{\"name\": \"" + name + "\", \"domain\": \"industry\"}");
        }
        final String token = api.user("ida", ", \"domain\": \"industry\", \"projects\": [\"one\", \"two\"]");
        final JsonNode missing =
            api.problem(422, "project-missing", token, "POST", "/v1/sessions", SharedManager.TRUE);
        assertEquals("project", missing.get("field").asText());
        final String for2 = SharedManager.TRUE.replace("}", ", \"project\": \"two\"}");
        final long session = api.submit(token, for2);
        final String owner = api.call(200, token, "GET", "/v1/sessions/" + session, null).get("owner").asText();
        assertTrue(owner.endsWith("@two"), owner);
        api.problem(
            422, "unknown-project", token, "POST", "/v1/sessions",
            SharedManager.TRUE.replace("}", ", \"project\": \"three\"}"));
        api.problem(
            422, "unknown-account", token, "POST", "/v1/sessions",
            SharedManager.TRUE.replace("}", ", \"account\": \"user/ida2\"}"));
        api.call(200, api.administrator, "PATCH", "/v1/users/ida", "{\"defaultProject\": \"one\"}");
        Await.until("the default", () -> isAccepted(token));
        api.call(200, api.administrator, "POST", "/v1/projects/two/members", "{\"remove\": [\"ida\"]}");
        api.problem(422, "unknown-project", token, "POST", "/v1/sessions", for2);
        api.call(200, token, "GET", "/v1/sessions/" + session, null);
    }

    private static boolean isAccepted(final String token)
    {
        try
        {
            return 201 == api.send(token, "POST", "/v1/sessions", SharedManager.TRUE).statusCode();
        }
        catch (final IOException ex)
        {
            throw new java.io.UncheckedIOException(ex);
        }
    }

    @Test
    void shouldHoldLinesToThePoliciesOfAllLevels() throws IOException
    {
        api.make("domain", "{\"name\": \"lined\", \"allowedGroups\": [\"default\"]}");
        api.make("project", "{\"name\": \"brief\", \"domain\": \"lined\", \"lifetimeMax\": \"1h\"}");
        final String token =
            api.user("lin", ", \"domain\": \"lined\", \"projects\": [\"brief\"], \"priorityMax\": 20");
        final String[] answers = api.send(
            token, "POST", "/v1/sessions", "application/x-ndjson",
            SharedManager.TRUE + "\n" +
            SharedManager.TRUE.replace("}", ", \"timeout\": \"2h\"}") + "\n" +
            SharedManager.TRUE.replace("}", ", \"group\": \"gpu\"}") + "\n" +
            SharedManager.TRUE.replace("}", ", \"priority\": 50}") + "\n" +
            SharedManager.TRUE.replace("}", ", \"account\": \"nobody\"}") + "\n" +
            SharedManager.TRUE).body().split("\n");
        final long first = ServedApi.MAPPER.readTree(answers[0]).get("id").asLong();
        final JsonNode shown = api.call(200, token, "GET", "/v1/sessions/" + first, null);
        assertEquals(3600, shown.get("timeoutSeconds").asInt(), shown.toString());
        assertTrue(answers[1].contains("\"lifetime-exceeded\""), answers[1]);
        assertTrue(answers[2].contains("\"group-not-allowed\""), answers[2]);
        assertTrue(answers[3].contains("\"quota-exceeded\""), answers[3]);
        assertTrue(answers[4].contains("\"error\""), answers[4]);
        assertTrue(answers[5].contains("\"id\""), answers[5]);
        assertTrue(answers[6].startsWith("{\"accepted\":2,\"refused\":4,"), answers[6]);
    }

    @Test
    void shouldHoldSessionsToThePoliciesOfAllLevels() throws IOException
    {
        api.make("domain", "{\"name\": \"strict\", \"allowedGroups\": [\"default\"]}");
        api.make("project", "{\"name\": \"short\", \"domain\": \"strict\", \"lifetimeMax\": \"1h\"}");
        final String token = api.user(
            "tim",
            ", \"domain\": \"strict\", \"projects\": [\"short\"], \"limits\": {\"cpu\": 2}, \"priorityMax\": 20");
        final long session = api.submit(token, SharedManager.TRUE);
        final JsonNode shown = api.call(200, token, "GET", "/v1/sessions/" + session, null);
        assertEquals(3600, shown.get("timeoutSeconds").asInt(), shown.toString());
        final JsonNode tooLong = api.problem(
            422, "lifetime-exceeded", token, "POST", "/v1/sessions",
            SharedManager.TRUE.replace("}", ", \"timeout\": \"2h\"}"));
        assertTrue(tooLong.get("detail").asText().contains("limit 1h of project short"), tooLong.toString());
        final String path = "/v1/sessions/" + session;
        api.problem(422, "lifetime-exceeded", token, "PATCH", path, "{\"timeout\": \"2h\"}");
        api.problem(
            422, "lifetime-exceeded", token, "POST", "/v1/sessions/update",
            "{\"ids\": [" + session + "], \"timeout\": \"2h\"}");
        api.problem(422, "quota-exceeded", token, "PATCH", path, "{\"priority\": 21}");
        final JsonNode shorter = api.call(200, token, "PATCH", path, "{\"timeout\": \"10m\"}");
        assertEquals(600, shorter.get("timeoutSeconds").asInt());
        final JsonNode unlimited = api.call(200, token, "PATCH", path, "{\"timeout\": null}");
        assertEquals(3600, unlimited.get("timeoutSeconds").asInt());
        final JsonNode longer = api.call(200, api.administrator, "PATCH", path, "{\"timeout\": \"2h\"}");
        assertEquals(7200, longer.get("timeoutSeconds").asInt());
        final JsonNode elsewhere = api.problem(
            422, "group-not-allowed", token, "POST", "/v1/sessions",
            SharedManager.TRUE.replace("}", ", \"group\": \"gpu\"}"));
        assertTrue(elsewhere.get("detail").asText().contains("domain strict"), elsewhere.toString());
        final long large = api.submit(token, "{\"command\": [\"/bin/true\"], \"cpu\": 3}");
        assertEquals(
            List.of("user tim: cpu: used 0 + requested 3 > limit 2 (over by 1)"),
            texts(api.call(200, token, "GET", "/v1/sessions/" + large + "/explain", null).get("limits")));
        api.call(200, api.administrator, "PATCH", "/v1/projects/short", "{\"limits\": {\"cpu\": 1}}");
        assertEquals(
            List.of(
                "user tim: cpu: used 0 + requested 3 > limit 2 (over by 1)",
                "project short: cpu: used 0 + requested 3 > limit 1 (over by 2)"),
            texts(api.call(200, token, "GET", "/v1/sessions/" + large + "/explain", null).get("limits")));
        api.problem(
            422, "quota-exceeded", token, "POST", "/v1/sessions",
            SharedManager.TRUE.replace("}", ", \"priority\": 21}"));
    }

    @Test
    void shouldRememberWhoChangedWhat() throws IOException
    {
        final String boss = api.user("auda", ", \"domain\": \"industry\", \"role\": \"admin\"");
        api.call(201, boss, "POST", "/v1/projects", "{\"name\": \"audited\", \"sessionsMax\": 3}");
        api.call(403, boss, "PATCH", "/v1/domains/industry", "{\"sessionsMax\": 3}");
        final JsonNode made = api.call(
            200, api.administrator, "GET", "/v1/audit?target=audited&action=project", null).get("entries").get(0);
        assertEquals("project.create", made.get("action").asText());
        assertTrue(made.get("actor").asText().startsWith("auda PK"), made.toString());
        assertEquals("admin", made.get("role").asText());
        assertEquals("127.0.0.1", made.get("source").asText());
        assertEquals("done", made.get("result").asText());
        assertTrue(made.get("detail").asText().contains("sessionsMax=3"), made.toString());
        assertFalse(made.get("requestId").asText().isEmpty());
        Await.until("the refusal in the log", () -> audited("actor=auda", "not-allowed"));
        api.call(200, api.administrator, "PATCH", "/v1/groups/default", "{\"order\": \"fair-share\"}");
        Await.until("the change of the group", () -> audited("action=groups", "done"));
        assertFalse(api.call(200, api.administrator, "GET", "/v1/audit?limit=1000", null).toString()
            .contains(boss.substring(boss.lastIndexOf('.') + 1)));
        final JsonNode page = api.call(200, api.administrator, "GET", "/v1/audit?limit=1", null);
        final JsonNode next = api.call(
            200, api.administrator, "GET", "/v1/audit?limit=1&cursor=" + page.get("nextCursor").asLong(), null);
        assertTrue(next.get("entries").get(0).get("id").asLong() < page.get("entries").get(0).get("id").asLong());
    }

    private static boolean audited(final String query, final String result)
    {
        try
        {
            return api.call(200, api.administrator, "GET", "/v1/audit?" + query, null).get("entries").toString()
                .contains("\"result\":\"" + result + "\"");
        }
        catch (final IOException ex)
        {
            throw new java.io.UncheckedIOException(ex);
        }
    }

    /** One user cannot take all that may wait, in whatever way it comes; others go on. */
    @Test
    void shouldLeaveRoomToWaitForOthers() throws IOException
    {
        final String flood = api.user("flood", ", \"domain\": \"research\"");
        final String other = api.user("beside", ", \"domain\": \"research\"");
        api.call(
            200, api.administrator, "PUT", "/v1/groups/narrow",
            "{\"pendingMax\": 20, \"acceptUnsatisfiable\": true}");
        final String session = "{\"command\": [\"true\"], \"group\": \"narrow\"}";
        final List<String> lines = api.send(
            flood, "POST", "/v1/sessions", "application/x-ndjson", (session + "\n").repeat(30)).body().lines().toList();
        assertEquals(31, lines.size());
        // Which of them depends on how the body was cut.
        assertEquals(20, lines.stream().filter(line -> line.contains("\"too-many-pending\"")).count());
        assertTrue(lines.get(30).contains("\"accepted\":10,\"refused\":20"), lines.get(30));
        final JsonNode problem = api.problem(429, "too-many-pending", flood, "POST", "/v1/sessions", session);
        assertEquals(
            "user flood: pending sessions: used 10 + requested 1 > limit 10 (over by 1); beyond a half of what may" +
                " wait in a group, nobody may have more waiting than it has left free; wait until some have started",
            problem.get("detail").asText());
        for (int i = 0; i < 5; i++)
        {
            api.submit(other, session);
        }
        api.problem(429, "too-many-pending", other, "POST", "/v1/sessions", session);
        api.call(
            200, flood, "POST", "/v1/sessions/cancel", "{\"select\": {\"group\": \"narrow\"}, \"limit\": 8}");
        api.submit(other, session);
        api.call(200, api.administrator, "POST", "/v1/sessions/cancel", "{\"select\": {\"group\": \"narrow\"}}");
    }

    /** By an account above: a project has the sessions of all in it, a user those of all its keypairs and projects. */
    @Test
    void shouldListAndCancelByWhoeverSessionsCountFor() throws IOException
    {
        api.make("project", "{\"name\": \"north\", \"domain\": \"industry\"}");
        api.make("project", "{\"name\": \"south\", \"domain\": \"industry\"}");
        final String hella = api.user("hella", ", \"domain\": \"industry\", \"projects\": [\"north\", \"south\"]");
        final String finn = api.user("finn", ", \"domain\": \"industry\", \"projects\": [\"south\"]");
        final long inNorth = api.submit(hella, "{\"command\": [\"true\"], \"project\": \"north\"}");
        final long inSouth = api.submit(hella, "{\"command\": [\"true\"], \"project\": \"south\"}");
        final long ofFinn = api.submit(finn, "{\"command\": [\"true\"]}");
        assertEquals(Set.of(inNorth, inSouth), of("user/hella"));
        assertEquals(Set.of(inNorth), of("project/north"));
        assertEquals(Set.of(inSouth, ofFinn), of("project/south"));
        assertTrue(of("domain/industry").containsAll(Set.of(inNorth, inSouth, ofFinn)));
        assertEquals(
            ofFinn,
            api.call(200, finn, "GET", "/v1/sessions?account=project/south", null).at("/sessions/0/id").asLong());
        api.problem(422, "unknown-account", finn, "GET", "/v1/sessions?account=project/north", null);
        api.problem(422, "unknown-account", finn, "GET", "/v1/sessions?account=user/hella", null);
        api.call(
            200, api.administrator, "POST", "/v1/sessions/cancel", "{\"select\": {\"account\": \"project/south\"}}");
        assertEquals(Set.of(inNorth), of("user/hella"));
    }

    private static Set<Long> of(final String account) throws IOException
    {
        final Set<Long> ids = new TreeSet<>();
        api.call(200, api.administrator, "GET", "/v1/sessions?account=" + account, null).get("sessions")
            .forEach(session -> ids.add(session.get("id").asLong()));
        return ids;
    }
}
