package io.plimsoll.bench.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Memory in use by this process.
 *
 * @param residentBytes that are its own and in memory, heap and all else: {@code RssAnon} of proc(5).
 * @param heapBytes     of the heap, after a collection.
 */
record MemoryUse(long residentBytes, long heapBytes)
{
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "RssAnon:";
    private static final int KIB_SHIFT = 10;
    private static final int STEADY = 8;
    private static final int TRIES = 50;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    /** After what earlier measurements left behind is gone: cleaners of dropped memory run some time after the GC. */
    static MemoryUse now()
    {
        long resident = -1;
        int steady = 0;
        for (int i = 0; i < TRIES && steady < STEADY; i++)
        {
            System.gc();
            LockSupport.parkNanos(PAUSE_NS);
            final long now = resident();
            steady = now == resident ? steady + 1 : 0;
            resident = now;
        }
        return new MemoryUse(resident, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    private static long resident()
    {
        try
        {
            return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith(RESIDENT))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << KIB_SHIFT)
                .sum();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
