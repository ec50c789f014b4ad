package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalException;
import io.plimsoll.journal.JournalWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Keeps the records of a simulation as a manager keeps those of a cluster, to be replayed and questioned. */
public final class ScenarioJournal implements Consumer<RecordFlyweight>, AutoCloseable
{
    private static final int BATCH = 256;

    private final Journal journal;
    private final JournalWriter writer;
    private int pending;

    /**
     * Begins a journal.
     *
     * @param directory where there must be none.
     * @throws JournalException if there is one, or it cannot be made.
     */
    public ScenarioJournal(final Path directory)
    {
        if (Files.exists(directory.resolve("manifest.json")))
        {
            throw new JournalException("there is a journal in " + directory + " already");
        }
        journal = Journal.open(new JournalContext()
            .directory(directory).commitMode(CommitMode.ASYNC).reserveLength(0).reserveFileLength(0));
        journal.restore(record ->
        {
            throw new JournalException("there is a journal in " + directory + " already");
        });
        writer = journal.startWriting();
    }

    @Override
    public void accept(final RecordFlyweight record)
    {
        writer.append(record);
        pending++;
        if (BATCH == pending)
        {
            writer.commit();
            pending = 0;
        }
    }

    @Override
    public void close()
    {
        try (journal)
        {
            writer.commit();
        }
    }
}
