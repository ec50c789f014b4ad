package io.plimsoll.agent.usage;

import io.plimsoll.transport.usage.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What the whole host has used, from {@code stat}, {@code meminfo}, {@code diskstats} and {@code net/dev}. */
final class HostCounters
{
    private static final long NS_PER_TICK = 10_000_000L;
    private static final long SECTOR_BYTES = 512;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int STEAL = 7;
    private static final int DISK_NAME = 2;
    private static final int SECTORS_READ = 5;
    private static final int SECTORS_WRITTEN = 9;
    /** What is made of other disks, or of memory, would count twice or for nothing. */
    private static final Pattern NO_DISK = Pattern.compile("(loop|ram|zram|dm-|md|sr|fd).*");
    /** The host's end of what is another's. */
    private static final Pattern NO_INTERFACE = Pattern.compile("lo|(veth|docker|br-|virbr|cni|flannel|tunl|dummy).*");

    private final Path proc;
    private final Path sys;
    private int processors;
    private long memoryTotalBytes = Usage.UNKNOWN;

    HostCounters(final Path proc, final Path sys)
    {
        this.proc = proc;
        this.sys = sys;
    }

    /** As of the last reading. */
    int processors()
    {
        return processors;
    }

    /** As of the last reading. */
    long memoryTotalBytes()
    {
        return memoryTotalBytes;
    }

    Totals read()
    {
        final List<String> memory = SystemFiles.lines(proc.resolve("meminfo"));
        memoryTotalBytes = SystemFiles.bytes(memory, "MemTotal:");
        final long available = SystemFiles.bytes(memory, "MemAvailable:");
        final long used =
            memoryTotalBytes < 0 || available < 0 ? Usage.UNKNOWN : Math.max(0, memoryTotalBytes - available);
        final NetworkCounters network = NetworkCounters.read(proc.resolve("net/dev"), interfaces());
        final long[] disks = disks();
        return new Totals(
            cpuNs(), used, Usage.UNKNOWN, disks[0], disks[1], network.receivedBytes(), network.sentBytes(),
            Usage.UNKNOWN);
    }

    private long cpuNs()
    {
        long busy = Usage.UNKNOWN;
        int count = 0;
        for (final String line : SystemFiles.lines(proc.resolve("stat")))
        {
            if (line.startsWith("cpu "))
            {
                final String[] ticks = line.substring("cpu ".length()).strip().split("\\s+");
                busy = 0;
                for (int i = 0; i < ticks.length && i <= STEAL; i++)
                {
                    busy += IDLE == i || IO_WAIT == i ? 0 : Math.max(0, SystemFiles.number(ticks[i]));
                }
            }
            else if (line.startsWith("cpu"))
            {
                count++;
            }
        }
        processors = count;
        return busy < 0 ? Usage.UNKNOWN : busy * NS_PER_TICK;
    }

    private long[] disks()
    {
        long read = Usage.UNKNOWN;
        long written = Usage.UNKNOWN;
        for (final String line : SystemFiles.lines(proc.resolve("diskstats")))
        {
            final String[] fields = line.strip().split("\\s+");
            if (fields.length > SECTORS_WRITTEN && isDisk(fields[DISK_NAME]))
            {
                read = Math.max(0, read) + Math.max(0, SystemFiles.number(fields[SECTORS_READ])) * SECTOR_BYTES;
                written =
                    Math.max(0, written) + Math.max(0, SystemFiles.number(fields[SECTORS_WRITTEN])) * SECTOR_BYTES;
            }
        }
        return new long[]{read, written};
    }

    /** Partitions have no directory of their own here. */
    private boolean isDisk(final String name)
    {
        return !NO_DISK.matcher(name).matches() && Files.isDirectory(sys.resolve("block").resolve(name));
    }

    /** Those with hardware; where none has, as in a container, those that are nobody else's. */
    private Predicate<String> interfaces()
    {
        final Predicate<String> hasHardware =
            name -> Files.exists(sys.resolve("class/net").resolve(name).resolve("device"));
        for (final String line : SystemFiles.lines(proc.resolve("net/dev")))
        {
            final int colon = line.indexOf(':');
            if (colon > 0 && hasHardware.test(line.substring(0, colon).strip()))
            {
                return hasHardware;
            }
        }
        return name -> !NO_INTERFACE.matcher(name).matches();
    }
}
