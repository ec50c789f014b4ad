package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.manager.database.DatabaseOptions;
import io.plimsoll.manager.database.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager whose database goes away and comes back, or is its own. */
class IdentityOutageTest
{
    @TempDir
    Path directory;

    @Test
    void shouldGoOnWithoutItsDatabaseAndLoseNothing() throws IOException
    {
        try (TestPostgres server = TestPostgres.launch(directory.resolve("postgres")))
        {
            final DatabaseOptions options = server.newDatabase();
            final String ana;
            try (SharedManager api = new SharedManager(directory.resolve("data"), options))
            {
                api.make("domain", "{\"name\": \"research\"}");
                ana = api.user("ana", ", \"domain\": \"research\"");
                server.stop();
                final long session = api.submit(ana, SharedManager.TRUE);
                api.call(200, ana, "GET", "/v1/sessions/" + session, null);
                api.call(200, ana, "GET", "/v1/users", null);
                final var refused =
                    api.send(api.administrator, "POST", "/v1/domains", "{\"name\": \"lost\"}");
                assertEquals(503, refused.statusCode(), refused.body());
                assertTrue(refused.body().contains("database-unavailable"), refused.body());
                assertEquals("2", refused.headers().firstValue("Retry-After").orElse(""));
                api.problem(401, "token-wrong", "pk.PKNOBODY.x", "GET", "/v1/whoami", null);
                server.start();
                Await.until("the database", () -> isMade(api));
                api.call(200, ana, "GET", "/v1/sessions/" + session, null);
                api.user("bo", ", \"domain\": \"found\"");
            }
            server.stop();
            try (SharedManager api = new SharedManager(directory.resolve("data"), options))
            {
                // On a busy machine it takes a moment until nobody has been found there.
                Await.until("the outage", () -> !isStarting(api));
                api.problem(503, "database-unavailable", "pk.PKNOBODY.x", "GET", "/v1/whoami", null);
                api.submit(api.administrator, SharedManager.TRUE);
                final JsonNode who = api.call(200, ana, "GET", "/v1/whoami", null);
                assertTrue(who.get("staleSeconds").asLong() > 0, who.toString());
                api.call(200, ana, "GET", "/v1/sessions/" + api.submit(ana, SharedManager.TRUE), null);
                assertEquals(2, api.call(200, api.administrator, "GET", "/v1/users", null).get("users").size());
                api.problem(401, "token-wrong", ana + "x", "GET", "/v1/whoami", null);
                server.start();
                Await.until("the database", () -> isFresh(api));
                assertTrue(isKnown(api, "ana"));
                Await.until("the audit log", () -> isNoted(api));
            }
        }
    }

    private static boolean isFresh(final SharedManager api)
    {
        return json(api, "/v1/whoami").get("staleSeconds").isNull();
    }

    private static boolean isNoted(final SharedManager api)
    {
        final JsonNode entries = json(api, "/v1/audit?action=keypair.use-stale").get("entries");
        return 1 == entries.size() && entries.get(0).get("actor").asText().startsWith("ana ");
    }

    private static JsonNode json(final SharedManager api, final String target)
    {
        try
        {
            return api.call(200, api.administrator, "GET", target, null);
        }
        catch (final IOException ex)
        {
            throw new java.io.UncheckedIOException(ex);
        }
    }

    private static boolean isMade(final SharedManager api)
    {
        return is(201, api, "POST", "/v1/domains", "{\"name\": \"found\"}");
    }

    private static boolean isKnown(final SharedManager api, final String user)
    {
        return is(200, api, "GET", "/v1/users/" + user, null);
    }

    private static boolean isStarting(final SharedManager api)
    {
        try
        {
            return api.send("pk.PKNOBODY.x", "GET", "/v1/whoami", null).body().contains("database-starting");
        }
        catch (final IOException ex)
        {
            throw new java.io.UncheckedIOException(ex);
        }
    }

    private static boolean is(
        final int status, final SharedManager api, final String method, final String target, final String body)
    {
        try
        {
            return status == api.send(api.administrator, method, target, body).statusCode();
        }
        catch (final IOException ex)
        {
            throw new java.io.UncheckedIOException(ex);
        }
    }

    @Test
    void shouldStartItsOwnForWhoeverNeedsItFirst() throws IOException
    {
        final DatabaseOptions own = DatabaseOptions.OWN.withBinaries(TestPostgres.PROGRAMS);
        final String token;
        final int account;
        try (SharedManager api = new SharedManager(directory.resolve("data"), own))
        {
            api.submit(api.administrator, SharedManager.TRUE);
            api.problem(401, "token-wrong", "pk.PKNOBODY.x", "GET", "/v1/whoami", null);
            assertTrue(Files.notExists(directory.resolve("data/postgres")));
            account = api.make("domain", "{\"name\": \"research\"}").get("account").asInt();
            token = api.user("ana", ", \"domain\": \"research\"");
        }
        try (SharedManager api = new SharedManager(directory.resolve("data"), own))
        {
            Await.until("the database", () -> isKnown(api, "ana"));
            final JsonNode who = api.call(200, token, "GET", "/v1/whoami", null);
            assertEquals("research", who.get("domain").asText());
            final JsonNode domain = api.call(200, token, "GET", "/v1/domains/research", null);
            assertEquals(account, domain.get("account").asInt());
            assertTrue(domain.get("confirmed").asBoolean());
        }
    }

    @Test
    void shouldSayThatIdentitiesAreOff() throws IOException
    {
        try (SharedManager api = new SharedManager(directory.resolve("data"), DatabaseOptions.NONE))
        {
            api.problem(503, "database-off", api.administrator, "GET", "/v1/users", null);
            api.problem(503, "database-off", api.administrator, "POST", "/v1/domains", "{\"name\": \"x\"}");
            api.problem(401, "token-wrong", "pk.PKNOBODY.x", "GET", "/v1/whoami", null);
            assertEquals(
                "administrator", api.call(200, api.administrator, "GET", "/v1/whoami", null).get("name").asText());
            api.submit(api.administrator, SharedManager.TRUE);
        }
    }
}
