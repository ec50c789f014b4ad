package io.plimsoll.manager.replay;

import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalWriter;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A short life of a cluster, in memory, and its journal in files. */
final class RecordedLife
{
    final ManagerBed bed = new ManagerBed().start();
    final TestAgent agent = bed.join("a");

    /** Ten sessions, of which four run at a time and each for a second; the last ones still wait or run. */
    RecordedLife()
    {
        for (int i = 0; i < 10; i++)
        {
            bed.submit(ManagerBed.session("job-" + i, 1, 1, false));
        }
        for (int i = 0; i < 5; i++)
        {
            agent.receive();
            end(agent.assigned.get(i));
            bed.pass(1, TimeUnit.SECONDS, agent);
        }
        agent.receive();
    }

    void end(final TestAgent.Assigned kernel)
    {
        agent.report(kernel, ReportKind.ACKNOWLEDGED, ReportReason.NONE, -1);
        agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        agent.report(kernel, ReportKind.EXITED, ReportReason.COMPLETED, 0);
        bed.run();
    }

    static JournalContext context(final Path directory)
    {
        return new JournalContext()
            .directory(directory)
            .commitMode(CommitMode.ASYNC)
            .blockLength(2 << 20)
            .reserveLength(0)
            .reserveFileLength(0);
    }

    /** Writes all there is to an empty directory; the caller goes on, or closes it. */
    Writing write(final Path directory)
    {
        final Writing writing = new Writing(directory);
        writing.writeOn();
        return writing;
    }

    /** The life's journal in files, in use until it is closed. */
    final class Writing implements AutoCloseable
    {
        private final Journal journal;
        private final JournalWriter writer;
        private long written;

        private Writing(final Path directory)
        {
            journal = Journal.open(context(directory));
            journal.restore(record ->
            {
                throw new IllegalStateException("not empty");
            });
            writer = journal.startWriting();
        }

        /** Writes what has happened since. */
        void writeOn()
        {
            bed.journal.restore(record ->
            {
                if (record.sequence() > written)
                {
                    writer.append(record);
                    writer.commit();
                    written = record.sequence();
                }
            });
        }

        @Override
        public void close()
        {
            journal.close();
        }
    }
}
