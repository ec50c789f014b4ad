package io.plimsoll.manager.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.Counters;
import io.plimsoll.transport.auth.SecretFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityCacheTest
{
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final String HASH = "5e".repeat(32);

    @TempDir
    private Path directory;

    private IdentityCache cache(final String source)
    {
        return new IdentityCache(
            directory.resolve("identities.json"), source, InstantSource.fixed(NOW), new Counters());
    }

    private static Identity identity(final long version)
    {
        final Policy policy = new Policy(
            Map.of("cpu", 4_000L), Map.of(), 7, -1, -1, -1, 50, 5, new IdlePolicy(1, 2, 3, 4, 6), 3,
            List.of("default"), 2_000, 9, List.of("10.0.0.0/8"), "http://there/");
        return new Identity(
            version,
            List.of(new Domain(1, "research", "", true, policy, NOW)),
            List.of(new Project(2, "vision", 1, "seeing", true, Policy.UNLIMITED, null)),
            List.of(new User(3, "ana", 1, Role.ADMIN, 2, "", true, Policy.UNLIMITED, NOW)),
            List.of(new Keypair(4, "PK1", 3, HASH, "", true, Policy.UNLIMITED, NOW, NOW.plusSeconds(60))),
            List.of(new Identity.Membership(2, 3)),
            List.of(new Identity.MemberAccount(5, 4, 2)),
            List.of(new Template(2, "train", 3, "", "{\"command\":[\"x\"]}", "ana", NOW)));
    }

    @Test
    void shouldKeepAllThatIsKnownForItsOwnerAlone() throws IOException
    {
        assertNull(cache("db").read());
        try (IdentityCache cache = cache("db"))
        {
            for (long version = 1; version <= 50; version++)
            {
                cache.write(identity(version));
            }
        }
        final IdentityCache.Cached cached = cache("db").read();
        assertEquals(identity(50).content(), cached.identity().content());
        assertEquals(NOW, cached.asOf());
        final Identity known = cached.identity();
        assertEquals("ana", known.caller(known.keypair("PK1"), NOW).name());
        assertNull(known.caller(known.keypair("PK1"), NOW.plusSeconds(60)), "what expires does so without a database");
        assertEquals(5, known.memberAccount(4, 2));
        assertTrue(SecretFiles.isPrivate(directory.resolve("identities.json")));
        try (var files = Files.list(directory))
        {
            assertEquals(1, files.count());
        }
    }

    @Test
    void shouldNotBelieveWhatIsBrokenOrOfAnotherDatabase() throws IOException
    {
        try (IdentityCache cache = cache("db"))
        {
            cache.write(identity(1));
        }
        assertNull(cache("other").read());
        final Path file = directory.resolve("identities.json");
        final String whole = Files.readString(file);
        assertFalse(whole.contains("secret\""), "hashes only");
        for (final String broken : List.of(
            "", "{}", "null", whole.substring(0, whole.length() / 2), whole.replace("\"userId\":3", "\"userId\":77"),
            whole.replace("ADMIN", "EMPEROR")))
        {
            Files.write(file, broken.getBytes(StandardCharsets.UTF_8));
            assertNull(cache("db").read(), broken);
        }
    }
}
