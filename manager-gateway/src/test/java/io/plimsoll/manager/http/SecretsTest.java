package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.manager.database.DatabaseOptions;
import io.plimsoll.manager.database.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens and passwords are where they are kept, and nowhere else: neither in the journal, nor in an answer. */
class SecretsTest
{
    /** Those are what they are for; nobody but their owner can read them. */
    private static final Set<String> KEPT =
        Set.of("token", "join-token", "keypair-key", "callback-secret", "checkpoint-key");

    @TempDir
    Path directory;

    private final Map<String, String> secrets = new TreeMap<>();

    @Test
    void shouldKeepSecretsWhereTheyBelong() throws IOException
    {
        final DatabaseOptions database = TestPostgres.emptyDatabase();
        secrets.put("password of the database", database.password());
        try (SharedManager api = new SharedManager(directory, database))
        {
            secrets.put("token of the administrator", api.administrator);
            api.make("domain", "{\"name\": \"research\"}");
            api.make("user", "{\"name\": \"ana\", \"domain\": \"research\"}");
            final JsonNode keypair = api.make("keypair", "{\"user\": \"ana\"}");
            final String ana = keypair.get("token").asText();
            secrets.put("secret of a keypair", keypair.get("secretKey").asText());
            final long id = api.submit(
                ana, "{\"command\": [\"true\"], \"callback\": \"https://192.0.2.1/hook\", \"name\": \"one\"}");
            api.call(200, ana, "PATCH", "/v1/sessions/" + id, "{\"priority\": 3}");
            api.call(200, ana, "DELETE", "/v1/sessions/" + id, null);
            for (final String target : List.of(
                "/v1/keypairs", "/v1/keypairs/" + keypair.get("accessKey").asText(), "/v1/users/ana", "/v1/audit",
                "/v1/config", "/v1/whoami", "/v1/cluster", "/v1/history", "/v1/accounts", "/v1/sessions/" + id,
                "/metrics", "/v1/keypairs/unknown", "/v1/nowhere", "/v1/sessions?colour=red"))
            {
                check(target, api.send(api.administrator, "GET", target, null).body());
                check(target, api.send(ana, "GET", target, null).body());
                check(target, api.send(ana + "x", "GET", target, null).body());
            }
            for (final JsonNode line : api.call(200, api.administrator, "GET", "/v1/audit", null).get("entries"))
            {
                assertFalse(line.get("actor").asText().isEmpty());
            }
        }
        assertTrue(checkFiles() > 3);
    }

    private void check(final String where, final String text)
    {
        secrets.forEach((name, secret) -> assertFalse(text.contains(secret), () -> name + " is in " + where));
    }

    private int checkFiles() throws IOException
    {
        int count = 0;
        try (Stream<Path> paths = Files.walk(directory))
        {
            for (final Path file : paths.filter(Files::isRegularFile).toList())
            {
                if (KEPT.contains(file.getFileName().toString()))
                {
                    assertEquals(
                        Set.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE),
                        Files.getPosixFilePermissions(file), file.toString());
                }
                else
                {
                    count++;
                    check(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return count;
    }
}
