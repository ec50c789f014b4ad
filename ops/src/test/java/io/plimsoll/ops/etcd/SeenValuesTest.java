package io.plimsoll.ops.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenValuesTest
{
    @TempDir
    private Path directory;

    private Path file;
    private SeenValues seen;

    @BeforeEach
    void open() throws IOException
    {
        file = directory.resolve("seen");
        seen = SeenValues.open(file);
        assertTrue(seen.update(new EtcdSnapshot(Map.of("a", "1", "b", "2"), 7, 100)));
    }

    @Test
    void shouldForgetWhatIsDeleted() throws IOException
    {
        assertFalse(seen.update(new EtcdSnapshot(Map.of("a", "1", "b", "2"), 7, 101)));
        assertTrue(seen.update(new EtcdSnapshot(Map.of("a", "3"), 7, 102)));
        assertEquals(Map.of("a", "3"), seen.values());
    }

    @Test
    void shouldKeepWhatAWipedStoreDoesNotKnowOf() throws IOException
    {
        assertFalse(seen.update(new EtcdSnapshot(Map.of(), 7, 1)));
        assertEquals(2, seen.staleCount());
        assertTrue(seen.update(new EtcdSnapshot(Map.of("b", "9"), 7, 2)));
        assertEquals(Map.of("a", "1", "b", "9"), seen.values());
        assertEquals(1, seen.staleCount());
        assertTrue(seen.update(new EtcdSnapshot(Map.of(), 7, 3)));
        assertEquals(Map.of("a", "1"), seen.values());
    }

    @Test
    void shouldKeepWhatAnotherStoreDoesNotKnowOf() throws IOException
    {
        assertFalse(seen.update(new EtcdSnapshot(Map.of(), 8, 5_000)));
        assertEquals(Map.of("a", "1", "b", "2"), seen.values());
    }

    @Test
    void shouldRememberWhichStoreAfterARestart() throws IOException
    {
        seen.update(new EtcdSnapshot(Map.of("b", "9"), 7, 1));
        final SeenValues again = SeenValues.open(file);
        assertEquals(seen.values(), again.values());
        assertEquals(1, again.staleCount());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertTrue(again.update(new EtcdSnapshot(Map.of(), 7, 2)));
        assertEquals(Map.of("a", "1"), again.values());
    }

    @Test
    void shouldBeginAnewWithHalfAFile() throws IOException
    {
        Files.writeString(file, "{\"clusterId\":\"7\",\"values\":[{");
        final SeenValues again = SeenValues.open(file);
        assertEquals(Map.of(), again.values());
        assertTrue(again.update(new EtcdSnapshot(Map.of("a", "1"), 7, 100)));
    }
}
