package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.manager.database.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Templates of sessions, over the real API, manager and database. Each test has names of its own. */
class TemplatesApiTest
{
    @TempDir
    static Path directory;

    private static SharedManager api;
    private static String ana;
    private static String bo;

    @BeforeAll
    static void launch() throws IOException
    {
        api = new SharedManager(directory, TestPostgres.emptyDatabase());
        api.make("domain", "{\"name\": \"research\"}");
        api.make("project", "{\"name\": \"vision\", \"domain\": \"research\"}");
        api.make("project", "{\"name\": \"speech\", \"domain\": \"research\"}");
        ana = api.user("ana", ", \"domain\": \"research\", \"projects\": [\"vision\"]");
        bo = api.user("bo", ", \"domain\": \"research\", \"projects\": [\"speech\"]");
    }

    @AfterAll
    static void close()
    {
        api.close();
    }

    private static JsonNode make(final String token, final String name, final String session) throws IOException
    {
        return api.call(
            201, token, "POST", "/v1/templates", "{\"name\": \"" + name + "\", \"session\": " + session + "}");
    }

    private static JsonNode session(final String token, final String body) throws IOException
    {
        return api.call(200, token, "GET", "/v1/sessions/" + api.submit(token, body), null);
    }

    @Test
    void shouldMakeSessionsOfATemplateWithWhatIsSaidBeforeIt() throws IOException
    {
        final JsonNode made = make(
            ana, "train", "{\"command\": [\"./train\"], \"cpu\": 2, \"env\": {\"A\": \"b\"}, \"priority\": 7}");
        assertEquals(1, made.get("version").asInt());
        assertEquals("vision", made.get("project").asText());
        assertEquals("ana", made.get("author").asText());
        final JsonNode plain = session(ana, "{\"template\": \"train\"}");
        assertEquals("./train", plain.get("command").get(0).asText());
        assertEquals(7, plain.get("priority").asInt());
        assertEquals("train", plain.get("template").get("name").asText());
        assertEquals(1, plain.get("template").get("version").asInt());
        final JsonNode other = session(
            ana, "{\"cpu\": 3, \"env\": {}, \"template\": \"train\", \"priority\": null, \"name\": \"mine\"}");
        assertEquals(3, other.get("slots").get("cpu").asInt());
        assertEquals(0, other.get("env").size());
        assertEquals(10, other.get("priority").asInt(), "null is the default, not what the template says");
        assertEquals("mine", other.get("name").asText());
    }

    @Test
    void shouldKeepVersions() throws IOException
    {
        make(ana, "versions", "{\"command\": [\"one\"]}");
        JsonNode template = null;
        for (int version = 2; version <= 23; version++)
        {
            template = api.call(
                200, ana, "PATCH", "/v1/templates/versions", "{\"session\": {\"command\": [\"v" + version + "\"]}}");
            assertEquals(version, template.get("version").asInt());
        }
        assertEquals(20, template.get("versions").size());
        assertEquals("v23", session(ana, "{\"template\": \"versions\"}").get("command").get(0).asText());
        assertEquals("v5", session(ana, "{\"template\": \"versions:5\"}").get("command").get(0).asText());
        api.problem(422, "unknown-template", ana, "POST", "/v1/sessions", "{\"template\": \"versions:3\"}");
        api.problem(422, "unknown-template", ana, "POST", "/v1/sessions", "{\"template\": \"versions:x\"}");
        assertEquals("v6", api.call(200, ana, "GET", "/v1/templates/versions?version=6", null)
            .get("session").get("command").get(0).asText());
        final JsonNode described = api.call(
            200, ana, "PATCH", "/v1/templates/versions", "{\"description\": \"All of them\"}");
        assertEquals("v23", described.get("session").get("command").get(0).asText());
        api.call(200, ana, "DELETE", "/v1/templates/versions", null);
        api.problem(404, "unknown-template", ana, "GET", "/v1/templates/versions", null);
    }

