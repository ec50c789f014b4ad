package io.plimsoll.bench.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What the figures were taken on. */
public final class Machine
{
    private static final int SYNCS = 200;
    private static final int BLOCK = 4096;

    private Machine()
    {
    }

    /**
     * Describes it.
     *
     * @param directory on the disk that the journal uses.
     * @return what, by name.
     */
    public static Map<String, Object> describe(final Path directory)
    {
        final Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("cpu", cpuModel());
        machine.put("memoryBytes", memoryBytes());
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        machine.put("loadAverage", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        try
        {
            final FileStore store = Files.getFileStore(directory);
            machine.put("disk", store.name() + " " + store.type());
            machine.put("diskUsableBytes", store.getUsableSpace());
            machine.put("diskSync4k", syncLatency(directory));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return machine;
    }

    /** Appending 4 KiB and forcing it, one after the other, to a preallocated file. */
    private static Latencies syncLatency(final Path directory) throws IOException
    {
        final Path file = Files.createTempFile(directory, "sync", ".tmp");
        final Histogram histogram = Latencies.histogram();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
            for (int i = 0; i < SYNCS; i++)
            {
                channel.write(block.clear(), (long)i * BLOCK);
            }
            channel.force(true);
            for (int i = 0; i < SYNCS; i++)
            {
                final long startNs = System.nanoTime();
                channel.write(block.clear(), (long)i * BLOCK);
                channel.force(false);
                histogram.recordValue(System.nanoTime() - startNs);
            }
        }
        finally
        {
            Files.delete(file);
        }
        return Latencies.of(histogram);
    }

    private static String cpuModel()
    {
        return firstField(Path.of("/proc/cpuinfo"), "model name");
    }

    private static long memoryBytes()
    {
        final String total = firstField(Path.of("/proc/meminfo"), "MemTotal");
        return total.endsWith(" kB") ? Long.parseLong(total.substring(0, total.length() - 3)) * 1024 : 0;
    }

    private static String firstField(final Path file, final String name)
    {
        if (Files.isReadable(file))
        {
            try
            {
                for (final String line : Files.readAllLines(file, StandardCharsets.UTF_8))
                {
                    if (line.startsWith(name))
                    {
                        return line.substring(line.indexOf(':') + 1).trim();
                    }
                }
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        }
        return "unknown";
    }
}
