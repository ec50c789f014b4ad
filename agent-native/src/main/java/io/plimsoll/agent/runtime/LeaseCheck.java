package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a lease runs, read as supervisors read it. Any thread. */
final class LeaseCheck
{
    private static final Path UPTIME = Path.of("/proc/uptime");

    private LeaseCheck()
    {
    }

    /** Null: no lease is needed. */
    static boolean runs(final Path leaseFile)
    {
        if (null == leaseFile)
        {
            return true;
        }
        try
        {
            final String until = Files.readString(leaseFile).strip();
            final String uptime = Files.readString(UPTIME);
            return Long.parseLong(uptime.substring(0, uptime.indexOf('.'))) < Long.parseLong(until);
        }
        catch (final IOException | NumberFormatException e)
        {
            return false;
        }
    }
}
