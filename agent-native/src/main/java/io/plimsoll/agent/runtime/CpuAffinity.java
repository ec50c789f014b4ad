package io.plimsoll.agent.runtime;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.util.BitSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds the calling thread, whose children are then born bound. Reads at its making what this process may use, which
 * respects cpusets of containers and {@code taskset}. The calling thread must be the one that made it.
 */
final class CpuAffinity
{
    private static final Logger LOG = LoggerFactory.getLogger(CpuAffinity.class);
    private static final int CPUS_MAX = 8192;
    private static final long MASK_LENGTH = CPUS_MAX / 8;
    private static final int WORD_SHIFT = 6;

    private final Memory own = new Memory(MASK_LENGTH);
    private final Memory mask = new Memory(MASK_LENGTH);
    private final BitSet allowed = new BitSet();
    private boolean usable;

    CpuAffinity()
    {
        own.clear();
        final int error = Libc.sched_getaffinity(0, MASK_LENGTH, own);
        usable = error >= 0;
        if (usable)
        {
            for (int cpu = 0; cpu < CPUS_MAX; cpu++)
            {
                if (0 != (own.getLong((cpu >> WORD_SHIFT) * (long)Long.BYTES) & 1L << cpu))
                {
                    allowed.set(cpu);
                }
            }
        }
        else
        {
            allowed.set(0, Runtime.getRuntime().availableProcessors());
        }
    }

    /** Cores that this process may use. */
    BitSet allowed()
    {
        return allowed;
    }

    /** Whether threads can be bound here. */
    boolean usable()
    {
        return usable;
    }

    /**
     * Binds the calling thread.
     *
     * @param cpus to bind to.
     * @return whether it is bound.
     */
    boolean bind(final BitSet cpus)
    {
        if (!usable || cpus.isEmpty())
        {
            return false;
        }
        mask.clear();
        for (int cpu = cpus.nextSetBit(0); cpu >= 0; cpu = cpus.nextSetBit(cpu + 1))
        {
            final long offset = (cpu >> WORD_SHIFT) * (long)Long.BYTES;
            mask.setLong(offset, mask.getLong(offset) | 1L << cpu);
        }
        if (0 != Libc.sched_setaffinity(0, MASK_LENGTH, mask))
        {
            usable = false;
            LOG.warn("kernels are not bound to cores: sched_setaffinity errno={}", Native.getLastError());
            return false;
        }
        return true;
    }

    /** Undoes {@link #bind}. */
    void release()
    {
        Libc.sched_setaffinity(0, MASK_LENGTH, own);
    }
}
