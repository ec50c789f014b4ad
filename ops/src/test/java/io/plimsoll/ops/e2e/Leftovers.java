package io.plimsoll.ops.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Kernels outlive their agent by design, so a test that kills agents has to end what is left: the processes whose
 * environment or command line names the test's own directory, and no others.
 */
final class Leftovers
{
    private static final Path PROC = Path.of("/proc");

    private Leftovers()
    {
    }

    /** Processes that were started under the directory. */
    static List<ProcessHandle> under(final Path directory)
    {
        final byte[] needle = directory.toString().getBytes(StandardCharsets.UTF_8);
        final List<ProcessHandle> found = new ArrayList<>();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses())
        {
            all.forEach(handle ->
            {
                final Path proc = PROC.resolve(Long.toString(handle.pid()));
                final boolean isSelf = handle.pid() == ProcessHandle.current().pid();
                if (!isSelf && (contains(proc.resolve("cmdline"), needle) || contains(proc.resolve("environ"), needle)))
                {
                    found.add(handle);
                }
            });
        }
        return found;
    }

    static void endAllUnder(final Path directory)
    {
        Await.until(Duration.ofSeconds(120), () -> "left over: " + under(directory), () ->
        {
            final List<ProcessHandle> left = under(directory);
            left.forEach(ProcessHandle::destroyForcibly);
            return left.isEmpty();
        });
    }

    private static boolean contains(final Path file, final byte[] needle)
    {
        try
        {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .contains(new String(needle, StandardCharsets.ISO_8859_1));
        }
        catch (final IOException | SecurityException ex)
        {
            return false;
        }
    }
}
