package io.plimsoll.loadtest.report;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalWriter;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.loadtest.workload.CoreWorkload;
import io.plimsoll.loadtest.workload.WorkloadTape;
import java.nio.file.Path;

/** Lives of clusters as journals in files. */
final class TapeJournal
{
    private TapeJournal()
    {
    }

    static RecordTape life(final long seed, final int agents, final int commands)
    {
        return WorkloadTape.record(
            new HostedCore(new SchedulerCore(CoreOptions.defaults())), new CoreWorkload(seed, agents), commands);
    }

    static void write(final RecordTape tape, final Path directory)
    {
        final RecordFlyweight record = new RecordFlyweight();
        final JournalContext context = new JournalContext()
            .directory(directory)
            .commitMode(CommitMode.ASYNC)
            .blockLength(2 << 20)
            .reserveLength(0)
            .reserveFileLength(0);
        try (Journal journal = Journal.open(context))
        {
            journal.restore(restored ->
            {
                throw new IllegalStateException("not empty");
            });
            final JournalWriter writer = journal.startWriting();
            for (int i = 0; i < tape.size(); i++)
            {
                writer.append(tape.wrap(i, record));
            }
            writer.commit();
        }
    }
}
