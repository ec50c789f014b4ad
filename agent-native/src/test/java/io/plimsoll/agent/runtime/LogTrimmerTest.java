package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.LaunchSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTrimmerTest
{
    private static final int CAP = 64 * 1024;
    private static final int SLACK = CAP / 8;
    private static final int BLOCK = 4096;

    @TempDir
    private Path directory;

    @Test
    void shouldKeepNewestOutputAtItsOffset() throws IOException
    {
        try (Processes processes = new Processes(directory, CAP, false))
        {
            final KernelKey key = processes.launch(Assignments.of(1).shell(
                "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done").make());
            assertEquals(0, processes.awaitEnd(key).exitCode());

            final Path file = processes.file(key, KernelDirectory.STDOUT);
            final LogExtent extent = LogExtent.of(file);
            final long kept = extent.endOffset() - extent.startOffset();
            assertTrue(kept >= CAP && kept <= CAP + SLACK + BLOCK, "kept=" + kept);
            assertEquals(0, extent.baseOffset());
            assertTrue(allocated(file) <= CAP + SLACK + 2 * BLOCK, "allocated=" + allocated(file));

            final StringBuilder whole = new StringBuilder();
            for (int i = 0; i < 20_000; i++)
            {
                whole.append("line ").append(i).append('\n');
            }
            assertEquals(whole.length(), extent.endOffset());
            assertEquals(whole.substring((int)extent.startOffset()), read(file, extent));
        }
    }

    @Test
    void shouldKeepAsMuchAsTheLaunchSpecSays() throws IOException
    {
        try (Processes processes = new Processes(directory, 1 << 30, false))
        {
            final KernelKey key = processes.launch(Assignments.of(1).spec(new LaunchSpec(
                List.of("/bin/sh", "-c", "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"),
                null, null, null, CAP, 0)).make());
            processes.awaitEnd(key);
            for (final String stream : List.of(KernelDirectory.STDOUT, KernelDirectory.STDERR))
            {
                final LogExtent extent = LogExtent.of(processes.file(key, stream));
                assertEquals(1_000_000, extent.endOffset());
                assertTrue(extent.endOffset() - extent.startOffset() <= CAP + BLOCK);
            }
        }
    }

    @Test
    void shouldTrimWhileKernelRuns() throws IOException
    {
        try (Processes processes = new Processes(directory, CAP, false))
        {
            final KernelKey key = processes.launch(Assignments.of(1).command("yes").make());
            final Path file = processes.file(key, KernelDirectory.STDOUT);
            processes.awaitStarted(key);
            Await.until("a first trimming", () ->
            {
                processes.poll();
                return Files.exists(file.resolveSibling("stdout.start"));
            });
            processes.kill(key, 0);
            processes.awaitEnd(key);
            final LogExtent extent = LogExtent.of(file);
            assertTrue(extent.endOffset() - extent.startOffset() <= CAP + SLACK + BLOCK, extent.toString());
        }
    }

    private static String read(final Path path, final LogExtent extent) throws IOException
    {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r"))
        {
            final byte[] bytes = new byte[(int)(extent.endOffset() - extent.startOffset())];
            file.seek(extent.startOffset() - extent.baseOffset());
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.US_ASCII);
        }
    }

    /** Bytes on disk, by stat(1): Java does not tell. */
    private static long allocated(final Path file) throws IOException
    {
        final Process stat = new ProcessBuilder("stat", "-c", "%b %B", file.toString()).start();
        final String[] numbers = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
            .strip().split(" ");
        return Long.parseLong(numbers[0]) * Long.parseLong(numbers[1]);
    }
}
