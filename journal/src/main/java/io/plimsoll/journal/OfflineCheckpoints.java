package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.checkpoint.CheckpointException;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** Checkpoints of a journal that no manager writes at the moment. */
public final class OfflineCheckpoints
{
    /** What the JDK calls a user without a name. */
    private static final String UNKNOWN_USER = "?";

    private OfflineCheckpoints()
    {
    }

    /** Nobody becomes anything: only where the journal ends is asked. */
    private static final class Unconcerned implements JournalRestorer
    {
        @Override
        public void onSnapshot(final SnapshotReader snapshot)
        {
            // Whoever restores reads it to its end.
        }

        @Override
        public void begin()
        {
            // Nothing to forget.
        }

        @Override
        public void onRecord(final RecordFlyweight record)
        {
            // Only its sequence counts.
        }
    }

    /**
     * Signs all that there is, unless the newest checkpoint covers it.
     *
     * @param directory of the journal.
     * @param options   where checkpoints go; the key is made if there is none.
     * @return the newest checkpoint; null: the journal is empty.
     * @throws JournalLockedException  if a manager writes it.
     * @throws JournalDamagedException if it is damaged.
     * @throws CheckpointException     if it is not what the newest checkpoint says.
     */
    public static SignedCheckpoint make(final Path directory, final CheckpointOptions options)
    {
        return with(directory, options, (journal, tailer) -> tailer.checkpoint());
    }

    /**
     * Removes what need not be kept; a checkpoint says so before.
     *
     * @param directory of the journal.
     * @param options   where checkpoints go.
     * @param retention what is kept.
     * @param nowNs     epoch nanoseconds.
     * @return what went.
     * @throws CheckpointException if the journal is not what the newest checkpoint says: then nothing goes.
     */
    public static PrunePlan prune(
        final Path directory, final CheckpointOptions options, final Retention retention, final long nowNs)
    {
        return with(directory, options, (journal, tailer) ->
        {
            tailer.checkpoint();
            return journal.snapshots().prune(journal.snapshots().plan(retention, nowNs));
        });
    }

    /** What root wrote, a manager of another user could not go on with: neither key nor checkpoints. */
    private static void checkOwner(final Path directory)
    {
        try
        {
            final String owner = Files.getOwner(directory).getName();
            final String user = System.getProperty("user.name");
            if (!UNKNOWN_USER.equals(user) && !owner.equals(user))
            {
                throw new JournalException(directory + " belongs to " + owner + ", and the manager of that user has" +
                    " to go on with what is written: do this as " + owner);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("cannot read " + directory, ex);
        }
    }

    private static <T> T with(
        final Path directory,
        final CheckpointOptions options,
        final BiFunction<Journal, CheckpointTailer, T> action)
    {
        checkOwner(directory);
        // Async: whoever wrote the end may not have forced it.
        final JournalContext context = new JournalContext().directory(directory).commitMode(CommitMode.ASYNC);
        try (Journal journal = Journal.open(context))
        {
            final long last = journal.restore(new Unconcerned());
            try (CheckpointTailer tailer = new CheckpointTailer(
                journal, options, () -> last, SystemEpochNanoClock.INSTANCE, SystemNanoClock.INSTANCE))
            {
                return action.apply(journal, tailer);
            }
        }
    }
}
