package io.plimsoll.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** From {@code /proc}; zeroes where there is none. */
final class ProcHostLoad implements HostLoad
{
    private static final Path LOAD = Path.of("/proc/loadavg");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final int MILLI = 1000;

    private int load1Milli;
    private long memoryAvailableBytes;

    @Override
    public void read()
    {
        try
        {
            final String load = Files.readString(LOAD, StandardCharsets.US_ASCII);
            load1Milli = (int)(Double.parseDouble(load.substring(0, load.indexOf(' '))) * MILLI);
            memoryAvailableBytes = Topology.memoryBytes(MEMORY, "MemAvailable:");
        }
        catch (final IOException e)
        {
            load1Milli = 0;
            memoryAvailableBytes = 0;
        }
    }

    @Override
    public int load1Milli()
    {
        return load1Milli;
    }

    @Override
    public long memoryAvailableBytes()
    {
        return memoryAvailableBytes;
    }
}
