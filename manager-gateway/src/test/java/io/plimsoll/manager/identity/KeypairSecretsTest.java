package io.plimsoll.manager.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeypairSecretsTest
{
    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path directory;

    @Test
    void shouldTellTheSameSecretAfterARestartAndAnotherForEachKeypair() throws IOException
    {
        final Path file = directory.resolve("keypair-key");
        final String secret = KeypairSecrets.open(file, random).secret("PK1");
        assertEquals(43, secret.length());
        assertEquals(secret, KeypairSecrets.open(file, random).secret("PK1"));
        assertNotEquals(secret, KeypairSecrets.open(file, random).secret("PK2"));
        assertNotEquals(secret, KeypairSecrets.open(directory.resolve("other"), random).secret("PK1"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldRefuseAFileThatIsNoKeyAndLeaveIt() throws IOException
    {
        final Path file = Files.writeString(directory.resolve("keypair-key"), "abc\n");
        final IOException refused = assertThrows(IOException.class, () -> KeypairSecrets.open(file, random));
        assertTrue(refused.getMessage().contains("is no key of keypairs: right are 64 hex digits"));
        assertEquals("abc\n", Files.readString(file));
    }
}
