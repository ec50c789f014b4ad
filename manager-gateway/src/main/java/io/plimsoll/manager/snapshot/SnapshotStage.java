package io.plimsoll.manager.snapshot;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.StateCopy;
import io.plimsoll.core.StateImage;
import io.plimsoll.core.pipeline.Pipeline;
import io.plimsoll.core.pipeline.Queryable;
import io.plimsoll.journal.JournalException;
import io.plimsoll.journal.JournalFullException;
import io.plimsoll.journal.JournalSnapshots;
import io.plimsoll.journal.JournalUnforcedException;
import io.plimsoll.journal.Snapshot;
import io.plimsoll.journal.SnapshotReader;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.metrics.JournalMeter;
import io.plimsoll.manager.view.RecordSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes snapshots beside the pipeline, which stands still only while the core's memory is copied. A question travels
 * down the ring as their marker; when it is answered, all before it is journalled. Then, from the last snapshot and the
 * records since, the same state is made once more by another way, and only if a core that is made of the copied blocks
 * is equal to it, the snapshot is written, and read back and compared byte by byte; and only then older records may be
 * pruned. Whatever goes wrong with that, memory that is not to be had included, ends this snapshot and not the manager.
 * A duty cycle for a thread of its own: it reads and writes files.
 */
public final class SnapshotStage implements Agent
{
    private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotStage.class);
    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long SPARE = 1 << 16;

    /** What the core said. */
    private record Answer(long sequence, long timestampNs, long bytes)
    {
    }

    private final SnapshotOptions options;
    private final CoreOptions coreOptions;
    private final Pipeline pipeline;
    private final JournalSnapshots snapshots;
    private final RecordSource records;
    private final LongSupplier released;
    private final EpochNanoClock epoch;
    private final NanoClock clock;
    private StateCopy copy;
    private CompletableFuture<Answer> question;
    private volatile long lastSequence;
    private long lastNs;
    private long earliestNs;
    private volatile boolean isEnding;
    private volatile boolean hasEnded;
    private volatile long made;
    private volatile long failed;
    private volatile RuntimeException lastFailure;
    private volatile long stoodStillNs;

    /**
     * Of one manager.
     *
     * @param options     when, and what is kept.
     * @param coreOptions of the core, and so of the one that it is compared with.
     * @param pipeline    to ask.
     * @param snapshots   of the journal.
     * @param records     of the journal, as they are released.
     * @param released    sequence of the last of them.
     * @param epoch       tells how old records are.
     * @param clock       monotonic.
     */
    public SnapshotStage(
        final SnapshotOptions options,
        final CoreOptions coreOptions,
        final Pipeline pipeline,
        final JournalSnapshots snapshots,
        final RecordSource records,
        final LongSupplier released,
        final EpochNanoClock epoch,
        final NanoClock clock)
    {
        this.options = options;
        this.coreOptions = coreOptions;
        this.pipeline = pipeline;
        this.snapshots = snapshots;
        this.records = records;
        this.released = released;
        this.epoch = epoch;
        this.clock = clock;
        final long[] sequences = snapshots.sequences();
        lastSequence = 0 == sequences.length ? 0 : sequences[sequences.length - 1];
        lastNs = clock.nanoTime();
        earliestNs = lastNs;
    }

    /** Has its figures shown. */
    public void register(final Counters counters)
    {
        counters.counter("snapshots_total", "Snapshots made and proven", () -> made);
        counters.counter("snapshots_failed_total", "Snapshots that were given up, see the log", () -> failed);
        counters.gauge(
            "snapshot_pause_ns", "How long the core was copied for the last snapshot", () -> stoodStillNs);
        JournalMeter.lag(counters, "snapshot", () -> Math.max(0, released.getAsLong() - lastSequence));
    }

    @Override
    public String roleName()
    {
        return "snapshot";
    }

    @Override
    public int doWork()
    {
        if (null == question)
        {
            return isEnding ? askLast() : isDue() ? ask(this::measure) : 0;
        }
        if (!question.isDone())
        {
            return 0;
        }
        final CompletableFuture<Answer> answered = question;
        question = null;
        try
        {
            onAnswer(answered.join());
        }
        catch (final JournalUnforcedException ex)
        {
            // An error from a sync is final, whoever asked for it: the writer might not be told before it goes on.
            throw ex;
        }
        catch (final RuntimeException ex)
        {
            giveUp(ex);
        }
        catch (final OutOfMemoryError ex)
        {
            giveUp(noMemory(ex));
        }
        return 1;
    }

    /** Any thread: when nothing more is released, has a last snapshot made, so that the next start is a short one. */
    public void end()
    {
        isEnding = true;
    }

    /** Any thread: whether, after {@link #end}, there is nothing more to wait for. */
    public boolean hasEnded()
    {
        return hasEnded;
    }

    /** Any thread: why the last snapshot that was given up was; null if none was. */
    public RuntimeException lastFailure()
    {
        return lastFailure;
    }

    private int askLast()
    {
        final boolean isWanted =
            !hasEnded && null == copy && options.intervalNs() > 0 && released.getAsLong() > lastSequence;
        final int asked = isWanted ? ask(this::measure) : 0;
        hasEnded = 0 == asked;
        return asked;
    }

    private boolean isDue()
    {
        final long nowNs = clock.nanoTime();
        final long fresh = released.getAsLong() - lastSequence;
        return options.intervalNs() > 0 && nowNs - earliestNs >= 0 &&
            (fresh >= options.records() || fresh > 0 && nowNs - lastNs >= options.intervalNs());
    }

    private int ask(final Function<Queryable, Answer> what)
    {
        final CompletableFuture<Answer> future = new CompletableFuture<>();
        final boolean isAsked = pipeline.tryAsk(
            what,
            clock.nanoTime() + ANSWER_NS,
            (answer, failure) ->
            {
                if (null == failure)
                {
                    future.complete(answer);
                }
                else
                {
                    future.completeExceptionally(failure);
                }
            });
        if (isAsked)
        {
            question = future;
            return 1;
        }
        // The ring is full of work that matters more.
        earliestNs = clock.nanoTime() + RETRY_NS;
        return 0;
    }

    /** On the thread of the core: how much there will be to copy. */
    private Answer measure(final Queryable core)
    {
        final StateCopy.Measure measure = new StateCopy.Measure();
        core.writeState(measure);
        return new Answer(core.sequence(), core.timestampNs(), measure.bytes());
    }

    /** On the thread of the core: copies it into memory that is there. */
    private Answer copy(final Queryable core)
    {
        final long startNs = clock.nanoTime();
        try
        {
            core.writeState(copy);
        }
        catch (final OutOfMemoryError ex)
        {
            // The core needs none of it.
            throw noMemory(ex);
        }
        stoodStillNs = clock.nanoTime() - startNs;
        return new Answer(core.sequence(), core.timestampNs(), copy.bytes());
    }

    private void onAnswer(final Answer answer)
    {
        if (null == copy)
        {
            copy = new StateCopy(answer.bytes() + (answer.bytes() >> 4) + SPARE);
            if (0 == ask(this::copy))
            {
                freeCopy();
            }
            return;
        }
        make(answer);
        lastSequence = answer.sequence();
        lastNs = clock.nanoTime();
        made++;
    }

    private void freeCopy()
    {
        if (null != copy)
        {
            copy.close();
            copy = null;
        }
    }

    private static IllegalStateException noMemory(final OutOfMemoryError cause)
    {
        return new IllegalStateException(
            "not enough memory outside of the heap for a snapshot (-XX:MaxDirectMemorySize): " + cause.getMessage(),
            cause);
    }

    private void giveUp(final RuntimeException cause)
    {
        freeCopy();
        hasEnded = isEnding;
        failed++;
        lastFailure = cause;
        earliestNs = clock.nanoTime() + Math.max(RETRY_NS, options.intervalNs() / 8);
        if (cause instanceof JournalFullException)
        {
            LOGGER.warn("no snapshot: {}", cause.getMessage());
        }
        else
        {
            LOGGER.error("no snapshot", cause);
        }
    }

    private void make(final Answer answer)
    {
        final long sequence = answer.sequence();
        final RestoredManager<RecordCompactor> told = empty();
        try (StateImage image = new StateImage())
        {
            copy.writeTo(image);
            freeCopy();
            tellByRecords(told, sequence);
            compare(sequence, image, told);
            keep(SnapshotWriter.snapshot(sequence, answer.timestampNs(), image, told.view()));
            final int pruned = snapshots.prune(options.retention(), epoch.nanoTime());
            LOGGER.info("snapshot of sequence {}: {} bytes, copied in {} us; {} segments pruned",
                sequence, image.bytes(), TimeUnit.NANOSECONDS.toMicros(stoodStillNs), pruned);
        }
        finally
        {
            told.view().close();
        }
    }

    /** The copied blocks become a core as a start would make it of them, and so does what readers see. */
    private void compare(final long sequence, final StateImage image, final RestoredManager<RecordCompactor> told)
    {
        final StateImage blocks = new StateImage();
        for (int i = 0; i < image.chunks(); i++)
        {
            blocks.wrap(image.chunk(i), 0, image.chunkLength(i));
        }
        final SchedulerCore copied = new SchedulerCore(coreOptions);
        copied.readState(blocks);
        if (told.core().stateHash() != copied.stateHash())
        {
            throw new IllegalStateException(
                "what the core is at sequence " + sequence + " is not what its records say; nothing is pruned");
        }
        final RecordCompactor again = RecordCompactor.counting();
        told.view().forEach(again::onRecord);
        if (again.liveBytes() != told.view().liveBytes())
        {
            throw new IllegalStateException(
                "the records that are left at sequence " + sequence + " do not say what all of them said");
        }
    }

    /** What is read back is what was compared, byte for byte; so it need not become a core again. */
    private void keep(final Snapshot snapshot)
    {
        snapshots.keep(snapshot);
        try
        {
            snapshots.verify(snapshot);
        }
        catch (final RuntimeException | OutOfMemoryError ex)
        {
            snapshots.drop(snapshot.sequence());
            throw ex;
        }
    }

    private RestoredManager<RecordCompactor> empty()
    {
        return new RestoredManager<>(coreOptions, RecordCompactor::new, RecordCompactor::onRecord);
    }

    private void tellByRecords(final RestoredManager<RecordCompactor> result, final long sequence)
    {
        restoreNewest(result);
        final RecordFlyweight record = new RecordFlyweight();
        try (RecordSource.Cursor cursor = records.open(result.core().sequence() + 1))
        {
            while (result.core().sequence() < sequence && cursor.next(record))
            {
                result.onRecord(record);
            }
        }
        if (sequence != result.core().sequence())
        {
            throw new IllegalStateException(
                "records end with sequence " + result.core().sequence() + ", not " + sequence);
        }
    }

    private void restoreNewest(final RestoredManager<RecordCompactor> target)
    {
        final long[] sequences = snapshots.sequences();
        for (int i = sequences.length - 1; i >= 0; i--)
        {
            try (SnapshotReader reader = snapshots.open(sequences[i]))
            {
                target.onSnapshot(reader);
                return;
            }
            catch (final JournalException ex)
            {
                // It stays: records before it may be gone, and then a good copy of it is what the next start needs.
                LOGGER.error("snapshot of sequence {} is passed over: {}", sequences[i], ex.getMessage());
            }
        }
        target.begin();
    }
}
