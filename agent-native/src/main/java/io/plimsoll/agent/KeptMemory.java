package io.plimsoll.agent;

import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an agent must not forget of its managers, and its way to the disk. Positions are saved once a second at most:
 * after the end of this process by any means they are found in the kernels' directories, so it is only a power cut that
 * can lose the last second. Of the agent's thread.
 */
final class KeptMemory
{
    private static final Logger LOG = LoggerFactory.getLogger(KeptMemory.class);
    private static final long SAVE_INTERVAL_NS = 1_000_000_000L;

    private final AgentMemoryStore store;
    private final AgentMemory memory;
    private long nextSaveNs;
    private boolean isChanged;

    /** What an earlier life left in the store. */
    KeptMemory(final AgentMemoryStore store)
    {
        this.store = store;
        memory = store.load();
    }

    AgentMemory memory()
    {
        return memory;
    }

    /** A cluster's manager has told of its journal up to there, and has given assignments up to that number. */
    void seen(final AgentMemory.Cluster cluster, final long sequence, final long highestAssignment)
    {
        if (sequence > cluster.sequence)
        {
            cluster.sequence = sequence;
            isChanged = true;
        }
        if (highestAssignment > cluster.highestAssignment)
        {
            cluster.highestAssignment = highestAssignment;
            isChanged = true;
        }
    }

    int saveIfDue(final long nowNs)
    {
        return nowNs < nextSaveNs ? 0 : saveIfChanged(nowNs);
    }

    int saveIfChanged(final long nowNs)
    {
        if (!isChanged)
        {
            return 0;
        }
        trySave(nowNs);
        return 1;
    }

    /** Gives whether it is safe now; if not, it is tried again. */
    boolean trySave(final long nowNs)
    {
        isChanged = true;
        nextSaveNs = nowNs + SAVE_INTERVAL_NS;
        try
        {
            store.save(memory);
            isChanged = false;
        }
        catch (final UncheckedIOException e)
        {
            LOG.warn("to be tried again: {}", e.getMessage());
        }
        return !isChanged;
    }
}
