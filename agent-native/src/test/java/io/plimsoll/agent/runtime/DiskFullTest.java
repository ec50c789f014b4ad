package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a small file system of its own, which takes root to mount. */
class DiskFullTest
{
    private static final int KERNELS = 20;

    @TempDir
    private Path directory;
    private boolean isMounted;

    @BeforeEach
    void before() throws IOException, InterruptedException
    {
        isMounted = 0 == Libc.geteuid() && 0 == new ProcessBuilder(
            "mount", "-t", "tmpfs", "-o", "size=100m", "plimsoll-test", directory.toString()).start().waitFor();
        Assumptions.assumeTrue(isMounted, "a small file system cannot be mounted here: run as root");
    }

    @AfterEach
    void after()
    {
        if (isMounted)
        {
            // A supervisor has its directory there, and is there for a moment after it has told the end of its kernel.
            Await.until("the file system to be let go", this::tryUnmount);
        }
    }

    private boolean tryUnmount()
    {
        try
        {
            return 0 == new ProcessBuilder("umount", directory.toString()).start().waitFor();
        }
        catch (final IOException | InterruptedException e)
        {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldRunKernelsOnItsReserve() throws IOException
    {
        try (Processes processes = new Processes(directory))
        {
            fill(directory.resolve("filler"));
            Await.until("the reserve to be given up", () ->
            {
                processes.poll();
                return !Files.exists(directory.resolve("reserve"));
            });
            for (int i = 1; i <= KERNELS; i++)
            {
                final KernelKey key = processes.launch(Assignments.of(i).shell("echo out; exit 3").make());
                assertEquals(KernelEnd.exited(3), processes.awaitEnd(key));
                assertEquals("out\n", processes.text(key, "stdout"));
            }
            Files.delete(directory.resolve("filler"));
            Await.until("the reserve to be back", () ->
            {
                processes.poll();
                return Files.exists(directory.resolve("reserve"));
            });
        }
    }

    @Test
    void shouldKeepExitCodeUntilThereIsSpace() throws IOException
    {
        try (Processes processes = new Processes(directory))
        {
            final Path go = directory.resolve("go");
            final KernelKey key = processes.launch(
                Assignments.of(1).shell("while [ ! -e " + go + " ]; do sleep 0.01; done; exit 3").make());
            processes.awaitStarted(key);
            fill(directory.resolve("filler"));
            Files.deleteIfExists(directory.resolve("reserve"));
            fill(directory.resolve("more"));
            Files.createFile(go);
            final int workload = processes.number(key, "pid");
            Await.until("its end", () -> !Processes.isAlive(workload));
            processes.poll();
            assertFalse(processes.ends.containsKey(key));
            assertTrue(Files.deleteIfExists(directory.resolve("filler")));
            assertEquals(KernelEnd.exited(3), processes.awaitEnd(key));
        }
    }

    private static void fill(final Path file) throws IOException
    {
        final byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file))
        {
            while (true)
            {
                out.write(block);
            }
        }
        catch (final IOException e)
        {
            assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e.toString());
        }
    }
}
