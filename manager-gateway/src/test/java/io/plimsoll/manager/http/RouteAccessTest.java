package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.manager.database.TestPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation that the description of the API names, asked for by everybody it is not for: a new route that forgets
 * whose things it is about fails here without anybody writing a test of it.
 */
class RouteAccessTest
{
    private static final Set<String> OPEN =
        Set.of("GET /health/live", "GET /health/ready", "GET /metrics", "GET /openapi.json");
    /** Says where agents connect to whoever shows no token, and refuses wrong ones. */
    private static final String DISCOVERY = "GET /v1/cluster";
    /** What a user may change at all; what it is about is looked at then. */
    private static final Set<String> USERS = Set.of(
        "POST /v1/sessions", "POST /v1/sessions/cancel", "POST /v1/sessions/update",
        "PATCH /v1/sessions/{id}", "DELETE /v1/sessions/{id}", "POST /v1/templates", "PATCH /v1/templates/{template}",
        "DELETE /v1/templates/{template}", "GET /v1/sessions/{id}/exec", "GET /v1/sessions/{id}/attach");
    /** What an admin may change besides. */
    private static final Set<String> ADMINS = Set.of(
        "POST /v1/projects", "PATCH /v1/projects/{project}", "DELETE /v1/projects/{project}",
        "POST /v1/projects/{project}/members", "POST /v1/users", "PATCH /v1/users/{user}", "DELETE /v1/users/{user}",
        "POST /v1/keypairs", "PATCH /v1/keypairs/{keypair}", "DELETE /v1/keypairs/{keypair}");
    private static final Set<String> TERMINALS = Set.of("GET /v1/sessions/{id}/exec", "GET /v1/sessions/{id}/attach");
    private static final long NOBODYS = 999_999;

    @TempDir
    static Path directory;

    private static SharedManager api;
    private static String ana;
    private static String eve;
    private static String stranger;
    private static String monitor;
    private static long anas;

    @BeforeAll
    static void launch() throws IOException
    {
        api = new SharedManager(directory, TestPostgres.emptyDatabase());
        api.make("domain", "{\"name\": \"research\"}");
        api.make("domain", "{\"name\": \"industry\"}");
        api.make("project", "{\"name\": \"vision\", \"domain\": \"research\"}");
        ana = api.user("ana", ", \"domain\": \"research\", \"projects\": [\"vision\"]");
        eve = api.user("eve", ", \"domain\": \"research\"");
        stranger = api.user("north", ", \"domain\": \"industry\", \"role\": \"admin\"");
        monitor = api.user("mo", ", \"domain\": \"research\", \"role\": \"monitor\"");
        api.call(201, ana, "POST", "/v1/templates",
            "{\"name\": \"train\", \"session\": {\"command\": [\"true\"]}}");
        // So that its number is no other number of an answer.
        api.call(201, api.administrator, "POST", "/v1/sessions", "{\"command\": [\"true\"], \"count\": 711}");
        api.call(200, api.administrator, "POST", "/v1/sessions/cancel", "{\"ids\": [\"1-711\"]}");
        anas = api.submit(ana, "{\"command\": [\"/bin/true\"], \"name\": \"secret-name\"}");
    }

    @AfterAll
    static void close()
    {
        api.close();
    }

    /** As "METHOD /template". */
    private static List<String> operations()
    {
        final List<String> operations = new ArrayList<>();
        for (final Map.Entry<String, JsonNode> path : OpenApiDescription.LOADED.root().get("paths").properties())
        {
            for (final Map.Entry<String, JsonNode> operation : path.getValue().properties())
            {
                if (!"parameters".equals(operation.getKey()))
                {
                    operations.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
                }
            }
        }
        assertTrue(operations.size() > 60, operations.toString());
        return operations;
    }

    private static HttpResponse<String> ask(final String token, final String operation, final String parameter)
        throws IOException
    {
        final String method = operation.substring(0, operation.indexOf(' '));
        final String target = operation.substring(method.length() + 1).replaceAll("\\{[a-z]+}", parameter);
        final String wait = target.endsWith("1/wait") ? "?timeout=0" : "";
        final boolean hasBody = !"GET".equals(method) && !"DELETE".equals(method);
        return api.send(token, method, target + wait, hasBody ? "{}" : null);
    }

    private static String codeOf(final HttpResponse<String> answer) throws IOException
    {
        return ServedApi.MAPPER.readTree(answer.body()).path("code").asText();
    }

