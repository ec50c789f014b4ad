package io.plimsoll.agent.runtime;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import io.plimsoll.agent.allocation.Seat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prefers the memory beside the cores that a kernel is bound to. Preferred,
 * not bound: a kernel larger than a node goes on at the other. Of the calling thread, whose children inherit it.
 */
final class MemoryPolicy
{
    private static final Logger LOG = LoggerFactory.getLogger(MemoryPolicy.class);
    private static final int DEFAULT = 0;
    private static final int PREFERRED = 1;
    /** Since Linux 5.15. */
    private static final int PREFERRED_MANY = 5;
    private static final int NODES_MAX = 64;
    private static final long SET_MEMPOLICY_X86 = 238;
    private static final long SET_MEMPOLICY_ARM = 237;

    private final List<BitSet> cpusByNode = new ArrayList<>();
    private final List<Integer> nodes = new ArrayList<>();
    private final Memory mask = new Memory(2L * Long.BYTES);
    private boolean usable;
    private boolean many = true;

    MemoryPolicy()
    {
        try (DirectoryStream<Path> directories =
            Files.newDirectoryStream(Path.of("/sys/devices/system/node"), "node[0-9]*"))
        {
            for (final Path directory : directories)
            {
                nodes.add(Integer.parseInt(directory.getFileName().toString().substring("node".length())));
                cpusByNode.add(CpuList.parse(Files.readString(directory.resolve("cpulist"))));
            }
        }
        catch (final IOException e)
        {
            LOG.debug("memory nodes unknown: {}", e.toString());
        }
        usable = !nodes.isEmpty() && (Platform.isIntel() || Platform.isARM()) && Platform.is64Bit();
    }

    /**
     * Prefers memory for the children of this thread.
     *
     * @param seat whose memory nodes it is counted on; if none is, the node that all its cores are on, if there is one.
     */
    void prefer(final Seat seat)
    {
        long wanted = 0;
        for (int i = 0; usable && i < nodes.size(); i++)
        {
            final BitSet outside = (BitSet)seat.cpus().clone();
            outside.andNot(cpusByNode.get(i));
            final boolean near = seat.memoryNodes().isEmpty() ?
                outside.isEmpty() && !seat.cpus().isEmpty() : seat.memoryNodes().get(nodes.get(i));
            if (near && nodes.get(i) < NODES_MAX)
            {
                wanted |= 1L << nodes.get(i);
            }
        }
        if (0 != wanted)
        {
            final boolean one = 1 == Long.bitCount(wanted);
            mask.setLong(0, wanted);
            mask.setLong(Long.BYTES, 0);
            if (!one && many)
            {
                many = set(PREFERRED_MANY);
            }
            if (one || !many)
            {
                // Of several nodes an older kernel prefers the first; what that has not, it takes from those beside it.
                usable = set(PREFERRED);
                warn();
            }
        }
    }

    /** Undoes {@link #prefer}. */
    void release()
    {
        if (usable)
        {
            usable = set(DEFAULT);
            warn();
        }
    }

    private boolean set(final int mode)
    {
        final boolean none = DEFAULT == mode;
        return 0 == Libc.syscall(
            Platform.isIntel() ? SET_MEMPOLICY_X86 : SET_MEMPOLICY_ARM,
            mode,
            none ? Pointer.NULL : mask,
            none ? 0 : NODES_MAX + 1L);
    }

    private void warn()
    {
        if (!usable && nodes.size() > 1)
        {
            LOG.warn("kernels have no preferred memory node: set_mempolicy errno={}", Native.getLastError());
        }
    }
}
