package io.plimsoll.loadtest.whatif;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalInspector;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.journal.JournalWriter;
import io.plimsoll.journal.Retention;
import io.plimsoll.loadtest.proof.JournalProof;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.loadtest.workload.CoreWorkload;
import io.plimsoll.loadtest.workload.WorkloadTape;
import io.plimsoll.manager.snapshot.DecisionCheck;
import io.plimsoll.manager.snapshot.RecordCompactor;
import io.plimsoll.manager.snapshot.RestoredManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Managers are restarted with other limits on ended sessions: whoever decides again takes them from the journal. */
class ToldLimitsTest
{
    private static final int SEEDS = 4;
    private static final int COMMANDS = 1_500;

    @TempDir
    private Path directory;

    private static RecordTape tape(final long seed)
    {
        final ToldLimits manager = new ToldLimits(new SchedulerCore(CoreOptions.defaults()), seed);
        return WorkloadTape.record(manager, new CoreWorkload(seed, 12), COMMANDS);
    }

    @Test
    void shouldEqualTheRecordFromAnySequence()
    {
        for (int seed = 1; seed <= SEEDS; seed++)
        {
            final RecordTape tape = tape(seed);
            final SplittableRandom random = new SplittableRandom(seed);
            for (final int base : new int[]{0, 1 + random.nextInt(tape.size() / 2), tape.size() / 2})
            {
                final long from = base + 1L + random.nextInt(tape.size() - base);

                final WhatIfResult result =
                    new WhatIf(Tapes.source(tape, base), JournalMoment.at(from), JournalMoment.END).run("");

                assertTrue(
                    result.isSame(),
                    "seed=" + seed + " base=" + base + " from=" + from + " differs at " + result.differsAt());
            }
        }
    }

    @Test
    void shouldAnswerWhatIfFromASnapshotOfMachinesThatCameBack()
    {
        for (int seed = 1; seed <= SEEDS; seed++)
        {
            final RecordTape tape = tape(seed);
            final int base = tape.size() / 2;

            final WhatIfResult result = new WhatIf(
                Tapes.source(tape, base), JournalMoment.at(base + 1L), JournalMoment.END)
                .run("groups: [{name: default, order: lifo, backfill: none}, {name: gpu, order: lifo}]");

            assertTrue(result.run().isDifferent(), "seed=" + seed);
            assertEquals(result.run().recorded().agents.keySet(), result.run().ours().agents.keySet(), "seed=" + seed);
        }
    }

    @Test
    void shouldVerifyFromTheFirstRecordAndFromASnapshot()
    {
        for (int seed = 1; seed <= SEEDS; seed++)
        {
            final RecordTape tape = tape(seed);
            final Path whole = directory.resolve("whole-" + seed);
            write(tape, whole, 0);
            assertDecidedAsRecorded(whole, tape.size(), seed);
            final Path rest = directory.resolve("rest-" + seed);
            final int base = tape.size() / 2;
            write(tape, rest, base);
            assertDecidedAsRecorded(rest, tape.size() - base, seed);
        }
    }

    @Test
    void shouldBeProven()
    {
        for (int seed = 1; seed <= SEEDS; seed++)
        {
            JournalProof.prove(tape(seed), CoreOptions.defaults(), seed);
        }
    }

    private static void assertDecidedAsRecorded(final Path path, final int decided, final long seed)
    {
        try (JournalReader reader = JournalReader.open(path))
        {
            final DecisionCheck check = new DecisionCheck(reader, Set.of());
            assertTrue(JournalInspector.inspect(path, check).isIntact(), "seed=" + seed);
            assertEquals(List.of(), check.problems(), "seed=" + seed);
            assertEquals(decided, check.decided(), "seed=" + seed);
        }
    }

    /** Of the records up to a base, only a snapshot is kept. */
    private static void write(final RecordTape tape, final Path path, final int base)
    {
        final RecordFlyweight record = new RecordFlyweight();
        final JournalContext context = new JournalContext()
            .directory(path).commitMode(CommitMode.ASYNC).reserveLength(0).reserveFileLength(0);
        final RestoredManager<RecordCompactor> told = RestoredManager.compacting(CoreOptions.defaults());
        for (int i = 0; i < base; i++)
        {
            told.onRecord(tape.wrap(i, record));
        }
        append(context, tape, 0, base);
        try (Journal journal = Journal.open(context))
        {
            journal.restore(restored -> {});
            final JournalWriter writer = journal.startWriting();
            if (base > 0)
            {
                journal.snapshots().keep(RestoredManager.snapshot(told));
                journal.snapshots().prune(new Retention(1, 0, 0), Long.MAX_VALUE);
            }
            for (int i = base; i < tape.size(); i++)
            {
                writer.append(tape.wrap(i, record));
            }
            writer.commit();
        }
    }

    private static void append(final JournalContext context, final RecordTape tape, final int from, final int to)
    {
        final RecordFlyweight record = new RecordFlyweight();
        try (Journal journal = Journal.open(context))
        {
            journal.restore(restored -> {});
            final JournalWriter writer = journal.startWriting();
            for (int i = from; i < to; i++)
            {
                writer.append(tape.wrap(i, record));
            }
            writer.commit();
        }
    }
}
