package io.plimsoll.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalInspectorTest
{
    @TempDir
    private Path directory;

    private JournalContext context()
    {
        return TestJournal.context(directory.resolve("journal")).segmentLength(1 << 17);
    }

    private void write(final long lastSequence, final long snapshot)
    {
        try (Journal journal = Journal.open(context()))
        {
            final long last = journal.restore(record -> {});
            final JournalWriter writer = journal.startWriting();
            TestJournal.append(writer, last, snapshot, 10);
            final UnsafeBuffer piece = new UnsafeBuffer(new byte[800]);
            journal.snapshots().keep(
                new Snapshot(snapshot, 5, 1, List.of(new SnapshotPiece(1, piece, 0, piece.capacity()))));
            TestJournal.append(writer, snapshot, lastSequence, 10);
        }
    }

    private JournalInspection inspect()
    {
        return JournalInspector.inspect(JournalInspector.locate(directory));
    }

    @Test
    void shouldSayWhatThereIs()
    {
        write(3_000, 2_000);
        final JournalInspection found = inspect();
        assertTrue(found.isIntact(), found.toString());
        assertEquals(3_000, found.lastSequence());
        assertEquals(2_000, found.snapshots().get(0).sequence());
        assertTrue(found.segments().size() > 2);
        assertEquals(1_000_001, found.segments().get(0).firstTimestampNs());
        assertFalse(found.isInUse());
        final JournalInspection listed = JournalInspector.list(JournalInspector.locate(directory));
        assertEquals(found.segments().size(), listed.segments().size());
        assertEquals(3_000, listed.lastSequence());
    }

    @Test
    void shouldNameWhereThereIsNone()
    {
        final String message =
            assertThrows(JournalException.class, () -> JournalInspector.locate(directory)).getMessage();
        assertTrue(message.contains(directory.toString()), message);
    }

    @Test
    void shouldSayThatTheManifestIsMissing() throws IOException
    {
        write(300, 200);
        Files.delete(directory.resolve("journal/manifest.json"));
        final String message = assertThrows(
            JournalDamagedException.class, () -> JournalInspector.inspect(directory.resolve("journal"))).getMessage();
        assertTrue(message.contains("manifest missing"), message);
    }

    @Test
    void shouldLookAtAJournalThatIsBeingWritten()
    {
        try (Journal journal = Journal.open(context()))
        {
            journal.restore(record -> {});
            final JournalWriter writer = journal.startWriting();
            TestJournal.append(writer, 0, 500, 10);
            assertEquals(500, inspect().lastSequence());
            assertEquals(500, JournalInspector.list(JournalInspector.locate(directory)).lastSequence());
            TestJournal.append(writer, 500, 900, 10);
            final JournalInspection found = inspect();
            assertEquals(900, found.lastSequence());
            assertTrue(found.isIntact(), found.toString());
        }
    }

    /** Bytes that were written are found changed; of those that were not, nothing is said. */
    @Test
    void shouldFindEachChangedByteOfRecordsAndSnapshots() throws IOException
    {
        write(400, 300);
        final Path segment = directory.resolve("journal/segment-00000001").resolve(ChronicleRecordLog.FILE);
        final Path snapshot = directory.resolve("journal/snapshot-00000000000000000300");
        final byte[] excerpt = Files.readAllBytes(segment);
        final int first = firstExcerpt(excerpt);
        final SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 60; i++)
        {
            final boolean isSnapshot = 0 == i % 3;
            final Path file = isSnapshot ? snapshot : segment;
            final long at = isSnapshot ? random.nextLong(Files.size(file)) : first + random.nextInt(20_000);
            flip(file, at);
            assertFalse(inspect().isIntact(), () -> file + " byte " + at);
            flip(file, at);
        }
        assertTrue(inspect().isIntact());
    }

    private static int firstExcerpt(final byte[] bytes)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        int at = 0;
        while (ExcerptFlyweight.MAGIC != buffer.getInt(at + ExcerptFlyweight.MAGIC_OFFSET))
        {
            at += 4;
        }
        return at;
    }

    private static void flip(final Path file, final long at) throws IOException
    {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw"))
        {
            access.seek(at);
            final int value = access.read();
            access.seek(at);
            access.write(value ^ 4);
        }
    }
}
