package io.plimsoll.manager.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.transport.auth.JoinToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentCredentialsTest
{
    private static final UUID AGENT = new UUID(1, 2);

    private final SecureRandom random = new SecureRandom();
    private final JoinToken token = JoinToken.create("ab".repeat(32), random);

    @TempDir
    Path directory;

    private AgentCredentials open() throws IOException
    {
        return AgentCredentials.open(directory.resolve("agent-credentials"), token, random);
    }

    @Test
    void shouldKnowCredentialAfterRestart() throws IOException
    {
        final String credential;
        try (AgentCredentials credentials = open())
        {
            assertFalse(credentials.admits(AGENT, ""));
            credential = credentials.join(AGENT, token.secretPart());
            assertTrue(credentials.admits(AGENT, credential));
            assertFalse(credentials.admits(new UUID(1, 3), credential));
            assertFalse(credentials.admits(AGENT, credential + "x"));
        }
        try (AgentCredentials credentials = open())
        {
            assertTrue(credentials.admits(AGENT, credential));
        }
    }

    @Test
    void shouldVoidOlderCredentialWhenAgentJoinsAgain() throws IOException
    {
        try (AgentCredentials credentials = open())
        {
            final String first = credentials.join(AGENT, token.secretPart());
            final String second = credentials.join(AGENT, token.secretPart());
            assertNotEquals(first, second);
            assertFalse(credentials.admits(AGENT, first));
        }
        try (AgentCredentials credentials = open())
        {
            assertEquals(1, Files.readAllLines(directory.resolve("agent-credentials")).size());
            assertNull(credentials.join(AGENT, token.id() + ".guess"));
        }
    }

    @Test
    void shouldKeepNoSecretInTheFileAndSkipTornLine() throws IOException
    {
        final String credential;
        try (AgentCredentials credentials = open())
        {
            credential = credentials.join(AGENT, token.secretPart());
        }
        final Path file = directory.resolve("agent-credentials");
        assertFalse(Files.readString(file).contains(credential));
        Files.writeString(file, new UUID(3, 4) + " 0123", StandardOpenOption.APPEND);
        try (AgentCredentials credentials = open())
        {
            assertTrue(credentials.admits(AGENT, credential));
            assertFalse(credentials.admits(new UUID(3, 4), "anything"));
        }
    }
}