    private static boolean isChange(final String operation)
    {
        final boolean isRead = operation.startsWith("GET ") || "POST /v1/sessions/wait".equals(operation);
        return !isRead || TERMINALS.contains(operation);
    }

    private static boolean isStream(final String operation)
    {
        return "GET /v1/events".equals(operation);
    }

    @Test
    void shouldAnswerNobodyWithoutAToken() throws IOException
    {
        for (final String operation : operations())
        {
            final boolean isOpen = OPEN.contains(operation) || DISCOVERY.equals(operation);
            assertEquals(isOpen ? 200 : 401, ask(null, operation, "1").statusCode(), operation);
            // Another name each time: whoever fails as one too often is locked out.
            final String wrong = "pk.PK" + Integer.toHexString(operation.hashCode()) + ".wrong";
            assertEquals(OPEN.contains(operation) ? 200 : 401, ask(wrong, operation, "1").statusCode(), operation);
        }
        final HttpResponse<String> discovery = ask(null, DISCOVERY, "");
        assertFalse(discovery.body().contains("sessions"), discovery.body());
    }

    /** The answer about another's is that about nobody's, letter for letter, but for the number. */
    @Test
    void shouldNotTellAnothersSessionFromNone() throws IOException
    {
        final String before = api.send(ana, "GET", "/v1/sessions/" + anas, null).body();
        int asked = 0;
        for (final String operation : operations())
        {
            if (operation.contains("{id}"))
            {
                asked++;
                for (final String token : List.of(eve, stranger))
                {
                    final HttpResponse<String> foreign = ask(token, operation, Long.toString(anas));
                    final HttpResponse<String> none = ask(token, operation, Long.toString(NOBODYS));
                    assertEquals(
                        withoutId(none.body(), NOBODYS), withoutId(foreign.body(), anas), operation);
                    assertTrue(Set.of(400, 404).contains(foreign.statusCode()), operation + ": " + foreign.body());
                    assertEquals(none.statusCode(), foreign.statusCode(), operation);
                }
            }
        }
        assertTrue(asked >= 10, "asked=" + asked);
        assertEquals(before, api.send(ana, "GET", "/v1/sessions/" + anas, null).body());
    }

    private static String withoutId(final String body, final long id)
    {
        return body.replaceAll("\"requestId\":\"[^\"]*\"", "").replaceAll("\\b" + id + "\\b", "ID");
    }

    /** The same where ids stand in the query or in the body. */
    @Test
    void shouldNotTellAnothersSessionFromNoneInBodiesAndQueries() throws IOException
    {
        final String before = api.send(ana, "GET", "/v1/sessions/" + anas, null).body();
        for (final String[] request : new String[][]{
            {"POST", "/v1/sessions/cancel", "{\"ids\": [ID]}"},
            {"POST", "/v1/sessions/cancel", "{\"select\": {\"name\": \"secret-name\"}}"},
            {"POST", "/v1/sessions/wait", "{\"ids\": [ID], \"timeout\": 0}"},
            {"POST", "/v1/sessions/wait", "{\"select\": {\"name\": \"secret-name\", \"all\": true}}"},
            {"POST", "/v1/sessions/update", "{\"ids\": [ID], \"priority\": 1}"},
            {"POST", "/v1/sessions", "{\"command\": [\"true\"], \"after\": [ID]}"},
            {"POST", "/v1/sessions", "{\"command\": [\"true\"], \"afterAny\": [ID]}"},
            {"GET", "/v1/sessions?all=true&history=true&array=ID", null},
            {"GET", "/v1/sessions?name=secret-name", null},
            {"GET", "/v1/groups/default/queue", null}})
        {
            for (final String token : List.of(eve, stranger))
            {
                final HttpResponse<String> foreign = asked(token, request, anas);
                final HttpResponse<String> none = asked(token, request, NOBODYS);
                assertEquals(none.statusCode(), foreign.statusCode(), request[2] + ": " + foreign.body());
                assertEquals(
                    withoutSequence(withoutId(none.body(), NOBODYS)),
                    withoutSequence(withoutId(foreign.body(), anas)), request[1]);
                assertFalse(foreign.body().contains("secret-name"), foreign.body());
            }
        }
        final HttpResponse<String> lines = api.send(
            eve, "POST", "/v1/sessions", "application/x-ndjson",
            "{\"command\": [\"true\"], \"after\": [" + anas + "]}\n{\"command\": [\"true\"], \"after\": [" + NOBODYS +
                "]}\n");
        assertTrue(lines.body().contains("\"accepted\":0,\"refused\":2"), lines.body());
        assertEquals(before, api.send(ana, "GET", "/v1/sessions/" + anas, null).body());
    }

