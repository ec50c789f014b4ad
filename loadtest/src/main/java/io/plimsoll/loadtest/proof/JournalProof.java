package io.plimsoll.loadtest.proof;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.core.sbe.PoisonedDecoder;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.loadtest.workload.ClusterAudit;
import io.plimsoll.manager.snapshot.ReignOptions;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Proves of a journal that it tells one story: its events applied twice, its commands decided again (also with all
 * caches dropped now and then), and its commands fed through a pipeline in random batches give the same events, byte
 * for byte, and the same state; and those events break no rule that can be checked from outside.
 */
public final class JournalProof
{
    /** Batches differ from run to run unless a seed is given. */
    private static final long DEFAULT_SEED = 1;
    private static final int CACHE_DROPS_ONE_IN = 16;

    private JournalProof()
    {
    }

    /**
     * Proves a journal; reads only.
     *
     * @param journalDirectory with manifest and segments.
     * @return what was proven.
     * @throws ProofException naming the first sequence that differs.
     */
    public static Result prove(final Path journalDirectory)
    {
        return prove(journalDirectory, CoreOptions.defaults());
    }

    /**
     * Proves a journal that was written by a core with other options.
     *
     * @param journalDirectory with manifest and segments.
     * @param options          of that core, where the journal does not tell them.
     * @return what was proven.
     * @throws ProofException naming the first sequence that differs.
     */
    public static Result prove(final Path journalDirectory, final CoreOptions options)
    {
        return prove(read(journalDirectory), options, DEFAULT_SEED);
    }

    /**
     * Proves records.
     *
     * @param tape    from sequence 1.
     * @param options of the core that made them, where they do not tell.
     * @param seed    of the batches.
     * @return what was proven.
     * @throws ProofException naming the first sequence that differs.
     */
    public static Result prove(final RecordTape tape, final CoreOptions options, final long seed)
    {
        final long placed = audit(tape);
        final long appliedHash = apply(tape, options);
        requireEqualHash(tape, appliedHash, apply(tape, options), "applied twice");
        requireEqualHash(tape, appliedHash, decide(tape, options, 0), "decided again");
        final SchedulerCore piped = new SchedulerCore(options);
        new PipelineReplay(tape, piped, new ReignOptions(options), seed).run();
        requireEqualHash(tape, appliedHash, piped.stateHash(), "fed through a pipeline");
        requireEqualHash(tape, appliedHash, decide(tape, options, 1 + Math.abs(seed)), "decided without caches");
        return new Result(tape.size(), tape.countEvents(), placed, poisoned(tape), appliedHash);
    }

    /**
     * Proves records, with less than {@link #prove}: applied, and decided again, with or without caches as the seed has
     * it.
     *
     * @param tape    from sequence 1, audited already.
     * @param options of the core that made them, where they do not tell.
     * @param seed    of what is tried.
     * @return what was proven.
     * @throws ProofException naming the first sequence that differs.
     */
    public static Result proveQuickly(final RecordTape tape, final CoreOptions options, final long seed)
    {
        final long appliedHash = apply(tape, options);
        final boolean cached = 0 == (seed & 1);
        requireEqualHash(
            tape, appliedHash, decide(tape, options, cached ? 0 : 1 + Math.abs(seed)),
            cached ? "decided again" : "decided without caches");
        return new Result(tape.size(), 0, 0, poisoned(tape), appliedHash);
    }

    /**
     * Reads a journal into memory.
     *
     * @param journalDirectory with manifest and segments.
     * @return its records.
     */
    public static RecordTape read(final Path journalDirectory)
    {
        final RecordTape tape = new RecordTape();
        try (JournalReader reader = JournalReader.open(journalDirectory))
        {
            reader.forEach(tape::append);
        }
        return tape;
    }

    private static long audit(final RecordTape tape)
    {
        final ClusterAudit audit = new ClusterAudit();
        final RecordFlyweight record = new RecordFlyweight();
        for (int i = 0; i < tape.size(); i++)
        {
            audit.onRecord(tape.wrap(i, record));
        }
        return audit.placedCount();
    }

    private static long apply(final RecordTape tape, final CoreOptions options)
    {
        return hash(tape, tape.size(), options);
    }

    /**
     * Hash of the state that records make.
     *
     * @param tape    from sequence 1.
     * @param count   of records to apply.
     * @param options of the core that made them.
     * @return of the core's state.
     */
    public static long hash(final RecordTape tape, final int count, final CoreOptions options)
    {
        final SchedulerCore core = new SchedulerCore(options);
        final HostedCore hosted = new HostedCore(core);
        final RecordFlyweight record = new RecordFlyweight();
        for (int i = 0; i < count; i++)
        {
            hosted.restore(tape.wrap(i, record));
        }
        return core.stateHash();
    }

    private static long decide(final RecordTape tape, final CoreOptions options, final long cacheSeed)
    {
        final SchedulerCore core = new SchedulerCore(options);
        final ReignOptions reign = new ReignOptions(options);
        final SplittableRandom random = new SplittableRandom(cacheSeed);
        final UnsafeBuffer events = new UnsafeBuffer(new byte[SchedulerCore.EVENTS_LENGTH_MAX]);
        final RecordFlyweight record = new RecordFlyweight();
        for (int i = 0; i < tape.size(); i++)
        {
            if (reign.onRecord(tape.wrap(i, record)))
            {
                core.options(reign.options());
            }
            if (0 != cacheSeed && 0 == random.nextInt(CACHE_DROPS_ONE_IN))
            {
                core.dropCaches();
            }
            final int length;
            try
            {
                length = core.onCommand(
                    record.buffer(), record.commandOffset(), record.commandLength(), record.sequence(),
                    record.timestampNs(), events, 0);
            }
            catch (final RuntimeException ex)
            {
                throw new ProofException(record.sequence(), "deciding again threw", ex);
            }
            RecordComparison.requireEqualEvents(
                0 == cacheSeed ? "again" : "again without caches", record, events, 0, length);
        }
        return core.stateHash();
    }

    private static void requireEqualHash(
        final RecordTape tape, final long expected, final long hash, final String how)
    {
        if (expected != hash)
        {
            throw new ProofException(
                tape.size(),
                how + " the state hash is " + Long.toHexString(hash) + " instead of " + Long.toHexString(expected));
        }
    }

    private static long poisoned(final RecordTape tape)
    {
        long count = 0;
        for (int i = 0; i < tape.size(); i++)
        {
            count += PoisonedDecoder.TEMPLATE_ID == tape.templateId(i) ? 1 : 0;
        }
        return count;
    }

    /**
     * What was proven of a journal.
     *
     * @param records   commands with their events.
     * @param events    of all of them.
     * @param placed    kernels.
     * @param poisoned  commands on which the core threw.
     * @param stateHash of the state at the end, the same on every way to it.
     */
    public record Result(long records, long events, long placed, long poisoned, long stateHash)
    {
        /** One line for people. */
        public String describe()
        {
            return "proven: " + records + " records, " + events + " events, " + placed + " kernels placed, " +
                poisoned + " poisoned, state hash " + Long.toHexString(stateHash);
        }
    }
}