    @Test
    void shouldShowAndGiveThemToTheirProjectOnly() throws IOException
    {
        make(ana, "ours", "{\"command\": [\"ours\"]}");
        api.problem(404, "unknown-template", bo, "GET", "/v1/templates/ours", null);
        api.problem(404, "unknown-template", bo, "PATCH", "/v1/templates/ours", "{\"description\": \"x\"}");
        api.problem(404, "unknown-template", bo, "DELETE", "/v1/templates/ours", null);
        api.problem(422, "unknown-template", bo, "POST", "/v1/sessions", "{\"template\": \"ours\"}");
        api.problem(
            422, "unknown-project", bo, "POST", "/v1/templates",
            "{\"name\": \"x\", \"project\": \"vision\", \"session\": {}}");
        final JsonNode seen = api.call(200, bo, "GET", "/v1/templates", null).get("templates");
        seen.forEach(template -> assertEquals("speech", template.get("project").asText()));
        final String admin = api.administrator;
        api.call(
            201, admin, "POST", "/v1/templates",
            "{\"name\": \"ours\", \"project\": \"speech\", \"session\": {\"command\": [\"theirs\"]}}");
        final JsonNode ambiguous = api.problem(422, "project-missing", admin, "GET", "/v1/templates/ours", null);
        assertTrue(ambiguous.get("detail").asText().contains("speech, vision"), ambiguous.toString());
        assertEquals("theirs", session(admin, "{\"template\": \"ours\", \"project\": \"speech\"}")
            .get("command").get(0).asText());
        assertEquals("theirs", session(bo, "{\"template\": \"ours\"}").get("command").get(0).asText());
        assertEquals("ours", session(ana, "{\"template\": \"ours\"}").get("command").get(0).asText());
        final String monitor = api.user("mona", ", \"role\": \"monitor\", \"domain\": \"research\"");
        assertFalse(api.call(200, monitor, "GET", "/v1/templates?project=vision", null).get("templates").isEmpty());
        api.problem(403, "not-allowed", monitor, "DELETE", "/v1/templates/ours?project=vision", null);
    }

    @Test
    void shouldNameWhatIsWrong() throws IOException
    {
        make(ana, "half", "{\"cpu\": 2}");
        api.problem(400, "missing-field", ana, "POST", "/v1/sessions", "{\"template\": \"half\"}");
        final JsonNode conflict = api.problem(
            422, "template-conflict", ana, "POST", "/v1/sessions",
            "{\"template\": \"half\", \"kernels\": [{\"cpu\": 1}], \"command\": [\"x\"]}");
        assertEquals("/template", conflict.get("field").asText());
        for (final String[] wrong : new String[][]{
            {"{\"name\": \"x\", \"session\": {\"colour\": 1}}", "unknown-field", "/session/colour"},
            {"{\"name\": \"x\", \"session\": {\"timeout\": \"soon\"}}", "out-of-range", "/session/timeout"},
            {"{\"name\": \"x\", \"session\": {\"template\": \"half\"}}", "conflicting-fields", "/session/template"},
            {"{\"name\": \"x\", \"session\": [1]}", "wrong-type", "/session"},
            {"{\"name\": \"x\"}", "missing-field", "/session"},
            {"{\"name\": \"a b\", \"session\": {}}", "out-of-range", "/name"},
            {"{\"session\": {}}", "missing-field", "/name"}})
        {
            final JsonNode problem = api.problem(400, wrong[1], ana, "POST", "/v1/templates", wrong[0]);
            assertEquals(wrong[2], problem.path("field").asText(), problem.toString());
        }
        api.problem(
            409, "name-in-use", ana, "POST", "/v1/templates", "{\"name\": \"half\", \"session\": {\"cpu\": 1}}");
        final String lines = api.send(
            ana, "POST", "/v1/sessions", "application/x-ndjson",
            "{\"template\": \"half\", \"command\": [\"x\"]}\n{\"template\": \"none\"}\n").body();
        assertTrue(lines.contains("unknown-template"), lines);
        assertTrue(lines.contains("\"line\":1,\"id\":"), lines);
    }
}
