package io.plimsoll.loadtest.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

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
            final String status = Files.readString(directory.resolve("status"), StandardCharsets.UTF_8);
            return new ProcessFigures(
                cpuSeconds(directory), kibibytes(status, "VmRSS:"), kibibytes(status, "VmHWM:"));
        }
        catch (final IOException | RuntimeException gone)
        {
            return null;
        }
    }

    /**
     * Processor time of its threads, in seconds, by name; threads whose names differ in digits only count together.
     *
     * @param pid of the process.
     * @return empty if there is no such process.
     */
    public static Map<String, Double> threads(final long pid)
    {
        final Map<String, Double> seconds = new TreeMap<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task")))
        {
            for (final Path thread : threads.toList())
            {
                addThread(thread, seconds);
            }
        }
        catch (final IOException gone)
        {
            return seconds;
        }
        return seconds;
    }

    private static void addThread(final Path thread, final Map<String, Double> seconds)
    {
        try
        {
            final String name = Files.readString(thread.resolve("comm"), StandardCharsets.UTF_8).strip()
                .replaceAll("[0-9]+", "N");
            seconds.merge(name, cpuSeconds(thread), Double::sum);
        }
        catch (final IOException | RuntimeException gone)
        {
            // It ended while we looked.
        }
    }

    private static double cpuSeconds(final Path directory) throws IOException
    {
        final String stat = Files.readString(directory.resolve("stat"), StandardCharsets.UTF_8);
        // The name of the command, in parentheses, may hold anything.
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Double.parseDouble(fields[USER_FIELD]) + Double.parseDouble(fields[SYSTEM_FIELD])) / TICKS_PER_SECOND;
    }

    private static long kibibytes(final String status, final String name)
    {
        final int start = status.indexOf(name);
        final int end = status.indexOf(" kB", start);
        return Long.parseLong(status.substring(start + name.length(), end).strip()) * KIBIBYTE;
    }
}
