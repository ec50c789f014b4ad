package io.plimsoll.transport.uplink;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** What the kernel lets a socket have: asking for more would only make the driver complain. */
final class SocketBuffers
{
    private SocketBuffers()
    {
    }

    /** The wanted length, or the largest that is allowed, but at least the minimum. */
    static int allowed(final String limit, final int min, final int wanted)
    {
        // In one read, which is all that such a file answers: read byte by byte, as a file is that says to be empty, it
        // ends after its first digit.
        try (BufferedReader file = Files.newBufferedReader(Path.of("/proc/sys/net/core", limit)))
        {
            final long max = Long.parseLong(Objects.requireNonNullElse(file.readLine(), "").strip());
            return (int)Math.max(min, Math.min(wanted, max));
        }
        catch (final IOException | NumberFormatException ex)
        {
            return min;
        }
    }
}
