package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.allocation.Affinity;
import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.TopologyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of where kernels sit, for the agent's next life. */
class SeatingTest
{
    private static final long GIB = 1L << 30;

    private final HostTopology host = TopologyReader.read("""
        {"numa": [{"id": 0, "cpus": "0-3", "memory": "8g"}, {"id": 2, "cpus": "4-7", "memory": "8g"}]}""");

    @TempDir
    private Path directory;

    @Test
    void shouldCountMemoryOnItsNodesInTheNextLife() throws IOException
    {
        final Assignment first = Assignments.of(1).cpu(1_000).memory(6 * GIB).make();
        final Assignment second = Assignments.of(2).cpu(1_000).memory(6 * GIB).make();
        final Seat taken = seating(host).take(first, directory);
        assertEquals("0", CpuList.format(taken.memoryNodes()));
        final Seating next = seating(host);
        assertEquals("0", CpuList.format(next.claim(first, directory, new BitSet()).memoryNodes()));
        assertEquals("2", taken(next, second));
        next.leave(first.key());
        final Assignment third = Assignments.of(3).cpu(1_000).memory(8 * GIB).make();
        assertEquals("0", taken(next, third));
    }

    private String taken(final Seating seating, final Assignment kernel) throws IOException
    {
        final Path own = Files.createDirectory(directory.resolve(kernel.key().directoryName()));
        return CpuList.format(seating.take(kernel, own).memoryNodes());
    }

    /** As an earlier version left it, as a crash did, or on a host that has lost the node. */
    @Test
    void shouldClaimWithoutKnowingItsNodes() throws IOException
    {
        final Assignment kernel = Assignments.of(1).cpu(1_000).memory(6 * GIB).make();
        assertEquals("", claimed(kernel, "cuda.device\n.\n"));
        assertEquals("", claimed(kernel, "@memory 0\n"));
        assertEquals("0", claimed(kernel, "@memory 0-1\n.\n"));
        Files.delete(directory.resolve(KernelDirectory.DEVICES));
        assertEquals("", CpuList.format(seating(host).claim(kernel, directory, new BitSet()).memoryNodes()));
    }

    private String claimed(final Assignment kernel, final String kept) throws IOException
    {
        Files.writeString(directory.resolve(KernelDirectory.DEVICES), kept);
        return CpuList.format(seating(host).claim(kernel, directory, new BitSet()).memoryNodes());
    }

    private static Seating seating(final HostTopology host)
    {
        return new Seating(host, new CpuAffinity(), false, Affinity.NEAREST);
    }
}
