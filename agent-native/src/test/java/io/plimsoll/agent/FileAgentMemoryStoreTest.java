package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAgentMemoryStoreTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldKeepEverything() throws IOException
    {
        final Path file = directory.resolve("agent.json");
        final AgentMemory memory = new FileAgentMemoryStore(file).load();
        assertNull(memory.current());
        memory.caSha256("abc");
        memory.enter(1, 2).credential = "first";
        final AgentMemory.Cluster second = memory.enter(-3, -4);
        second.term = 5;
        second.termNonce = -6;
        second.sequence = 7;
        second.highestAssignment = 8;
        second.credential = "second";
        new FileAgentMemoryStore(file).save(memory);

        final AgentMemory again = new FileAgentMemoryStore(file).load();
        assertEquals(memory.uuid(), again.uuid());
        assertEquals("abc", again.caSha256());
        assertEquals("first", again.find(1, 2).credential);
        final AgentMemory.Cluster current = again.current();
        assertEquals(-3, current.idHi);
        assertEquals(5, current.term);
        assertEquals(-6, current.termNonce);
        assertEquals(7, current.sequence);
        assertEquals(8, current.highestAssignment);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldKeepItsNameFromTheFirstMoment()
    {
        final Path file = directory.resolve("agent.json");
        assertEquals(
            new FileAgentMemoryStore(file).load().uuid(), new FileAgentMemoryStore(file).load().uuid());
    }

    @Test
    void shouldNotStartAnewWhenItsFileIsDamaged() throws IOException
    {
        final Path file = directory.resolve("agent.json");
        Files.writeString(file, "{\"uuid\": ");
        final IllegalStateException e =
            assertThrows(IllegalStateException.class, () -> new FileAgentMemoryStore(file).load());
        assertTrue(e.getMessage().contains(file.toString()));
    }

    @Test
    void shouldAcceptWhatIsNotOlder()
    {
        final AgentMemory.Cluster cluster = new AgentMemory.Cluster(1, 2);
        cluster.term = 5;
        cluster.termNonce = 6;
        assertTrue(cluster.accepts(5, 6));
        assertTrue(cluster.accepts(6, 1));
        assertFalse(cluster.accepts(5, 7));
        assertFalse(cluster.accepts(4, 6));
    }
}
