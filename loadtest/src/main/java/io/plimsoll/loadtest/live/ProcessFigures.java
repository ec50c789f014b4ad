package io.plimsoll.loadtest.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the system says of a process.
 *
 * @param cpuSeconds      of all its threads, in user and system mode.
 * @param memoryBytes     resident now.
 * @param peakMemoryBytes most that was ever resident.
 */
public record ProcessFigures(double cpuSeconds, long memoryBytes, long peakMemoryBytes)
{
    /** USER_HZ, which Linux has promised to programs. */
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_FIELD = 11;
    private static final int SYSTEM_FIELD = 12;
    private static final long KIBIBYTE = 1024;

    /**
     * Reads them.
     *
     * @param pid of the process.
     * @return null if there is no such process, or it cannot be looked at.
     */
    public static ProcessFigures of(final long pid)
    {
        final Path directory = Path.of("/proc", Long.toString(pid));
        try
        {
            final String stat = Files.readString(directory.resolve("stat"), StandardCharsets.UTF_8);
            final String status = Files.readString(directory.resolve("status"), StandardCharsets.UTF_8);
            // The name of the command, in parentheses, may hold anything.
            final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            final double ticks = Double.parseDouble(fields[USER_FIELD]) + Double.parseDouble(fields[SYSTEM_FIELD]);
            return new ProcessFigures(
                ticks / TICKS_PER_SECOND, kibibytes(status, "VmRSS:"), kibibytes(status, "VmHWM:"));
        }
        catch (final IOException | RuntimeException gone)
        {
            return null;
        }
    }

    private static long kibibytes(final String status, final String name)
    {
        final int start = status.indexOf(name);
        final int end = status.indexOf(" kB", start);
        return Long.parseLong(status.substring(start + name.length(), end).strip()) * KIBIBYTE;
    }
}
