package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other processes see of the locks of several agents in this one. */
class PortLocksTest
{
    @TempDir
    private Path directory;
    private Path file;

    @BeforeEach
    void before()
    {
        file = directory.resolve("locks");
    }

    /** As the kernel tells them: all that other processes see. */
    private List<Integer> held() throws IOException
    {
        final String mine = " " + ProcessHandle.current().pid() + " ";
        final String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream()
            .filter(line -> line.contains("POSIX") && line.contains(mine) && line.contains(inode))
            .map(line -> line.split(" +"))
            .flatMap(fields -> IntStream.rangeClosed(
                Integer.parseInt(fields[fields.length - 2]), Integer.parseInt(fields[fields.length - 1])).boxed())
            .sorted()
            .toList();
    }

    @Test
    void shouldKeepLocksWhenAnotherAgentOfThisProcessEnds() throws IOException
    {
        final PortLocks one = PortLocks.at(file);
        final PortLocks two = PortLocks.at(file);
        assertTrue(one.tryTake(30_001));
        assertFalse(two.tryTake(30_001));
        assertTrue(two.tryTake(30_002));
        assertEquals(List.of(30_001, 30_002), held());
        two.close();
        assertEquals(List.of(30_001), held());
        try (PortLocks three = PortLocks.at(file))
        {
            assertFalse(three.tryTake(30_001));
            assertTrue(three.tryTake(30_002));
            three.giveBack(30_001);
            assertEquals(List.of(30_001, 30_002), held());
        }
        assertTrue(one.tryTake(30_001));
        one.close();
        assertEquals(List.of(), held());
        two.close();
        assertEquals(List.of(), held());
    }

    @Test
    void shouldBeginAnewWhereTheFileIsAnother() throws IOException
    {
        final PortLocks one = PortLocks.at(file);
        assertTrue(one.tryTake(30_001));
        Files.delete(file);
        try (PortLocks two = PortLocks.at(file))
        {
            assertTrue(two.tryTake(30_001));
            assertEquals(List.of(30_001), held());
        }
        one.close();
    }
}
