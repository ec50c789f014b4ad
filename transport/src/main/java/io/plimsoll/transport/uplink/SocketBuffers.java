package io.plimsoll.transport.uplink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel lets a socket have: asking for more would only make the driver complain. */
final class SocketBuffers
{
    private SocketBuffers()
    {
    }

    /** The wanted length, or the largest that is allowed, but at least the minimum. */
    static int allowed(final String limit, final int min, final int wanted)
    {
        try
        {
            final long max = Long.parseLong(Files.readString(Path.of("/proc/sys/net/core", limit)).strip());
            return (int)Math.max(min, Math.min(wanted, max));
        }
        catch (final IOException | NumberFormatException ex)
        {
            return min;
        }
    }
}
