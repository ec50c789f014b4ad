package io.plimsoll.ops.cli;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalWriter;
import io.plimsoll.journal.Retention;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.loadtest.simulate.ScenarioParser;
import io.plimsoll.loadtest.simulate.ScenarioRun;
import io.plimsoll.manager.snapshot.RecordCompactor;
import io.plimsoll.manager.snapshot.RestoredManager;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Journals of scenarios as managers leave them: with snapshots, pruned, or with an end that was being written. */
final class KeptJournal
{
    private KeptJournal()
    {
    }

    static RecordTape tape(final String scenario)
    {
        final RecordTape tape = new RecordTape();
        new ScenarioRun(ScenarioParser.parse(scenario), null, tape::append).run(ScenarioRun.TO_THE_END);
        return tape;
    }

    /**
     * Writes a journal.
     *
     * @param tape      of its records.
     * @param directory to make.
     * @param snapshots after which records there are snapshots; each begins a segment.
     */
    static void write(final RecordTape tape, final Path directory, final int... snapshots)
    {
        final RestoredManager<RecordCompactor> told = RestoredManager.compacting(CoreOptions.defaults());
        int from = 0;
        for (final int to : snapshots)
        {
            append(tape, directory, from, to, told);
            from = to;
        }
        append(tape, directory, from, tape.size(), told);
    }

    private static void append(
        final RecordTape tape,
        final Path directory,
        final int from,
        final int to,
        final RestoredManager<RecordCompactor> told)
    {
        final RecordFlyweight record = new RecordFlyweight();
        try (Journal journal = open(directory))
        {
            final JournalWriter writer = journal.startWriting();
            for (int i = from; i < to; i++)
            {
                writer.append(tape.wrap(i, record));
                told.onRecord(tape.wrap(i, record));
            }
            writer.commit();
            if (to < tape.size())
            {
                journal.snapshots().keep(RestoredManager.snapshot(told));
            }
        }
    }

    private static Journal open(final Path directory)
    {
        final Journal journal = Journal.open(new JournalContext()
            .directory(directory).commitMode(CommitMode.ASYNC).reserveLength(0).reserveFileLength(0));
        journal.restore(RestoredManager.compacting(CoreOptions.defaults()));
        return journal;
    }

    /** Keeps the last snapshots, and records from the oldest of these on. */
    static void prune(final Path directory, final int snapshots)
    {
        try (Journal journal = open(directory))
        {
            journal.startWriting();
            journal.snapshots().prune(new Retention(snapshots, 0, 0), Long.MAX_VALUE);
        }
    }

    /** As if the machine had stopped while the last record was being written. */
    static void tear(final Path directory) throws IOException
    {
        final Path segment;
        try (Stream<Path> files = Files.walk(directory))
        {
            segment = files.filter(file -> file.toString().endsWith(".cq4")).sorted().reduce((a, b) -> b).orElseThrow();
        }
        final byte[] content = Files.readAllBytes(segment);
        int end = content.length;
        while (0 == content[end - 1])
        {
            end--;
        }
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw"))
        {
            file.seek(end - 40);
            file.write(new byte[40]);
        }
    }
}
