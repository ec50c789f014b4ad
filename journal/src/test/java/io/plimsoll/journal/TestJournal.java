package io.plimsoll.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.plimsoll.core.RecordFlyweight;
import org.agrona.DirectBuffer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Small journals for tests. */
final class TestJournal
{
    static final int BLOCK_LENGTH = 2 << 20;

    private TestJournal()
    {
    }

    static JournalContext context(final Path directory)
    {
        return new JournalContext()
            .directory(directory)
            .commitMode(CommitMode.ASYNC)
            .blockLength(BLOCK_LENGTH)
            .reserveLength(0)
            .reserveFileLength(0);
    }

    /** Opens, restores, appends up to a sequence in batches, and closes. */
    static void write(final JournalContext context, final long lastSequence, final int batch)
    {
        try (Journal journal = Journal.open(context))
        {
            final long restored = journal.restore(record -> {});
            append(journal.startWriting(), restored, lastSequence, batch);
        }
    }

    static void append(final JournalWriter writer, final long after, final long lastSequence, final int batch)
    {
        final TestRecords records = new TestRecords();
        for (long sequence = after + 1; sequence <= lastSequence; sequence++)
        {
            writer.append(records.record(sequence));
            if (sequence % batch == 0 || sequence == lastSequence)
            {
                writer.commit();
            }
        }
    }

    /** Reads all records and compares them with what was written. */
    static long verify(final JournalContext context)
    {
        try (Journal journal = Journal.open(context))
        {
            return verify(journal);
        }
    }

    static long verify(final Journal journal)
    {
        final TestRecords expected = new TestRecords();
        final List<Long> count = new ArrayList<>(List.of(0L));
        final long last = journal.restore(record ->
        {
            count.set(0, count.get(0) + 1);
            assertSame(expected.record(count.get(0)), record);
        });
        assertEquals(count.get(0), last);
        return last;
    }

    static void assertSame(final RecordFlyweight expected, final RecordFlyweight actual)
    {
        assertEquals(expected.length(), actual.length());
        final DirectBuffer left = expected.buffer();
        final DirectBuffer right = actual.buffer();
        for (int i = 0; i < expected.length(); i++)
        {
            if (left.getByte(expected.offset() + i) != right.getByte(actual.offset() + i))
            {
                throw new AssertionError("sequence=" + expected.sequence() + " differs at byte " + i);
            }
        }
    }
}
