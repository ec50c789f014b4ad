package io.plimsoll.manager;

import io.plimsoll.journal.CheckpointOptions;
import io.plimsoll.journal.CheckpointTailer;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.checkpoint.CheckpointException;
import java.io.UncheckedIOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoints of a running manager's journal, if there shall be any. */
final class JournalCheckpoints implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(JournalCheckpoints.class);

    private final CheckpointTailer tailer;
    private final boolean isWanted;

    private JournalCheckpoints(final CheckpointTailer tailer, final boolean isWanted)
    {
        this.tailer = tailer;
        this.isWanted = isWanted;
    }

    /**
     * Prepares them.
     *
     * @throws IllegalArgumentException if the key cannot be used; the message is for people.
     */
    static JournalCheckpoints open(
        final Journal journal,
        final CheckpointOptions options,
        final LongSupplier released,
        final ManagerClocks clocks)
    {
        if (0 == options.intervalNs())
        {
            return new JournalCheckpoints(null, false);
        }
        try
        {
            return new JournalCheckpoints(
                new CheckpointTailer(journal, options, released, clocks.epoch(), clocks.monotonic()), true);
        }
        catch (final CheckpointException ex)
        {
            throw new IllegalArgumentException(ex.getMessage(), ex);
        }
        catch (final UncheckedIOException ex)
        {
            // A full disk, at the first start with checkpoints: no reason to refuse work that was accepted.
            LOGGER.error("no checkpoints are made: {}", ex.getMessage());
            return new JournalCheckpoints(null, true);
        }
    }

    /** To be stepped by a thread of its own; null: there is none. */
    CheckpointTailer tailer()
    {
        return tailer;
    }

    /** Has its figures shown. */
    void register(final Counters counters)
    {
        counters.counter("checkpoints_total", "Checkpoints of the journal that were signed", () ->
            null == tailer ? 0 : tailer.made());
        counters.gauge("checkpoint_sequence", "Sequence up to which the journal is signed", () ->
            null == tailer ? 0 : tailer.signedSequence());
        counters.gauge("checkpoint_failed", "1: the journal is not what was signed, or cannot be, see the log", () ->
            isWanted && (null == tailer || null != tailer.failure()) ? 1 : 0);
    }

    /** Signs the end, when its thread is gone and no more is released. */
    @Override
    public void close()
    {
        if (null != tailer)
        {
            tailer.close();
        }
    }
}