    private static HttpResponse<String> asked(final String token, final String[] request, final long id)
        throws IOException
    {
        final String number = Long.toString(id);
        return api.send(
            token, request[0], request[1].replace("ID", number),
            null == request[2] ? null : request[2].replace("ID", number));
    }

    private static String withoutSequence(final String body)
    {
        return body.replaceAll("\"sequence\":[0-9]+", "");
    }

    @Test
    void shouldNotShowWhatBelongsToOtherDomains() throws IOException
    {
        final String keypair = api.call(200, ana, "GET", "/v1/whoami", null).get("accessKey").asText();
        final Map<String, String> things = new TreeMap<>(Map.of(
            "{domain}", "research", "{project}", "vision", "{user}", "ana", "{keypair}", keypair,
            "{template}", "train", "{account}", "user%2Fana"));
        int asked = 0;
        for (final String operation : operations())
        {
            for (final Map.Entry<String, String> thing : things.entrySet())
            {
                if (operation.contains(thing.getKey()))
                {
                    asked++;
                    final HttpResponse<String> answer = ask(stranger, operation, thing.getValue());
                    final boolean isForSuperadmins = isChange(operation) && !isChangeOf("admin", operation);
                    final HttpResponse<String> none = ask(stranger, operation, "nobodys");
                    assertEquals(none.statusCode(), answer.statusCode(), operation + ": " + answer.body());
                    assertEquals(isForSuperadmins, 403 == answer.statusCode(), operation + ": " + answer.body());
                    assertTrue(Set.of(400, 403, 404).contains(answer.statusCode()), operation + ": " + answer.body());
                }
            }
        }
        assertTrue(asked >= 15, "asked=" + asked);
    }

    private static boolean isChangeOf(final String role, final String operation)
    {
        return switch (role)
        {
            case "user" -> USERS.contains(operation);
            case "admin" -> USERS.contains(operation) || ADMINS.contains(operation);
            default -> "superadmin".equals(role);
        };
    }

    @Test
    void shouldLetEachRoleChangeWhatItMayAndNothingElse() throws IOException
    {
        final Map<String, String> tokens = new TreeMap<>(Map.of(
            "user", eve, "admin", stranger, "monitor", monitor, "superadmin", api.administrator));
        final Set<String> known = new TreeSet<>();
        for (final String operation : operations())
        {
            for (final Map.Entry<String, String> role : tokens.entrySet())
            {
                if (isChange(operation) && !operation.endsWith("/rebuild") && !operation.endsWith("/recover"))
                {
                    known.add(operation);
                    final HttpResponse<String> answer = ask(role.getValue(), operation, "nobodys");
                    final boolean isRefused =
                        403 == answer.statusCode() && "not-allowed".equals(codeOf(answer));
                    assertNotEquals(
                        isChangeOf(role.getKey(), operation), isRefused,
                        role.getKey() + " " + operation + ": " + answer.body());
                }
            }
        }
        assertTrue(known.containsAll(USERS) && known.containsAll(ADMINS), known.toString());
    }

    @Test
    void shouldLetAMonitorReadEverythingAndAUserNothingOfTheManager() throws IOException
    {
        final Map<String, String> names = Map.of("{group}", "default");
        for (final String operation : operations())
        {
            if (!isChange(operation) && !isStream(operation))
            {
                if ("POST /v1/sessions/wait".equals(operation))
                {
                    continue;
                }
                final String parameter = names.getOrDefault(operation.replaceAll("[^{]*(\\{[a-z]+}).*", "$1"), "1");
                final int status = ask(monitor, operation, parameter).statusCode();
                assertTrue(Set.of(200, 202, 404, 409).contains(status), operation + ": " + status);
            }
        }
        api.call(202, monitor, "POST", "/v1/sessions/wait", "{\"ids\": [" + anas + "], \"timeout\": 0}");
        assertEquals(200, api.send(monitor, "GET", "/v1/sessions/" + anas + "/explain", null).statusCode());
        for (final String path : List.of("/v1/config", "/v1/audit"))
        {
            api.problem(403, "not-allowed", eve, "GET", path, null);
            api.problem(403, "not-allowed", stranger, "GET", path, null);
        }
    }
}
