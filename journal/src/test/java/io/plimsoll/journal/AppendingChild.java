package io.plimsoll.journal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Appends to a journal until it is killed, and says after each commit what is promised. */
final class AppendingChild
{
    private AppendingChild()
    {
    }

    /** Directory and commit mode. */
    public static void main(final String[] args) throws IOException
    {
        final JournalContext context = TestJournal.context(Path.of(args[0]))
            .commitMode(CommitMode.valueOf(args[1]))
            .segmentLength(1 << 20);
        final TestRecords records = new TestRecords();
        final ByteBuffer promise = ByteBuffer.allocate(Long.BYTES);
        try (Journal journal = Journal.open(context);
            FileOutputStream output = new FileOutputStream(FileDescriptor.out))
        {
            long sequence = journal.restore(record -> {});
            final JournalWriter writer = journal.startWriting();
            while (true)
            {
                final long batchEnd = sequence + 1 + sequence % 23;
                while (sequence < batchEnd)
                {
                    writer.append(records.record(++sequence));
                }
                writer.commit();
                output.write(promise.putLong(0, sequence).array());
                output.flush();
            }
        }
    }
}
