package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The journal on real files, when nothing goes wrong. */
class JournalTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldRestoreWhatWasAppended()
    {
        final JournalContext context = TestJournal.context(directory).commitMode(CommitMode.SYNC);
        assertEquals(0, TestJournal.verify(context));

        TestJournal.write(context, 1000, 7);

        assertEquals(1000, TestJournal.verify(context));
    }

    @Test
    void shouldGoOnAcrossStarts()
    {
        final JournalContext context = TestJournal.context(directory).newClusterId(new UUID(1, 2));
        for (int start = 1; start <= 5; start++)
        {
            TestJournal.write(context, start * 100L, 10);
        }
        assertEquals(500, TestJournal.verify(context));
        try (Journal journal = Journal.open(TestJournal.context(directory)))
        {
            assertEquals(new UUID(1, 2), journal.clusterId());
        }
    }

    @Test
    void shouldCloseSegmentsWhenTheyAreLongEnough()
    {
        final JournalContext context = TestJournal.context(directory).segmentLength(256 << 10);
        TestJournal.write(context, 20_000, 100);

        assertTrue(new DirectoryStorage(context, false).segments().size() > 4);
        assertEquals(20_000, TestJournal.verify(context));
    }

    @Test
    void shouldLetNobodyWaitForMuchThatIsToBeForced()
    {
        final DirectoryStorage storage = new DirectoryStorage(TestJournal.context(directory), true);
        final RecordLog log = storage.create("segment-00000001");
        final UnsafeBuffer excerpt = new UnsafeBuffer(BufferUtil.allocateDirectAligned(256 << 10, 64));
        log.append(excerpt, 0, excerpt.capacity());
        assertTrue(storage.isMostlyForced("segment-00000001", log), "little");
        while (log.length() < 20 << 20)
        {
            log.append(excerpt, 0, excerpt.capacity());
        }
        assertFalse(storage.isMostlyForced("segment-00000001", log), "from now on");
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!storage.isMostlyForced("segment-00000001", log))
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, "not forced");
            Thread.onSpinWait();
        }
        log.close();
        storage.close();
    }

    @Test
    void shouldNotKeepSegmentsOfStartsThatWroteNothing()
    {
        final JournalContext context = TestJournal.context(directory);
        TestJournal.write(context, 10, 1);
        for (int i = 0; i < 3; i++)
        {
            TestJournal.write(context, 10, 1);
        }
        assertEquals(2, new DirectoryStorage(context, false).segments().size());
        assertEquals(10, TestJournal.verify(context));
    }

    @Test
    void shouldStoreLongRecordsAcrossBlocks()
    {
        final JournalContext context = TestJournal.context(directory);
        final TestRecords records = new TestRecords();
        try (Journal journal = Journal.open(context))
        {
            journal.restore(record -> {});
            final JournalWriter writer = journal.startWriting();
            for (int sequence = 1; sequence <= 40; sequence++)
            {
                writer.append(records.record(sequence, 60_000, 8_000));
                writer.commit();
            }
        }
        try (Journal journal = Journal.open(context))
        {
            assertEquals(40, journal.restore(
                record -> TestJournal.assertSame(records.record(record.sequence(), 60_000, 8_000), record)));
        }
    }

    @Test
    void shouldRefuseSecondWriter()
    {
        final JournalContext context = TestJournal.context(directory);
        try (Journal first = Journal.open(context))
        {
            final JournalLockedException ex =
                assertThrows(JournalLockedException.class, () -> Journal.open(context));
            assertTrue(ex.getMessage().contains("process " + ProcessHandle.current().pid()), ex.getMessage());
            assertEquals(0, first.restore(record -> {}));
        }
        TestJournal.verify(context);
    }

    @Test
    void shouldRefuseRecordOutOfOrder()
    {
        try (Journal journal = Journal.open(TestJournal.context(directory)))
        {
            journal.restore(record -> {});
            final JournalWriter writer = journal.startWriting();
            assertThrows(IllegalStateException.class, () -> writer.append(new TestRecords().record(2)));
        }
    }

    @Test
    void shouldFollowWriterUpToReleasedSequence()
    {
        final AtomicLong released = new AtomicLong();
        final JournalContext context = TestJournal.context(directory).segmentLength(128 << 10);
        TestJournal.write(context, 2_500, 50);
        try (Journal journal = Journal.open(context); JournalCursor cursor = journal.cursor(released::get))
        {
            assertEquals(2_500, journal.restore(record -> {}));
            final JournalWriter writer = journal.startWriting();
            final RecordFlyweight record = new RecordFlyweight();
            final TestRecords expected = new TestRecords();
            assertFalse(cursor.next(record));
            long read = 0;
            for (long sequence = 2_500; sequence <= 6_000; sequence += 100)
            {
                TestJournal.append(writer, sequence, sequence + 100, 10);
                released.set(sequence + 50);
                while (cursor.next(record))
                {
                    TestJournal.assertSame(expected.record(++read), record);
                }
                assertEquals(sequence + 50, read);
            }
        }
    }

    @Test
    void shouldSeekToAnySequence()
    {
        final JournalContext context = TestJournal.context(directory).segmentLength(128 << 10);
        TestJournal.write(context, 9_000, 50);
        try (Journal journal = Journal.open(context); JournalCursor cursor = journal.cursor(() -> 9_000))
        {
            journal.restore(record -> {});
            final RecordFlyweight record = new RecordFlyweight();
            for (long sequence = 9_000; sequence > 0; sequence -= 97)
            {
                cursor.seek(sequence);
                assertTrue(cursor.next(record));
                assertEquals(sequence, record.sequence());
            }
            assertThrows(IllegalArgumentException.class, () -> cursor.seek(0));
        }
    }
}
